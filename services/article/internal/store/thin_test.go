package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/store"
)

func named(id string) article.Name { return article.Name{Site: "biblioteka", ID: id} }

// save makes the next revision of an article, with content made from its
// number.
func save(t *testing.T, s *store.Store, id, session string, at time.Time) {
	t.Helper()
	l, err := s.Load(t.Context(), named(id), 0)
	if err != nil {
		t.Fatal(err)
	}
	after := proto.CloneOf(l.State)
	after.Revision++
	commit(t, s, article.Change{
		Write: article.Write{Principal: "ona", Method: "UpdateArticle", Time: at}, Name: l.Name, Before: l.State, After: after,
		Revision: &recordv1.Revision{Article: written(id, after.GetRevision()), CreateTime: timestamppb.New(at), EditSession: session, Note: session},
		Kind:     articlev1.WatchArticlesResponse_KIND_UPDATED,
	})
}

// written is the content of the revision that save makes.
func written(id string, number int64) *articlev1.Article {
	a := &articlev1.Article{Title: fmt.Sprintf("%s %d", id, number), Slug: id}
	for i := range 8 {
		a.FundingLines = append(a.FundingLines, fmt.Sprintf("Eilutė %d, kurią skaito visi miesto vaikai, įrašas %d.", i, number/int64(i+1)))
	}
	return a
}

// numbers returns which revisions an article has, oldest first, having read
// each of them in full.
func numbers(t *testing.T, s *store.Store, id string) []int64 {
	t.Helper()
	var all []int64
	for before := int64(0); ; {
		heads, err := s.Revisions(t.Context(), named(id), before, 7)
		if err != nil {
			t.Fatal(err)
		}
		if len(heads) == 0 {
			break
		}
		for _, head := range heads {
			before = head.GetNumber()
			all = append(all, before)
			r, err := s.Revision(t.Context(), named(id), before)
			if err != nil {
				t.Fatal(err)
			}
			if before > 1 && !proto.Equal(r.GetArticle(), written(id, before)) {
				t.Errorf("revision %d is another one: %v", before, r.GetArticle())
			}
		}
	}
	slices.Reverse(all)
	return all
}

func upTo(n int64, without ...int64) []int64 {
	var all []int64
	for i := int64(1); i <= n; i++ {
		if !slices.Contains(without, i) {
			all = append(all, i)
		}
	}
	return all
}

func sweepAt(t *testing.T, s *store.Store, at time.Time) store.Swept {
	t.Helper()
	swept, err := s.Sweep(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	return swept
}

func TestThin(t *testing.T) {
	s, _ := open(t)
	commit(t, s, draft("pirma", "pirma", noon))
	for i := range 6 { // 2 to 7
		save(t, s, "pirma", "rytas", noon.Add(time.Duration(i)*time.Minute))
		if i == 1 || i == 3 { // 3 and 5
			commit(t, s, publish(t, s, "pirma", noon.Add(time.Hour)))
		}
	}
	save(t, s, "pirma", "", noon.Add(2*time.Hour))        // 8
	save(t, s, "pirma", "vakaras", noon.Add(3*time.Hour)) // 9
	save(t, s, "pirma", "vakaras", noon.Add(4*time.Hour)) // 10
	ended := noon.Add(5 * time.Minute).Add(store.ThinAfter)
	if swept := sweepAt(t, s, ended.Add(-time.Microsecond)); swept.Revisions != 0 {
		t.Errorf("too early: swept %v", swept)
	}
	if swept := sweepAt(t, s, ended); swept.Revisions != 3 {
		t.Errorf("swept %v", swept)
	}
	// 3 was public, 5 is, 7 is the last of its session.
	if diff := cmp.Diff(upTo(10, 2, 4, 6), numbers(t, s, "pirma")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	_, err := s.Revision(t.Context(), named("pirma"), 6)
	testkit.WantReason(t, err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	// 9 stays until a week after 10, which is the newest and stays for ever.
	sweepAt(t, s, noon.Add(4*time.Hour).Add(store.ThinAfter-time.Second))
	sweepAt(t, s, noon.Add(4*time.Hour).Add(store.ThinAfter))
	if diff := cmp.Diff(upTo(10, 2, 4, 6, 9), numbers(t, s, "pirma")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if swept := sweepAt(t, s, noon.AddDate(1, 0, 0)); swept != (store.Swept{}) {
		t.Errorf("swept %v", swept)
	}
}

// TestThinOften thins sessions of two people who save in turns, over several
// groups, and a session that goes on after it was thinned.
func TestThinOften(t *testing.T) {
	s, db := open(t)
	commit(t, s, draft("ilga", "ilga", noon))
	at := noon
	for range 150 {
		at = at.Add(time.Minute)
		save(t, s, "ilga", "ona", at)
		save(t, s, "ilga", "petras", at)
	}
	if got := numbers(t, s, "ilga"); len(got) != 301 {
		t.Errorf("there are %d revisions", len(got))
	}
	if swept := sweepAt(t, s, at.Add(store.ThinAfter)); swept.Revisions != 298 {
		t.Errorf("swept %v", swept)
	}
	if diff := cmp.Diff([]int64{1, 300, 301}, numbers(t, s, "ilga")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	at = at.Add(2 * store.ThinAfter)
	for range 3 {
		save(t, s, "ilga", "ona", at)
	}
	sweepAt(t, s, at.Add(store.ThinAfter))
	// 300 is no longer the last of its session.
	if diff := cmp.Diff([]int64{1, 301, 304}, numbers(t, s, "ilga")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, prefix := range []string{"session/", "thin/"} {
		if left := keys(t, db, prefix); len(left) > 0 {
			t.Errorf("%q are left", left)
		}
	}
}

// TestThinWhileSaving prepares a save, thins, and finds that the save has to
// start over instead of bringing back what was thinned.
func TestThinWhileSaving(t *testing.T) {
	s, _ := open(t)
	commit(t, s, draft("pirma", "pirma", noon))
	for range 4 {
		save(t, s, "pirma", "rytas", noon)
	}
	l, err := s.Load(t.Context(), named("pirma"), 0)
	if err != nil {
		t.Fatal(err)
	}
	if swept := sweepAt(t, s, noon.Add(store.ThinAfter)); swept.Revisions != 3 {
		t.Errorf("swept %v", swept)
	}
	after := proto.CloneOf(l.State)
	after.Revision++
	err = s.Commit(t.Context(), article.Change{
		Name: l.Name, Before: l.State, After: after, Revision: &recordv1.Revision{Article: written("pirma", 6)},
	})
	if err == nil {
		t.Error("a save was taken that does not know what was thinned")
	}
	if diff := cmp.Diff([]int64{1, 5}, numbers(t, s, "pirma")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestPurgeSessions leaves nothing of the sessions of an article that is gone.
func TestPurgeSessions(t *testing.T) {
	s, db := open(t)
	commit(t, s, draft("pirma", "pirma", noon))
	at := noon.Add(25 * 24 * time.Hour)
	for i := range 60 {
		save(t, s, "pirma", fmt.Sprintf("posėdis-%d", i%40), at)
	}
	l, err := s.Load(t.Context(), named("pirma"), 0)
	if err != nil {
		t.Fatal(err)
	}
	gone := proto.CloneOf(l.State)
	if err := article.Delete(gone, noon); err != nil {
		t.Fatal(err)
	}
	commit(t, s, article.Change{Name: l.Name, Before: l.State, After: gone})
	if swept := sweepAt(t, s, noon.Add(article.Keep)); swept.Articles != 1 {
		t.Errorf("swept %v", swept)
	}
	for _, prefix := range []string{"session/", "thin/", "revision/", "state/", "slug/", "created/", "purge/"} {
		if left := keys(t, db, prefix); len(left) > 0 {
			t.Errorf("%q are left", left)
		}
	}
}

func keys(t *testing.T, db kv.Store, prefix string) []string {
	t.Helper()
	var found []string
	err := db.View(t.Context(), func(r kv.Reader) error {
		found = nil
		for e, err := range r.Scan(kv.Prefix([]byte(prefix))) {
			if err != nil {
				return err
			}
			found = append(found, string(e.Key))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
