//nolint:thelper // what takes a *testing.T here is a test
package kvtest

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/kv"
)

func modelTests() []test {
	return []test{{"random transactions do what a map does", randomTransactions}}
}

// model is a store as simple as can be.
type model map[string]string

func (m model) scan(r kv.Range) []string {
	got := []string{}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if k >= string(r.Start) && (len(r.End) == 0 || k < string(r.End)) {
			got = append(got, k+"="+m[k])
		}
	}
	if r.Reverse {
		slices.Reverse(got)
	}
	if r.Limit > 0 && len(got) > r.Limit {
		got = got[:r.Limit]
	}
	return got
}

// randomTransactions runs the same steps on the store and on the model. Few
// short keys make them meet often.
func randomTransactions(t *testing.T, s kv.Store) {
	const transactions, steps = 300, 12
	chance := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // repeatable on purpose
	key := func() string { return strings.Repeat(string(rune('a'+chance.IntN(4))), 1+chance.IntN(3)) }
	boom := errors.New("boom")
	committed := model{}
	for i := range transactions {
		fails := chance.IntN(4) == 0
		var after model
		seed := chance.Uint64()
		_, err := s.Update(t.Context(), func(tx kv.Tx) error {
			// The closure may run again and must then do the same.
			chance = rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // repeatable on purpose
			after = maps.Clone(committed)
			for j := range steps {
				if err := randomStep(tx, after, chance.IntN(5), key, fmt.Sprint(i, "-", j), chance); err != nil {
					return fmt.Errorf("transaction %d, step %d: %w", i, j, err)
				}
			}
			if fails {
				return boom
			}
			return nil
		})
		switch {
		case err == nil && !fails:
			committed = after
		case !errors.Is(err, boom):
			t.Fatal(err)
		}
	}
	err := s.View(t.Context(), func(r kv.Reader) error { return sameScan(r, committed, kv.Range{}) })
	if err != nil {
		t.Error(err)
	}
}

func randomStep(tx kv.Tx, m model, kind int, key func() string, value string, chance *rand.Rand) error {
	k := key()
	switch kind {
	case 0, 1:
		m[k] = value
		return tx.Put([]byte(k), []byte(value))
	case 2:
		delete(m, k)
		return tx.Delete([]byte(k))
	case 3:
		got, err := tx.Get([]byte(k))
		want, found := m[k]
		if !found && errors.Is(err, kv.ErrNotFound) || found && err == nil && string(got) == want {
			return nil
		}
		return fmt.Errorf("Get(%s) = %s, %w; want %q, found %v", k, got, err, want, found)
	default:
		r := kv.Range{Start: []byte(k), End: []byte(key()), Reverse: chance.IntN(2) == 0, Limit: chance.IntN(4)}
		if chance.IntN(3) == 0 {
			r.Start = nil
		}
		if chance.IntN(3) == 0 {
			r.End = nil
		}
		return sameScan(tx, m, r)
	}
}

func sameScan(r kv.Reader, m model, rng kv.Range) error {
	got, err := scanned(r, rng)
	if err != nil {
		return err
	}
	if diff := cmp.Diff(m.scan(rng), got); diff != "" {
		return fmt.Errorf("scan of [%s, %s) reverse %v limit %d (-want +got):\n%s", rng.Start, rng.End, rng.Reverse, rng.Limit, diff)
	}
	return nil
}
