//nolint:thelper // what takes a *testing.T here is a test
package kvtest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/kv"
)

func watchTests() []test {
	return []test{
		{"watch gives changes in commit order", watchOrder},
		{"watch resumes after a version", watchResumes},
		{"watch selects by prefix and reports progress", watchPrefix},
		{"watch says at once how far it is", watchFirstBatch},
		{"one change per topic and transaction", watchOnePerTopic},
		{"a change is seen only when committed", watchCommittedOnly},
		{"snapshot, then watch misses nothing", snapshotThenWatch},
		{"fifty watchers", fiftyWatchers},
		{"a long log comes in batches", watchLongLog},
		{"watch from the future is expired", watchFuture},
	}
}

func watchOrder(t *testing.T, s kv.Store) {
	emit(t, s, "1", "b", "a")
	emit(t, s, "2", "a")
	emit(t, s, "3", "c", "a")
	got, _ := changes(t, s, "", 0, 5)
	if diff := cmp.Diff([]string{"a=1", "b=1", "a=2", "a=3", "c=3"}, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func watchResumes(t *testing.T, s kv.Store) {
	var versions []kv.Version
	for i := range 6 {
		versions = append(versions, emit(t, s, fmt.Sprint(i), "t"))
	}
	for i, v := range versions[:5] {
		got, through := changes(t, s, "t", v, 5-i)
		if len(got) != 5-i || got[0] != fmt.Sprintf("t=%d", i+1) || through != versions[5] {
			t.Errorf("after version %d: %q through %d, want those from %d on through %d", v, got, through, i+1, versions[5])
		}
	}
}

func watchPrefix(t *testing.T, s kv.Store) {
	emit(t, s, "1", "photo/a/1", "article/a/1")
	last := emit(t, s, "2", "photo/a/2", "photos")
	got, _ := changes(t, s, "photo/", 0, 2)
	if diff := cmp.Diff([]string{"photo/a/1=1", "photo/a/2=2"}, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	last = max(last, put(t, s, "quiet", "write"), emit(t, s, "3", "article/a/2"))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for b, err := range s.Watch(ctx, []byte("tag/"), 0) {
		if err != nil || len(b.Changes) > 0 {
			t.Fatalf("Watch = %v, %v; want progress only", b, err)
		}
		if b.Through >= last {
			break
		}
	}
}

func watchFirstBatch(t *testing.T, s kv.Store) {
	v := put(t, s, "a", "1")
	beats := 0
	for b, err := range s.Watch(t.Context(), nil, v) {
		if err != nil || b.Through != v || len(b.Changes) > 0 {
			t.Fatalf("Watch = %v, %v; want progress to %d", b, err, v)
		}
		// The ones after the first are heartbeats.
		if beats++; beats == 3 {
			break
		}
	}
}

func watchOnePerTopic(t *testing.T, s kv.Store) {
	update(t, s, func(tx kv.Tx) error {
		for _, ref := range []string{"first", "second"} {
			if err := tx.Emit([]byte("t"), []byte(ref)); err != nil {
				return err
			}
		}
		return nil
	})
	emit(t, s, "end", "u")
	got, _ := changes(t, s, "", 0, 2)
	if diff := cmp.Diff([]string{"t=second", "u=end"}, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func watchCommittedOnly(t *testing.T, s kv.Store) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	inside, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		var once sync.Once
		_, err := s.Update(ctx, func(tx kv.Tx) error {
			if err := tx.Emit([]byte("t"), nil); err != nil {
				return err
			}
			once.Do(func() { close(inside) })
			<-release
			return nil
		})
		if err != nil {
			t.Errorf("Update: %v", err)
		}
	})
	<-inside
	open := true
	for b, err := range s.Watch(ctx, nil, 0) {
		if err != nil {
			t.Fatalf("Watch: %v", err)
		}
		if open && len(b.Changes) > 0 {
			t.Errorf("a change was delivered before its transaction committed")
		}
		if open {
			open = false
			close(release)
		}
		if len(b.Changes) > 0 {
			break
		}
	}
	wg.Wait()
}

func snapshotThenWatch(t *testing.T, s kv.Store) {
	const each = 15
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var writers sync.WaitGroup
	for w := range racers {
		writers.Go(func() {
			for i := range each {
				key := fmt.Appendf(nil, "k/%d/%d", w, i)
				_, err := s.Update(ctx, func(tx kv.Tx) error {
					if err := tx.Put(key, nil); err != nil {
						return err
					}
					return tx.Emit(key, nil)
				})
				if err != nil {
					t.Errorf("Update: %v", err)
				}
			}
		})
	}
	version, err := s.Version(ctx)
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	err = s.View(ctx, func(r kv.Reader) error {
		for e, err := range r.Scan(kv.Prefix([]byte("k/"))) {
			if err != nil {
				return err
			}
			have[string(e.Key)] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for b, err := range s.Watch(ctx, []byte("k/"), version) {
		if err != nil {
			t.Fatalf("Watch: %v with %d of %d keys", err, len(have), racers*each)
		}
		for _, c := range b.Changes {
			have[string(c.Topic)] = true
		}
		if len(have) == racers*each {
			break
		}
	}
	writers.Wait()
}

func fiftyWatchers(t *testing.T, s kv.Store) {
	const watchers, events = 50, 40
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var wg sync.WaitGroup
	for w := range watchers {
		wg.Go(func() {
			next := 0
			var last kv.Version
			for b, err := range s.Watch(ctx, []byte("t/"), 0) {
				if err != nil {
					t.Errorf("watcher %d: %v after %d events", w, err, next)
					return
				}
				for _, c := range b.Changes {
					if string(c.Ref) != fmt.Sprint(next) || c.Version <= last || c.Version > b.Through {
						t.Errorf("watcher %d: got %s at version %d, want %d after version %d", w, c.Ref, c.Version, next, last)
					}
					next, last = next+1, c.Version
				}
				if next == events {
					return
				}
			}
		})
	}
	for i := range events {
		emit(t, s, fmt.Sprint(i), "t/x")
	}
	wg.Wait()
}

func watchLongLog(t *testing.T, s kv.Store) {
	const commits, each = 30, 40
	var want []string
	for i := range commits {
		topics := make([]string, each)
		for j := range topics {
			topics[j] = fmt.Sprintf("t/%03d", j)
			want = append(want, fmt.Sprintf("%s=%d", topics[j], i))
		}
		emit(t, s, fmt.Sprint(i), topics...)
	}
	// Resuming after every batch must give the same as one long watch.
	var got []string
	var after kv.Version
	for len(got) < len(want) {
		some, through := changes(t, s, "t/", after, 1)
		got, after = append(got, some...), through
	}
	if !slices.Equal(got, want) {
		t.Errorf("resumed after every batch: %d changes, want %d in commit order", len(got), len(want))
	}
}

func watchFuture(t *testing.T, s kv.Store) {
	v := emit(t, s, "1", "t")
	for _, err := range s.Watch(t.Context(), nil, v+100) {
		wantErr(t, "Watch from a version that is not reached", err, kv.ErrExpired)
		return
	}
	t.Error("Watch ended without a word")
}
