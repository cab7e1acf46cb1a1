//nolint:thelper // what takes a *testing.T here is a test
package kvtest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/kv"
)

func serialTests() []test {
	return []test{
		{"no lost update", noLostUpdate},
		{"no write skew", noWriteSkew},
		{"no phantom", noPhantom},
		{"readers see whole transactions", wholeTransactions},
		{"a view stops no writer and stays as it was", viewIsStable},
		{"the version is not behind what was seen", versionOfView},
		{"failing neighbors harm nobody", failingNeighbors},
		{"failing neighbors hold nobody up", stubbornNeighbors},
	}
}

const racers = 8

// race runs fn in several goroutines at once.
func race(fn func(worker int)) {
	var wg sync.WaitGroup
	for w := range racers {
		wg.Go(func() { fn(w) })
	}
	wg.Wait()
}

func number(r kv.Reader, key string) (int, error) {
	v, err := r.Get([]byte(key))
	if errors.Is(err, kv.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(string(v))
}

func setNumber(tx kv.Tx, key string, n int) error {
	return tx.Put([]byte(key), []byte(strconv.Itoa(n)))
}

func noLostUpdate(t *testing.T, s kv.Store) {
	const each = 25
	race(func(int) {
		for range each {
			_, err := s.Update(t.Context(), func(tx kv.Tx) error {
				n, err := number(tx, "counter")
				if err != nil {
					return err
				}
				return setNumber(tx, "counter", n+1)
			})
			if err != nil {
				t.Errorf("Update: %v", err)
			}
		}
	})
	if got, want := get(t, s, "counter"), strconv.Itoa(racers*each); got != want {
		t.Errorf("counter = %s after %s increments", got, want)
	}
}

// versionOfView counts commits: whoever sees the nth of them must be told a
// version at least n further than that of the store before them.
func versionOfView(t *testing.T, s kv.Store) {
	const commits = 400
	before, err := s.Version(t.Context())
	if err != nil {
		t.Fatalf("Version: %v", err)
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() {
		for n := range commits {
			if _, err := s.Update(t.Context(), func(tx kv.Tx) error { return setNumber(tx, "counter", n+1) }); err != nil {
				t.Errorf("Update: %v", err)
				return
			}
		}
	})
	for seen := 0; seen < commits && !t.Failed(); {
		err := s.View(t.Context(), func(r kv.Reader) (err error) {
			seen, err = number(r, "counter")
			return err
		})
		if err != nil {
			t.Fatalf("View: %v", err)
		}
		got, err := s.Version(t.Context())
		if err != nil || got < before+kv.Version(seen) { //nolint:gosec // it counts from 0
			t.Fatalf("commit %d was seen, but the version is %d after %d, %v", seen, got, before, err)
		}
	}
}

// noWriteSkew lets each worker leave a shift only if somebody else stays.
func noWriteSkew(t *testing.T, s kv.Store) {
	for round := range 10 {
		a, b := fmt.Sprintf("r%d/a", round), fmt.Sprintf("r%d/b", round)
		put(t, s, a, "1", b, "1")
		race(func(w int) {
			own := []string{a, b}[w%2]
			_, err := s.Update(t.Context(), func(tx kv.Tx) error {
				onDuty := 0
				for _, k := range []string{a, b} {
					n, err := number(tx, k)
					if err != nil {
						return err
					}
					onDuty += n
				}
				if onDuty < 2 {
					return nil
				}
				return setNumber(tx, own, 0)
			})
			if err != nil {
				t.Errorf("Update: %v", err)
			}
		})
		if got := get(t, s, a) + get(t, s, b); got != "01" && got != "10" {
			t.Errorf("round %d: on duty %q, want exactly one to have left", round, got)
		}
	}
}

// noPhantom lets each worker add a row only while a scan finds fewer than five.
func noPhantom(t *testing.T, s kv.Store) {
	race(func(w int) {
		for i := range 3 {
			_, err := s.Update(t.Context(), func(tx kv.Tx) error {
				rows, err := scanned(tx, kv.Prefix([]byte("row/")))
				if err != nil || len(rows) >= 5 {
					return err
				}
				return tx.Put(fmt.Appendf(nil, "row/%d-%d", w, i), nil)
			})
			if err != nil {
				t.Errorf("Update: %v", err)
			}
		}
	})
	err := s.View(t.Context(), func(r kv.Reader) error {
		rows, err := scanned(r, kv.Prefix([]byte("row/")))
		if len(rows) != 5 {
			t.Errorf("%d rows, want 5: %q", len(rows), rows)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// wholeTransactions moves amounts between accounts while readers add them up.
func wholeTransactions(t *testing.T, s kv.Store) {
	const accounts, start = 4, 100
	account := func(i int) string { return fmt.Sprintf("account/%d", i%accounts) }
	for i := range accounts {
		put(t, s, account(i), strconv.Itoa(start))
	}
	move := func(tx kv.Tx, from, to string) error {
		f, err := number(tx, from)
		if err != nil {
			return err
		}
		if err := setNumber(tx, from, f-1); err != nil {
			return err
		}
		n, err := number(tx, to)
		if err != nil {
			return err
		}
		return setNumber(tx, to, n+1)
	}
	sum := func(r kv.Reader) error {
		total := 0
		for e, err := range r.Scan(kv.Prefix([]byte("account/"))) {
			if err != nil {
				return err
			}
			n, err := strconv.Atoi(string(e.Value))
			if err != nil {
				return err
			}
			total += n
		}
		if total != accounts*start {
			return fmt.Errorf("accounts add up to %d, want %d", total, accounts*start)
		}
		return nil
	}
	race(func(w int) {
		for i := range 15 {
			_, err := s.Update(t.Context(), func(tx kv.Tx) error { return move(tx, account(w+i), account(w+2*i+1)) })
			if err = errors.Join(err, s.View(t.Context(), sum)); err != nil {
				t.Error(err)
			}
		}
	})
}

// viewIsStable writes, while a view is open, more than any store has room for
// when it is small.
func viewIsStable(t *testing.T, s kv.Store) {
	const writes = 40
	put(t, s, "k", "before")
	err := s.View(t.Context(), func(r kv.Reader) error {
		var wg sync.WaitGroup
		wg.Go(func() {
			for i := range writes {
				_, err := s.Update(t.Context(), func(tx kv.Tx) error {
					return errors.Join(tx.Put([]byte("k"), []byte("after")), tx.Put(fmt.Appendf(nil, "big/%d", i), make([]byte, kv.MaxBytes-100)))
				})
				if err != nil {
					t.Errorf("Update during a view: %v", err)
				}
			}
		})
		wg.Wait()
		got, err := scanned(r, kv.Range{})
		if diff := cmp.Diff([]string{"k=before"}, got); diff != "" {
			t.Errorf("the view changed (-want +got):\n%s", diff)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if got := get(t, s, "k"); got != "after" {
		t.Errorf("k = %q after the view", got)
	}
}

// stubbornNeighbors go on failing until a commit among them has succeeded.
func stubbornNeighbors(t *testing.T, s kv.Store) {
	boom := errors.New("boom")
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	race(func(w int) {
		if w == 0 {
			defer stop()
			if _, err := s.Update(ctx, func(tx kv.Tx) error { return tx.Put([]byte("k"), nil) }); err != nil {
				t.Errorf("Update among failing ones: %v", err)
			}
			return
		}
		for ctx.Err() == nil {
			_, err := s.Update(ctx, func(kv.Tx) error { return boom })
			if !errors.Is(err, boom) && !errors.Is(err, context.Canceled) {
				t.Errorf("Update: %v, want the closure's error", err)
				return
			}
		}
	})
}

func failingNeighbors(t *testing.T, s kv.Store) {
	boom := errors.New("boom")
	race(func(w int) {
		for i := range 10 {
			key := fmt.Sprintf("w%d/%d", w, i)
			_, err := s.Update(t.Context(), func(tx kv.Tx) error {
				if err := tx.Put([]byte(key), nil); err != nil || w%2 == 0 {
					return err
				}
				return boom
			})
			if w%2 == 0 && err != nil || w%2 == 1 && !errors.Is(err, boom) {
				t.Errorf("%s: error %v", key, err)
			}
		}
	})
	err := s.View(t.Context(), func(r kv.Reader) error {
		keys, err := scanned(r, kv.Range{})
		if len(keys) != racers/2*10 {
			t.Errorf("%d keys, want those of the %d workers that succeed", len(keys), racers/2)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
