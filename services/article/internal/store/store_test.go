package store_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/store"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// open returns a store with the site "biblioteka", and what it stands on.
func open(t *testing.T) (*store.Store, kv.Store) {
	t.Helper()
	db, err := boltkv.Open(filepath.Join(t.TempDir(), "article.db"), kv.Options{Format: store.Format()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	s := store.New(db)
	site := &recordv1.Site{Site: &articlev1.Site{Name: "sites/biblioteka", Uid: "u", Title: "B"}}
	if err := s.PutSite(t.Context(), article.Write{Principal: "ona", Method: "CreateSite", Time: noon}, nil, site); err != nil {
		t.Fatal(err)
	}
	return s, db
}

// draft is the change that creates an article.
func draft(id, slug string, at time.Time) article.Change {
	n := article.Name{Site: "biblioteka", ID: id}
	return article.Change{
		Write: article.Write{Principal: "ona", Method: "CreateArticle", Time: at}, Name: n, Slug: slug,
		After: &recordv1.State{
			Name: n.String(), Uid: article.NewUID(), LanguageCode: "lt", State: article.Draft, Revision: 1, CreateTime: timestamppb.New(at),
		},
		Revision: &recordv1.Revision{Article: &articlev1.Article{Title: id, Slug: slug}, CreateTime: timestamppb.New(at)},
		Kind:     articlev1.WatchArticlesResponse_KIND_CREATED,
	}
}

// publish is the change that publishes what is stored.
func publish(t *testing.T, s *store.Store, id string, at time.Time) article.Change {
	t.Helper()
	n := article.Name{Site: "biblioteka", ID: id}
	l, err := s.Load(t.Context(), n, 0)
	if err != nil {
		t.Fatal(err)
	}
	after := proto.CloneOf(l.State)
	kind, err := article.Publish(after, l.Number, l.Content().GetSlug(), time.Time{}, at)
	if err != nil {
		t.Fatal(err)
	}
	return article.Change{
		Write: article.Write{Principal: "ona", Method: "PublishArticle", Time: at}, Name: n, Before: l.State, After: after,
		Projection: &article.Encoded{Full: []byte("full " + id), Summary: []byte("summary " + id)}, SiteVersion: l.Site.GetVersion(),
		Kind: kind, PublicKind: kind,
	}
}

func commit(t *testing.T, s *store.Store, c article.Change) {
	t.Helper()
	if err := s.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func TestNewestFirst(t *testing.T) {
	s, _ := open(t)
	times := map[string]time.Time{
		"old": noon.AddDate(-80, 0, 0), "same-a": noon, "same-b": noon, "new": noon.Add(time.Microsecond),
	}
	for id, at := range times {
		commit(t, s, draft(id, id, at))
		commit(t, s, publish(t, s, id, at))
	}
	want := []string{"new", "same-a", "same-b", "old"}
	var got []string
	var after []byte
	for {
		items, err := s.Newest(t.Context(), "biblioteka", article.Reach{After: after, Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		if len(items) == 0 {
			break
		}
		got = append(got, s.PositionID(items[0].Position))
		after = items[0].Position
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	items, err := s.Projections(t.Context(), "-", nil, 10)
	if err != nil || len(items) != 4 {
		t.Fatalf("got %v, %v", items, err)
	}
	rest, err := s.Projections(t.Context(), "biblioteka", items[1].Position, 10)
	if err != nil || len(rest) != 2 || string(rest[0].Position) != string(items[2].Position) {
		t.Errorf("got %v, %v", rest, err)
	}
}

func TestOvertaken(t *testing.T) {
	s, _ := open(t)
	commit(t, s, draft("pirma", "pirma", noon))
	first, second := publish(t, s, "pirma", noon), publish(t, s, "pirma", noon)
	commit(t, s, first)
	if err := s.Commit(t.Context(), second); !errors.Is(err, article.ErrOvertaken) {
		t.Errorf("two writes of one state: got %v", err)
	}
	third := publish(t, s, "pirma", noon)
	site, err := s.Site(t.Context(), "biblioteka")
	if err != nil {
		t.Fatal(err)
	}
	next := proto.CloneOf(site)
	next.Site.Title = "Kita"
	if err := s.PutSite(t.Context(), article.Write{Time: noon}, site, next); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(t.Context(), third); !errors.Is(err, article.ErrOvertaken) {
		t.Errorf("a projection for a site that changed: got %v", err)
	}
	testkit.WantReason(t, s.Commit(t.Context(), draft("pirma", "kita", noon)), faultv1.Reason_REASON_RESOURCE_EXISTS)
	testkit.WantReason(t, s.Commit(t.Context(), draft("antra", "pirma", noon)), faultv1.Reason_REASON_SLUG_TAKEN)
	other := draft("trecia", "trecia", noon)
	other.Name.Site = "nobody"
	testkit.WantReason(t, s.Commit(t.Context(), other), faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
}

func TestRequests(t *testing.T) {
	s, _ := open(t)
	hash := make([]byte, 32)
	c := draft("pirma", "pirma", noon)
	c.Request, c.Digest = hash, []byte("digest")
	commit(t, s, c)
	again := draft("antra", "antra", noon.Add(time.Hour))
	again.Request = hash
	used, ok := errors.AsType[*article.ReplayError](s.Commit(t.Context(), again))
	if !ok || used.Record.GetName() != c.Name.String() || used.Record.GetRevision() != 1 || string(used.Record.GetDigest()) != "digest" {
		t.Fatalf("got %v", used)
	}
	if r, err := s.Request(t.Context(), hash, noon.Add(25*time.Hour)); r != nil || err != nil {
		t.Errorf("after 25 hours: got %v, %v", r, err)
	}
	late := draft("trecia", "trecia", noon.Add(25*time.Hour))
	late.Request = hash
	commit(t, s, late)
	if swept, err := s.Sweep(t.Context(), noon.Add(26*time.Hour)); err != nil || swept.Requests != 0 {
		t.Errorf("swept %v, %v: what was used again is young", swept, err)
	}
	for i := range 60 {
		c := draft("nr-"+string(rune('a'+i/10))+string(rune('a'+i%10)), "nr-"+string(rune('a'+i/10))+string(rune('a'+i%10)), noon.Add(26*time.Hour))
		c.Request = append([]byte{byte(i + 1)}, hash[1:]...)
		commit(t, s, c)
	}
	if swept, err := s.Sweep(t.Context(), noon.Add(60*time.Hour)); err != nil || swept.Requests != 61 {
		t.Errorf("swept %v, %v", swept, err)
	}
}

// TestAudit finds a record of every write, in the order of time.
func TestAudit(t *testing.T) {
	s, db := open(t)
	commit(t, s, draft("pirma", "pirma", noon.Add(time.Second)))
	commit(t, s, publish(t, s, "pirma", noon.Add(2*time.Second)))
	var got []string
	err := db.View(t.Context(), func(r kv.Reader) error {
		for e, err := range r.Scan(kv.Prefix([]byte("audit/biblioteka/"))) {
			if err != nil {
				return err
			}
			event := &recordv1.Event{}
			if err := proto.Unmarshal(e.Value, event); err != nil {
				return err
			}
			got = append(got, event.GetPrincipal()+" "+event.GetMethod()+" "+event.GetName())
		}
		return nil
	})
	want := []string{
		"ona CreateSite sites/biblioteka", "ona CreateArticle sites/biblioteka/articles/pirma",
		"ona PublishArticle sites/biblioteka/articles/pirma",
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
}

// TestPurge removes many large revisions, a few at a time, and nothing of what
// was restored.
func TestPurge(t *testing.T) {
	s, db := open(t)
	for _, id := range []string{"pirma", "antra"} {
		commit(t, s, draft(id, id, noon))
		for range 9 {
			l, err := s.Load(t.Context(), article.Name{Site: "biblioteka", ID: id}, 0)
			if err != nil {
				t.Fatal(err)
			}
			after := proto.CloneOf(l.State)
			after.Revision++
			big := &articlev1.Article{Title: id, Slug: id, FundingLines: []string{noise(t, 250<<10)}}
			commit(t, s, article.Change{Name: l.Name, Before: l.State, After: after, Revision: &recordv1.Revision{Article: big}})
		}
		l, err := s.Load(t.Context(), article.Name{Site: "biblioteka", ID: id}, 0)
		if err != nil {
			t.Fatal(err)
		}
		gone := proto.CloneOf(l.State)
		if err := article.Delete(gone, noon); err != nil {
			t.Fatal(err)
		}
		commit(t, s, article.Change{Name: l.Name, Before: l.State, After: gone, Withdraw: true})
		if id == "antra" {
			back := proto.CloneOf(gone)
			if err := article.Undelete(back, noon); err != nil {
				t.Fatal(err)
			}
			commit(t, s, article.Change{Name: l.Name, Before: gone, After: back})
		}
	}
	if swept, err := s.Sweep(t.Context(), noon.Add(article.Keep-time.Second)); err != nil || swept.Articles != 0 {
		t.Errorf("too early: swept %v, %v", swept, err)
	}
	if swept, err := s.Sweep(t.Context(), noon.Add(article.Keep)); err != nil || swept.Articles != 1 {
		t.Errorf("swept %v, %v", swept, err)
	}
	err := db.View(t.Context(), func(r kv.Reader) error {
		for _, prefix := range []string{"state/biblioteka/pirma", "revision/biblioteka/", "slug/biblioteka/lt/pirma", "purge/"} {
			for e, err := range r.Scan(kv.Prefix([]byte(prefix))) {
				if err != nil {
					return err
				}
				if bytes.Contains(e.Key, []byte("pirma")) {
					t.Errorf("%q is left", e.Key)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if l, err := s.Load(t.Context(), article.Name{Site: "biblioteka", ID: "antra"}, 5); err != nil || l.Number != 5 {
		t.Errorf("the other one: %v", err)
	}
}

// noise returns text of n bytes that cannot be packed.
func noise(t *testing.T, n int) string {
	t.Helper()
	b := make([]byte, n*3/4)
	rand.Read(b)
	return base64.StdEncoding.EncodeToString(b)
}
