package replay_test

import (
	"crypto/sha256"
	"path/filepath"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/replay"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

const day = 24 * time.Hour

func book() replay.Book { return replay.Book{Requests: "request/", Expiries: "expiry/"} }

func start() time.Time { return time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC) }

func open(t *testing.T) kv.Store {
	t.Helper()
	s, err := boltkv.Open(filepath.Join(t.TempDir(), "store.db"), kv.Options{Format: kv.Format{Number: 1}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func update(t *testing.T, s kv.Store, fn func(tx kv.Tx) error) {
	t.Helper()
	if _, err := s.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func answered(t *testing.T, s kv.Store, q replay.Request, at time.Time) (name string, err error) {
	t.Helper()
	err = s.View(t.Context(), func(r kv.Reader) error {
		name, err = book().Answered(r, q, at)
		return err
	})
	return name, err
}

func forget(t *testing.T, s kv.Store, at time.Time) (n int) {
	t.Helper()
	update(t, s, func(tx kv.Tx) (err error) {
		n, err = book().Forget(tx, at)
		return err
	})
	return n
}

func TestAnswered(t *testing.T) {
	s := open(t)
	q := replay.Request{Principal: "ona", Method: "m", Target: "t", ID: "id", Digest: sha256.Sum256([]byte("one"))}
	update(t, s, func(tx kv.Tx) error { return book().Remember(tx, q, "made", start()) })
	changed := func(change func(*replay.Request)) replay.Request {
		other := q
		change(&other)
		return other
	}
	for _, test := range []struct {
		name    string
		request replay.Request
		after   time.Duration
		want    string
	}{
		{"at once", q, 0, "made"},
		{"the last moment", q, day - time.Microsecond, "made"},
		{"a day later", q, day, ""},
		{"another caller", changed(func(q *replay.Request) { q.Principal = "jonas" }), 0, ""},
		{"another target", changed(func(q *replay.Request) { q.Target = "other" }), 0, ""},
		{"no id", changed(func(q *replay.Request) { q.ID = "" }), 0, ""},
	} {
		if got, err := answered(t, s, test.request, start().Add(test.after)); got != test.want || err != nil {
			t.Errorf("%s: %q, %v; want %q", test.name, got, err, test.want)
		}
	}
	reused := changed(func(q *replay.Request) { q.Digest = sha256.Sum256([]byte("two")) })
	if _, err := answered(t, s, reused, start()); !fault.Has(err, faultv1.Reason_REASON_REQUEST_ID_REUSED) {
		t.Errorf("another request under the same id: %v", err)
	}
}

// TestForget keeps what was answered anew under an id that had expired.
func TestForget(t *testing.T) {
	s := open(t)
	again := replay.Request{ID: "again"}
	once := replay.Request{ID: "once"}
	update(t, s, func(tx kv.Tx) error { return book().Remember(tx, once, "first", start()) })
	update(t, s, func(tx kv.Tx) error { return book().Remember(tx, again, "first", start()) })
	later := start().Add(day + time.Minute)
	update(t, s, func(tx kv.Tx) error { return book().Remember(tx, again, "second", later) })

	if n := forget(t, s, start().Add(day-time.Minute)); n != 0 {
		t.Errorf("forgot %d that are still good", n)
	}
	for _, want := range []int{2, 0} {
		if n := forget(t, s, later); n != want {
			t.Errorf("forgot %d, want %d", n, want)
		}
	}
	if got, err := answered(t, s, once, start()); got != "" || err != nil {
		t.Errorf("what was forgotten is %q, %v", got, err)
	}
	if got, err := answered(t, s, again, later); got != "second" || err != nil {
		t.Errorf("what was answered anew is %q, %v", got, err)
	}
	if n := forget(t, s, later.Add(2*day)); n != 1 {
		t.Errorf("forgot %d in the end, want 1", n)
	}
}

func TestDigest(t *testing.T) {
	q := &sharingv1.DeleteShareLinkRequest{Name: "sites/a/shareLinks/b", RequestId: "one"}
	same := &sharingv1.DeleteShareLinkRequest{Name: "sites/a/shareLinks/b", RequestId: "two"}
	other := &sharingv1.DeleteShareLinkRequest{Name: "sites/a/shareLinks/c", RequestId: "one"}
	if replay.Digest(q) != replay.Digest(same) {
		t.Error("the request_id counts")
	}
	if replay.Digest(q) == replay.Digest(other) || replay.Digest(q) == replay.Digest(q, "etag") {
		t.Error("two requests have one digest")
	}
	if q.GetRequestId() != "one" {
		t.Error("the request was changed")
	}
}
