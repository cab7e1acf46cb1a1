package kvtest

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/kv"
)

// reopenKeepsData needs Suite.Reopen.
func (x Suite) reopenKeepsData(t *testing.T) {
	if x.Reopen == nil {
		t.Skip("the backend gave no Suite.Reopen")
	}
	s := x.Open(t)
	for i := range 20 {
		put(t, s, fmt.Sprintf("k%02d", i), fmt.Sprint(i))
	}
	before, err := s.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s = x.Reopen(t, s)
	defer func() { closeStore(t, s) }()
	if v, err := s.Version(t.Context()); err != nil || v < before {
		t.Errorf("Version after reopening = %d, %v; want at least %d", v, err, before)
	}
	for i := range 20 {
		if got := get(t, s, fmt.Sprintf("k%02d", i)); got != fmt.Sprint(i) {
			t.Errorf("k%02d = %q after reopening", i, got)
		}
	}
	if v := put(t, s, "new", ""); v <= before {
		t.Errorf("the first version after reopening is %d, want more than %d", v, before)
	}
}

// reopenKeepsLog needs Suite.Reopen.
func (x Suite) reopenKeepsLog(t *testing.T) {
	if x.Reopen == nil {
		t.Skip("the backend gave no Suite.Reopen")
	}
	s := x.Open(t)
	seen := emit(t, s, "seen", "t/1")
	emit(t, s, "missed", "t/2")
	s = x.Reopen(t, s)
	defer func() { closeStore(t, s) }()
	emit(t, s, "new", "t/3")
	got, _ := changes(t, s, "t/", seen, 2)
	if diff := cmp.Diff([]string{"t/2=missed", "t/3=new"}, got); diff != "" {
		t.Errorf("after reopening (-want +got):\n%s", diff)
	}
}

// expiredVersion needs Suite.OpenShort. It checks that expiry is exact: from
// every version there is either everything that followed, or ErrExpired.
func (x Suite) expiredVersion(t *testing.T) {
	if x.OpenShort == nil {
		t.Skip("the backend gave no Suite.OpenShort")
	}
	const commits = 200
	s := x.OpenShort(t, 10)
	defer closeStore(t, s)
	versions := []kv.Version{0}
	for i := range commits {
		versions = append(versions, emit(t, s, fmt.Sprint(i), "t"))
	}
	expired := 0
	for i, after := range versions[:commits] {
		got, err := tryWatch(t, s, after, commits-i)
		if err != nil {
			wantErr(t, fmt.Sprintf("Watch after version %d", after), err, kv.ErrExpired)
			if expired != i {
				t.Errorf("version %d expired, an older one did not", after)
			}
			expired++
			continue
		}
		if got[0] != fmt.Sprint(i) || len(got) != commits-i {
			t.Errorf("after version %d: %d changes from %s on, want %d from %d on", after, len(got), got[0], commits-i, i)
		}
	}
	if expired == 0 || expired > commits-5 {
		t.Errorf("%d of %d versions expired with a log of 10 entries", expired, commits)
	}
}

// tryWatch returns the references of n changes, or the error before them.
func tryWatch(t *testing.T, s kv.Store, after kv.Version, n int) ([]string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var got []string
	for b, err := range s.Watch(ctx, nil, after) {
		if err != nil {
			return nil, err
		}
		for _, c := range b.Changes {
			got = append(got, string(c.Ref))
		}
		if len(got) >= n {
			break
		}
	}
	return got, nil
}

// overtakenWatcher needs Suite.OpenShort: a watcher that is too slow learns it.
func (x Suite) overtakenWatcher(t *testing.T) {
	if x.OpenShort == nil {
		t.Skip("the backend gave no Suite.OpenShort")
	}
	s := x.OpenShort(t, 10)
	defer closeStore(t, s)
	emit(t, s, "0", "t")
	var last error
	for _, err := range s.Watch(t.Context(), nil, 0) {
		if last = err; err != nil {
			break
		}
		for i := range 400 {
			emit(t, s, fmt.Sprint(i), "t")
		}
	}
	wantErr(t, "Watch", last, kv.ErrExpired)
}
