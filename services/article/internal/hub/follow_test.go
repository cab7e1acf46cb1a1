package hub_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/hub"
)

// listener follows a scope, comes and goes, and remembers what it was told.
type listener struct {
	scope   hub.Scope
	random  *rand.Rand
	through uint64
	last    map[string]int64 // revision by name
	kinds   map[string][]article.Kind
}

// listen follows from the version until the last piece was told.
func (w *world) listen(l *listener, last *piece) error {
	for heard := 0; ; {
		ctx, cancel := context.WithCancel(w.t.Context())
		stay := 1 + l.random.IntN(60)
		for e, err := range w.hub.Follow(ctx, l.scope, l.through, time.Hour) {
			if err != nil {
				cancel()
				return fmt.Errorf("after %d events: %w", heard, err)
			}
			name, err := l.hear(e)
			if err != nil || name == last.name.String() {
				cancel()
				return err
			}
			for range l.random.IntN(20) {
				runtime.Gosched() // be slow, some more than others
			}
			if heard++; heard%stay == 0 {
				break
			}
		}
		cancel()
	}
}

// hear checks that an article never goes back and stands on the right side.
func (l *listener) hear(e *hub.Event) (name string, err error) {
	m := &articlev1.WatchArticlesResponse{}
	if err := proto.Unmarshal(e.Frame, m); err != nil {
		return "", err
	}
	if e.Through < l.through {
		return "", fmt.Errorf("the position went back from %d to %d", l.through, e.Through)
	}
	l.through = e.Through
	l.kinds[m.GetName()] = append(l.kinds[m.GetName()], m.GetKind())
	if a := m.GetArticle(); a != nil {
		if a.GetName() != m.GetName() || a.GetRevision() < l.last[m.GetName()] {
			return "", fmt.Errorf("told %v after revision %d", m, l.last[m.GetName()])
		}
		if l.scope.View == hub.Published && a.GetEtag() != "" {
			return "", fmt.Errorf("readers are told a working copy: %v", m)
		}
		l.last[m.GetName()] = a.GetRevision()
	}
	return m.GetName(), nil
}

// TestFollow lets watchers of all scopes, who come back to where they left,
// follow random writes through a ring that is far too small. Each must hear
// every event of its scope once, in order for each article, and nothing else.
func TestFollow(t *testing.T) {
	for _, ring := range []int{2, 16, 4096} {
		t.Run(fmt.Sprint(ring), func(t *testing.T) { followAll(t, ring) })
	}
}

func followAll(t *testing.T, ring int) {
	t.Helper()
	const writers, writes, each = 6, 40, 3
	w := newWorld(t, hub.Limits{Events: ring}, "alfa", "beta")
	begin := w.version()
	last := map[string]*piece{"alfa": w.piece("alfa", "last"), "beta": w.piece("beta", "last")}
	var listening sync.WaitGroup
	var listeners []*listener
	for i := range uint64(each) {
		for _, view := range []hub.View{hub.Published, hub.Working} {
			for _, site := range []string{"alfa", "beta", "-"} {
				l := &listener{
					scope: hub.Scope{Site: site, View: view}, random: rand.New(rand.NewPCG(i, uint64(len(listeners)))),
					through: begin, last: make(map[string]int64), kinds: make(map[string][]article.Kind),
				}
				listeners = append(listeners, l)
				end := last[site]
				if site == "-" {
					end = last["beta"]
				}
				listening.Go(func() {
					if err := w.listen(l, end); err != nil {
						t.Errorf("%v: %v", l.scope, err)
					}
				})
			}
		}
	}
	pieces := w.writeRandomly(writers, writes)
	for _, site := range []string{"alfa", "beta"} {
		if err := last[site].publish(); err != nil {
			t.Fatal(err)
		}
		pieces = append(pieces, last[site])
	}
	listening.Wait()
	for _, l := range listeners {
		want := make(map[string][]article.Kind)
		for _, p := range pieces {
			if told := p.told[l.scope.View]; told != nil && (l.scope.Site == "-" || l.scope.Site == p.name.Site) {
				want[p.name.String()] = told
			}
		}
		if diff := cmp.Diff(want, l.kinds); diff != "" {
			t.Errorf("%v: %s", l.scope, diff)
		}
	}
	stats := w.hub.Stats()
	t.Logf("%+v", stats)
	if stats.Watchers != 0 || stats.TooSlow != 0 || stats.Shared == 0 || ring < 16 && stats.Alone == 0 {
		t.Errorf("got %+v", stats)
	}
}

// writeRandomly writes articles of both sites and returns them.
func (w *world) writeRandomly(writers, writes int) []*piece {
	var writing sync.WaitGroup
	pieces := make([]*piece, writers)
	for i := range pieces {
		p := w.piece([]string{"alfa", "beta"}[i%2], fmt.Sprintf("a%d", i))
		pieces[i] = p
		random := rand.New(rand.NewPCG(7, uint64(i)))
		writing.Go(func() {
			for range writes {
				write := p.save
				switch public := p.state.GetPublishedRevision() != 0; {
				case public && random.IntN(4) == 0:
					write = p.withdraw
				case p.state != nil && random.IntN(2) == 0:
					write = p.publish
				}
				if err := write(); err != nil {
					w.t.Error(err)
					return
				}
			}
		})
	}
	writing.Wait()
	return pieces
}
