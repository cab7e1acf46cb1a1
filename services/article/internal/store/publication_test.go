package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/store"
)

func withdraw(t *testing.T, s *store.Store, id string, at time.Time) article.Change {
	t.Helper()
	l, err := s.Load(t.Context(), named(id), 0)
	if err != nil {
		t.Fatal(err)
	}
	after := proto.CloneOf(l.State)
	if err := article.Unpublish(after); err != nil {
		t.Fatal(err)
	}
	return article.Change{
		Write: article.Write{Principal: "ona", Method: "UnpublishArticle", Time: at}, Name: l.Name, Before: l.State, After: after, Withdraw: true,
	}
}

// What readers once saw stays for ever, however often that was, and goes with
// the article.
func TestThinKeepsWhatWasShown(t *testing.T) {
	s, db := open(t)
	commit(t, s, draft("pirma", "pirma", noon))
	at := noon
	tick := func() time.Time { at = at.Add(time.Second); return at }
	for number := int64(2); number <= 6; number++ {
		save(t, s, "pirma", "rytas", tick())
		if number == 3 || number == 5 {
			for range kv.MaxKeys { // more rows than a transaction may read
				commit(t, s, publish(t, s, "pirma", tick()))
				commit(t, s, withdraw(t, s, "pirma", tick()))
			}
		}
	}
	save(t, s, "pirma", "", tick())
	if swept := sweepAt(t, s, at.Add(store.ThinAfter)); swept.Revisions != 2 {
		t.Errorf("swept %v", swept)
	}
	if diff := cmp.Diff(upTo(7, 2, 4), numbers(t, s, "pirma")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}

	l, err := s.Load(t.Context(), named("pirma"), 0)
	if err != nil {
		t.Fatal(err)
	}
	after := proto.CloneOf(l.State)
	if err := article.Delete(after, at); err != nil {
		t.Fatal(err)
	}
	commit(t, s, article.Change{Write: article.Write{Time: at}, Name: l.Name, Before: l.State, After: after})
	if swept := sweepAt(t, s, at.Add(article.Keep)); swept.Articles != 1 {
		t.Errorf("swept %v", swept)
	}
	left := 0
	err = db.View(t.Context(), func(r kv.Reader) error {
		for _, err := range r.Scan(kv.Prefix([]byte("publication/"))) {
			if err != nil {
				return err
			}
			left++
		}
		return nil
	})
	if err != nil || left != 0 {
		t.Errorf("%d publications are left, %v", left, err)
	}
}

// Two publications at one time, as after a clock was set back, are both kept;
// the later one counts.
func TestPublicationsAtOneTime(t *testing.T) {
	s, _ := open(t)
	commit(t, s, draft("pirma", "pirma", noon))
	commit(t, s, publish(t, s, "pirma", noon))
	save(t, s, "pirma", "", noon)
	commit(t, s, publish(t, s, "pirma", noon))
	all, err := s.Publications(t.Context(), named("pirma"))
	if err != nil || len(all) != 2 {
		t.Errorf("got %v, %v", all, err)
	}
	l, err := s.LoadPublic(t.Context(), named("pirma"), noon)
	if err != nil || l.Number != 2 || l.State.GetPublishedRevision() != 2 {
		t.Errorf("got %v, %v", l, err)
	}
	_, err = s.LoadPublic(t.Context(), named("pirma"), noon.Add(-time.Microsecond))
	testkit.WantReason(t, err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	_, err = s.LoadPublic(t.Context(), named("antra"), noon)
	testkit.WantReason(t, err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
}
