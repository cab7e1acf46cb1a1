package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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
	"github.com/skaitykla/skaitykla/services/article/internal/redact"
	"github.com/skaitykla/skaitykla/services/article/internal/store"
)

const person = "vardene-pavardenyte"

var errDied = errors.New("the process died")

// mortal is a store that dies after some write transactions.
type mortal struct {
	*boltkv.Store

	left int
}

func (m *mortal) Update(ctx context.Context, fn func(kv.Tx) error) (kv.Version, error) {
	if m.left == 0 {
		return 0, errDied
	}
	m.left--
	return m.Store.Update(ctx, fn)
}

func (m *mortal) WantCompaction(ctx context.Context) error {
	if m.left == 0 {
		return errDied
	}
	return m.Store.WantCompaction(ctx)
}

// tell makes a published article of three groups of revisions that name a
// person everywhere, also in its slug before it became public.
func tell(t *testing.T, s *store.Store) {
	t.Helper()
	c := draft("pirma", person, noon)
	c.Revision.Article = &articlev1.Article{Title: person, Slug: person, Tags: []string{person}}
	commit(t, s, c)
	for i := range 150 {
		l, err := s.Load(t.Context(), named("pirma"), 0)
		if err != nil {
			t.Fatal(err)
		}
		after := proto.CloneOf(l.State)
		after.Revision++
		commit(t, s, article.Change{
			Write: article.Write{Principal: "ona", Method: "UpdateArticle", Time: noon, Note: "apie " + person}, Name: l.Name, Before: l.State, After: after,
			Revision: &recordv1.Revision{
				Article:    &articlev1.Article{Title: fmt.Sprintf("%s %d", person, i), Slug: "public-" + person},
				CreateTime: timestamppb.New(noon), EditSession: person + fmt.Sprint(i%3), Note: person,
			},
			Slug: "public-" + person, OldSlug: l.Content().GetSlug(),
		})
	}
	published := publish(t, s, "pirma", noon)
	full := &articlev1.Article{Name: published.Name.String(), Title: person, Slug: "public-" + person, Tags: []string{person}}
	encoded, err := proto.Marshal(full)
	if err != nil {
		t.Fatal(err)
	}
	published.Projection = &article.Encoded{Full: encoded, Summary: encoded, Tags: full.GetTags()}
	commit(t, s, published)
}

func begin(t *testing.T, s *store.Store, text string) error {
	t.Helper()
	l, err := s.Load(t.Context(), named("pirma"), 0)
	if err != nil {
		t.Fatal(err)
	}
	return s.StartRedaction(t.Context(), article.Write{Principal: "adminas", Method: "RedactArticleRevisions", Time: noon, Note: "prašymas"},
		l.Name, l.State, text, 0)
}

// TestRedactionDies lets the process die after each of the transactions of a
// redaction in turn. The next one finishes it.
func TestRedactionDies(t *testing.T) {
	told, source := open(t)
	tell(t, told)
	died := 0
	for left := 1; ; left++ {
		db := copied(t, source)
		s := store.New(db)
		dying := store.New(&mortal{Store: db, left: left})
		if err := begin(t, dying, person); err != nil {
			t.Fatal(err)
		}
		err := dying.FinishRedaction(t.Context(), named("pirma"))
		if err != nil && !errors.Is(err, errDied) {
			t.Fatal(err)
		}
		if err != nil {
			died++
			if swept := sweepAt(t, s, noon); swept.Redactions != 1 {
				t.Errorf("died after %d transactions: swept %v", left, swept)
			}
		}
		if found := mentions(t, s, db); len(found) > 0 {
			t.Errorf("died after %d transactions: %q", left, found)
		}
		if swept := sweepAt(t, s, noon); swept.Redactions != 0 {
			t.Errorf("finished, and yet swept %v", swept)
		}
		if err == nil {
			break
		}
	}
	if died < 5 {
		t.Errorf("it took only %d transactions to redact three groups of revisions", died)
	}
}

// copied opens a copy of a store.
func copied(t *testing.T, source kv.Store) *boltkv.Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copy.db")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(source.Snapshot(t.Context(), file), file.Close()); err != nil {
		t.Fatal(err)
	}
	db, err := boltkv.Open(path, kv.Options{Format: store.Format()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// mentions returns the records that name the person. The slug that was public
// stays, in its own record and wherever it is repeated.
func mentions(t *testing.T, s *store.Store, db kv.Store) []string {
	t.Helper()
	const public = "public-" + person
	var found []string
	look := func(where string, content []byte) {
		if bytes.Contains(bytes.ReplaceAll(content, []byte(public), nil), []byte(person)) {
			found = append(found, where)
		}
	}
	err := db.View(t.Context(), func(r kv.Reader) error {
		for e, err := range r.Scan(kv.Range{}) {
			if err != nil {
				return err
			}
			look(string(e.Key), e.Key)
			look(string(e.Key), e.Value)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for number := int64(1); number <= 151; number++ {
		r, err := s.Revision(t.Context(), named("pirma"), number)
		if err != nil {
			t.Fatal(err)
		}
		encoded, err := proto.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		look(fmt.Sprintf("revision %d", number), encoded)
		if r.GetRedactTime() == nil {
			t.Errorf("revision %d does not say that it was redacted", number)
		}
	}
	return found
}

func TestRedactionSlugs(t *testing.T) {
	s, _ := open(t)
	commit(t, s, draft("pirma", person+"-kalba", noon))
	if err := begin(t, s, person); err != nil {
		t.Fatal(err)
	}
	if err := s.FinishRedaction(t.Context(), named("pirma")); err != nil {
		t.Fatal(err)
	}
	l, err := s.Load(t.Context(), named("pirma"), 0)
	if err != nil || l.Content().GetSlug() != redact.IDMarker+"-kalba" {
		t.Fatalf("got slug %q, %v", l.Content().GetSlug(), err)
	}
	for slug, want := range map[string]string{person + "-kalba": "", redact.IDMarker + "-kalba": "pirma"} {
		if held, err := s.Slug(t.Context(), "biblioteka", "lt", slug); err != nil || held.GetArticleId() != want {
			t.Errorf("%s is held by %v, %v", slug, held, err)
		}
	}
}

// TestRedactionWhileSaving prepares a save, redacts, and finds that the save
// starts over instead of bringing back what was taken out.
func TestRedactionWhileSaving(t *testing.T) {
	s, _ := open(t)
	tell(t, s)
	l, err := s.Load(t.Context(), named("pirma"), 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := begin(t, s, person); err != nil {
		t.Fatal(err)
	}
	if err := begin(t, s, "kitas"); !errors.Is(err, article.ErrOvertaken) {
		t.Errorf("a second one began: %v", err)
	}
	if err := s.FinishRedaction(t.Context(), l.Name); err != nil {
		t.Fatal(err)
	}
	after := proto.CloneOf(l.State)
	after.Revision++
	late := article.Change{Name: l.Name, Before: l.State, After: after, Revision: l.Revision}
	if err := s.Commit(t.Context(), late); !errors.Is(err, article.ErrOvertaken) {
		t.Errorf("a save that holds the text: %v", err)
	}
}

// TestSaveDuringRedaction saves the text in each pause of a redaction. It is taken
// out of that, too, and no etag that was given before the end fits after it.
func TestSaveDuringRedaction(t *testing.T) {
	told, source := open(t)
	tell(t, told)
	for left := 1; ; left++ {
		db := copied(t, source)
		s := store.New(db)
		if err := begin(t, s, person); err != nil {
			t.Fatal(err)
		}
		died := store.New(&mortal{Store: db, left: left}).FinishRedaction(t.Context(), named("pirma"))
		if died == nil {
			break
		}
		l, err := s.Load(t.Context(), named("pirma"), 0)
		if err != nil {
			t.Fatal(err)
		}
		job := openRedaction(t, db)
		ended := l.State.GetRedactions() == job.GetRedactions() // then none fits that was given before
		after := proto.CloneOf(l.State)
		after.Revision++
		late := &articlev1.Article{Title: "Vėlai: " + person, Slug: l.Content().GetSlug()}
		if ended {
			late.Title = "Vėlai"
		}
		commit(t, s, article.Change{
			Write: article.Write{Time: noon}, Name: l.Name, Before: l.State, After: after,
			Revision: &recordv1.Revision{Article: late, CreateTime: timestamppb.New(noon)},
		})
		given := article.Etag(after, after.GetRevision())
		sweepAt(t, s, noon)
		now, err := s.Load(t.Context(), l.Name, 0)
		if err != nil || strings.Contains(now.Content().GetTitle(), person) {
			t.Errorf("saved after %d transactions, it is called %q, %v", left, now.Content().GetTitle(), err)
		}
		if fits := article.Etag(now.State, now.Number) == given; fits != ended {
			t.Errorf("given after %d transactions, the etag fits: %v", left, fits)
		}
	}
}

// openRedaction returns the redaction that is not done.
func openRedaction(t *testing.T, db kv.Store) *recordv1.Redaction {
	t.Helper()
	job := &recordv1.Redaction{}
	err := db.View(t.Context(), func(r kv.Reader) error {
		value, err := r.Get([]byte("redaction/biblioteka/pirma"))
		if err != nil {
			return err
		}
		return proto.Unmarshal(value, job)
	})
	if err != nil {
		t.Fatal(err)
	}
	return job
}

// TestRedactionOfGone finishes the redaction of an article that was purged
// meanwhile.
func TestRedactionOfGone(t *testing.T) {
	s, _ := open(t)
	commit(t, s, draft("pirma", "pirma", noon))
	l, err := s.Load(t.Context(), named("pirma"), 0)
	if err != nil {
		t.Fatal(err)
	}
	gone := proto.CloneOf(l.State)
	if err := article.Delete(gone, noon.Add(-article.Keep)); err != nil {
		t.Fatal(err)
	}
	commit(t, s, article.Change{Name: l.Name, Before: l.State, After: gone})
	if err := begin(t, s, person); err != nil {
		t.Fatal(err)
	}
	swept := sweepAt(t, s, noon.Add(time.Second))
	if swept.Articles != 1 || swept.Redactions != 1 {
		t.Errorf("swept %v", swept)
	}
	_, err = s.Load(t.Context(), named("pirma"), 0)
	testkit.WantReason(t, err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	if going, err := s.Redacting(t.Context(), named("pirma")); err != nil || going {
		t.Errorf("still going: %v, %v", going, err)
	}
}
