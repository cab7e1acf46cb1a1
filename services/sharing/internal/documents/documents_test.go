package documents_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/documents"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

const (
	siteID   = "biblioteka"
	siteBase = "https://naujienos.biblioteka.lt"
)

// zone is that of the site.
var zone = func() *time.Location {
	location, err := time.LoadLocation("Europe/Vilnius")
	if err != nil {
		panic(err)
	}
	return location
}()

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// library is a store with a site, and whole articles beside it.
type library struct {
	*documents.Maker

	store     *store.Store
	following store.Following
	hubs      []string

	mu     sync.Mutex
	bodies map[string]*articlev1.Article
	reads  int
	away   error
}

func newLibrary(tb testing.TB) *library {
	tb.Helper()
	records, err := boltkv.Open(filepath.Join(tb.TempDir(), "sharing.db"), kv.Options{Format: store.Format(), Heartbeat: time.Hour})
	must(tb, err)
	tb.Cleanup(func() { must(tb, records.Close()) })
	l := &library{store: store.New(records), following: store.Following{Holder: "test"}, bodies: map[string]*articlev1.Article{}}
	l.Maker, err = documents.New(documents.Config{Store: l.store, Sites: l, Bodies: l, Fresh: l, Hubs: l})
	must(tb, err)
	must(tb, l.store.Follow(tb.Context(), l.following.Holder, noon))
	l.setSite(tb, sharingtest.Site())
	return l
}

// newCompleteLibrary is one that knows everything there is: nothing.
func newCompleteLibrary(tb testing.TB) *library {
	tb.Helper()
	l := newLibrary(tb)
	must(tb, l.store.CompleteSnapshot(tb.Context(), l.following, noon))
	return l
}

func (l *library) setSite(tb testing.TB, site *articlev1.Site) {
	tb.Helper()
	_, err := l.store.LearnSites(tb.Context(), []*articlev1.Site{site}, noon)
	must(tb, err)
}

// Articles implements documents.Bodies.
func (l *library) Articles(_ context.Context, site published.Site, names []published.Name) ([]published.Article, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []published.Article
	for _, name := range names {
		l.reads++
		if resource, ok := l.bodies[name.String()]; ok {
			all = append(all, published.Article{Site: site, Resource: resource})
		}
	}
	return all, l.away
}

// Site implements documents.Sites.
func (l *library) Site(_ context.Context, name string) (published.Site, error) {
	if name != "sites/vakar" {
		return published.Site{}, fault.NotFound(name)
	}
	site := sharingtest.Site()
	site.Name = name
	return published.Site{Resource: site}, nil
}

// behind is a cache of articles that has not heard of anything since.
type behind map[string]*articlev1.Article

// Articles implements documents.Bodies.
func (b behind) Articles(_ context.Context, site published.Site, names []published.Name) ([]published.Article, error) {
	var all []published.Article
	for _, name := range names {
		if resource, ok := b[name.String()]; ok {
			all = append(all, published.Article{Site: site, Resource: resource})
		}
	}
	return all, nil
}

// Hubs implements documents.Hubs.
func (l *library) Hubs(context.Context, string) ([]string, error) { return l.hubs, nil }

// piece returns an article that was published at a time.
func piece(id string, at time.Time) *articlev1.Article {
	a := sharingtest.Short()
	a.Name, a.Path, a.Title = sharingtest.SiteName+"/articles/"+id, "/"+id, "Straipsnis "+id
	a.Uid = fmt.Sprintf("0b0f2b5e-6c0f-4a5e-9d27-%012x", []byte(fmt.Sprintf("%06.6s", id)))
	a.PublishTime, a.FirstPublicTime, a.UpdateTime = timestamppb.New(at), timestamppb.New(at), timestamppb.New(at)
	a.PublishedRevision = 1
	return a
}

// put publishes articles.
func (l *library) put(tb testing.TB, articles ...*articlev1.Article) {
	tb.Helper()
	for _, a := range articles {
		l.mu.Lock()
		l.bodies[a.GetName()] = a
		l.mu.Unlock()
		l.learn(tb, a.GetName(), a)
	}
}

// withdraw takes an article away from readers.
func (l *library) withdraw(tb testing.TB, id string) {
	tb.Helper()
	name := sharingtest.SiteName + "/articles/" + id
	l.mu.Lock()
	delete(l.bodies, name)
	l.mu.Unlock()
	l.learn(tb, name, nil)
}

func (l *library) learn(tb testing.TB, name string, a *articlev1.Article) {
	tb.Helper()
	parsed, err := published.ParseName("name", name)
	must(tb, err)
	_, err = l.store.Learn(tb.Context(), l.following, store.Event{Name: parsed, Article: a}, noon)
	must(tb, err)
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// reason returns the reason of an error, without its prefix.
func reason(err error) string {
	e, ok := fault.Of(err)
	if !ok {
		return fmt.Sprint(err)
	}
	return strings.TrimPrefix(e.Reason.String(), "REASON_")
}
