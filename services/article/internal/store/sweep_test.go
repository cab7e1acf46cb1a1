package store_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// TestSweepPassesDamage purges an article although the one before it is damaged.
func TestSweepPassesDamage(t *testing.T) {
	s, db := open(t)
	for _, id := range []string{"pirma", "antra"} {
		commit(t, s, draft(id, id, noon))
		l, err := s.Load(t.Context(), named(id), 0)
		if err != nil {
			t.Fatal(err)
		}
		gone := proto.CloneOf(l.State)
		if err := article.Delete(gone, noon); err != nil {
			t.Fatal(err)
		}
		commit(t, s, article.Change{Name: l.Name, Before: l.State, After: gone})
	}
	damageFirst(t, db, "revision/") // of "antra", whose turn comes first
	swept, err := s.Sweep(t.Context(), noon.Add(article.Keep+time.Second))
	testkit.WantReason(t, err, faultv1.Reason_REASON_STORE_DAMAGED)
	if swept.Articles != 1 {
		t.Errorf("swept %v", swept)
	}
	if _, err := s.Load(t.Context(), named("pirma"), 0); !fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		t.Errorf("the other article is still there: %v", err)
	}
}

func damageFirst(t *testing.T, db kv.Store, prefix string) {
	t.Helper()
	_, err := db.Update(t.Context(), func(tx kv.Tx) error {
		for e, err := range tx.Scan(kv.Prefix([]byte(prefix))) {
			if err != nil {
				return err
			}
			return tx.Put(e.Key, []byte("damaged"))
		}
		return kv.ErrNotFound
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestClockGoesBack takes an article away at a time before it was published, by
// a clock that was wrong: afterwards it was not public, whatever the time asked
// for.
func TestClockGoesBack(t *testing.T) {
	s, _ := open(t)
	commit(t, s, draft("pirma", "pirma", noon))
	commit(t, s, publish(t, s, "pirma", noon.Add(time.Hour)))
	commit(t, s, withdraw(t, s, "pirma", noon.Add(time.Minute)))
	for _, at := range []time.Duration{time.Minute, time.Hour, 24 * time.Hour} {
		_, err := s.LoadPublic(t.Context(), named("pirma"), noon.Add(at))
		testkit.WantReason(t, err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	}
	commit(t, s, publish(t, s, "pirma", noon.Add(2*time.Minute)))
	if l, err := s.LoadPublic(t.Context(), named("pirma"), noon.Add(24*time.Hour)); err != nil || l.Number != 1 {
		t.Errorf("published again: revision %d, %v", l.Number, err)
	}
}
