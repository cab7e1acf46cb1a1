package hub_test

import (
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/hub"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/store"
)

const (
	created     = articlev1.WatchArticlesResponse_KIND_CREATED
	updated     = articlev1.WatchArticlesResponse_KIND_UPDATED
	published   = articlev1.WatchArticlesResponse_KIND_PUBLISHED
	unpublished = articlev1.WatchArticlesResponse_KIND_UNPUBLISHED
)

// world is a real store with a hub over it.
type world struct {
	t     *testing.T
	kv    kv.Store
	store *store.Store
	hub   *hub.Hub
}

func newWorld(t *testing.T, limits hub.Limits, sites ...string) *world {
	t.Helper()
	db, err := boltkv.Open(filepath.Join(t.TempDir(), "article.db"), kv.Options{Format: store.Format(), Heartbeat: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{t: t, kv: db, store: store.New(db)}
	w.hub = hub.New(w.store, limits)
	for _, id := range sites {
		site := &recordv1.Site{Site: &articlev1.Site{Name: article.SiteName(id), Uid: id, Title: id}}
		if err := w.store.PutSite(t.Context(), w.by(), nil, site); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func (w *world) by() article.Write {
	return article.Write{Principal: "ona", Method: "Test", Time: time.Now().UTC().Truncate(time.Microsecond)}
}

func (w *world) version() uint64 {
	w.t.Helper()
	v, err := w.store.Version(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

// piece is an article with one writer, who remembers what there was to tell.
type piece struct {
	world *world
	name  article.Name
	state *recordv1.State
	told  [2][]article.Kind // by view
}

func (w *world) piece(site, id string) *piece {
	return &piece{world: w, name: article.Name{Site: site, ID: id}}
}

// save stores a new revision of the working copy.
func (p *piece) save() error { return p.commit(article.Change{Kind: updated}) }

// publish stores a new revision and shows it to readers.
func (p *piece) publish() error {
	return p.commit(article.Change{Kind: published, PublicKind: published, Projection: &article.Encoded{}})
}

// withdraw takes away what readers see.
func (p *piece) withdraw() error {
	return p.commit(article.Change{Kind: unpublished, PublicKind: unpublished, Withdraw: true})
}

func (p *piece) commit(c article.Change) error {
	c.Write, c.Name, c.Before, c.Silent = p.world.by(), p.name, p.state, true
	c.After = &recordv1.State{Name: p.name.String(), Uid: p.name.ID, LanguageCode: "lt", CreateTime: timestamppb.New(c.Time)}
	if c.Before == nil {
		c.Kind = created
	} else {
		c.After = proto.CloneOf(c.Before)
	}
	c.After.Revision++
	content := &articlev1.Article{Name: p.name.String(), Title: p.name.ID, Revision: c.After.GetRevision()}
	c.Revision = &recordv1.Revision{Article: &articlev1.Article{Title: p.name.ID}, CreateTime: timestamppb.New(c.Time)}
	if c.Projection != nil {
		site, err := p.world.store.Site(p.world.t.Context(), p.name.Site)
		if err != nil {
			return err
		}
		encoded, err := proto.Marshal(content)
		if err != nil {
			return err
		}
		c.SiteVersion, c.Projection.Full, c.Projection.Summary = site.GetVersion(), encoded, encoded
		c.After.PublishedRevision, c.After.PublishTime = c.After.GetRevision(), timestamppb.New(c.Time)
	}
	if c.Withdraw {
		c.After.PublishedRevision = 0
	}
	if err := p.world.store.Commit(p.world.t.Context(), c); err != nil {
		return err
	}
	p.state = c.After
	for view, kind := range []article.Kind{hub.Published: c.PublicKind, hub.Working: c.Kind} {
		if kind != 0 {
			p.told[view] = append(p.told[view], kind)
		}
	}
	return nil
}
