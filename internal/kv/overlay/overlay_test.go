package overlay_test

import (
	"context"
	"errors"
	"iter"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/overlay"
)

// What reads and writes see of each other is tested by kvtest on every
// backend; here is what no healthy backend shows.

var errDisk = errors.New("disk on fire")

// burning yields some entries and then fails.
type burning []kv.Entry

func (b burning) Get([]byte) ([]byte, error) { return nil, errDisk }

func (b burning) Scan(kv.Range) iter.Seq2[kv.Entry, error] {
	return func(yield func(kv.Entry, error) bool) {
		for _, e := range b {
			if !yield(e, nil) {
				return
			}
		}
		yield(kv.Entry{}, errDisk)
	}
}

func TestErrorsOfTheBase(t *testing.T) {
	tx := overlay.New(t.Context(), burning{{Key: []byte("b")}})
	err := tx.Run(func(tx kv.Tx) error {
		for _, k := range []string{"a", "c"} {
			if err := tx.Put([]byte(k), nil); err != nil {
				return err
			}
		}
		if _, err := tx.Get([]byte("z")); !errors.Is(err, errDisk) {
			t.Errorf("Get: %v, want the error of the base", err)
		}
		var got []string
		for e, err := range tx.Scan(kv.Range{}) {
			if err != nil {
				if diff := cmp.Diff([]string{"a", "b"}, got); diff != "" {
					t.Errorf("scanned before the error (-want +got):\n%s", diff)
				}
				return err
			}
			got = append(got, string(e.Key))
		}
		return nil
	})
	if !errors.Is(err, errDisk) {
		t.Errorf("Run: %v, want the error of the base", err)
	}
}

func TestResultIsOrdered(t *testing.T) {
	tx := overlay.New(t.Context(), burning{})
	err := tx.Run(func(tx kv.Tx) error {
		return errors.Join(
			tx.Put([]byte("b"), []byte("1")), tx.Delete([]byte("a")), tx.Put([]byte("b"), []byte("2")), tx.Delete([]byte("c")), tx.Put([]byte("c"), nil),
			tx.Emit([]byte("u"), []byte("1")), tx.Emit([]byte("t"), nil), tx.Emit([]byte("u"), []byte("2")),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	writes := []overlay.Write{
		{Key: []byte("a"), Deleted: true}, {Key: []byte("b"), Value: []byte("2")}, {Key: []byte("c"), Value: []byte{}},
	}
	if diff := cmp.Diff(writes, tx.Writes()); diff != "" {
		t.Errorf("Writes (-want +got):\n%s", diff)
	}
	emissions := []overlay.Emission{{Topic: []byte("t"), Ref: []byte{}}, {Topic: []byte("u"), Ref: []byte("2")}}
	if diff := cmp.Diff(emissions, tx.Emissions()); diff != "" {
		t.Errorf("Emissions (-want +got):\n%s", diff)
	}
}

func TestContextEndsInside(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	err := overlay.New(ctx, burning{}).Run(func(kv.Tx) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Run: %v, want Canceled even if the closure did not notice", err)
	}
}

// TestScanOutlivesClosure pulls from a scan after the transaction has ended.
func TestScanOutlivesClosure(t *testing.T) {
	tx := overlay.New(t.Context(), burning{{Key: []byte("a")}, {Key: []byte("b")}})
	next, stop := iter.Pull2(tx.Scan(kv.Range{}))
	defer stop()
	if e, err, ok := next(); err != nil || !ok || string(e.Key) != "a" {
		t.Fatalf("first entry %q, %v, %v", e.Key, err, ok)
	}
	tx.End()
	if _, err, ok := next(); !ok || !errors.Is(err, kv.ErrTxDone) {
		t.Errorf("entry after the end: %v, %v; want ErrTxDone", err, ok)
	}
}
