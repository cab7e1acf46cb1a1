package kv_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
)

// TestCopy copies from a Reader that is a Copier and from one that is not.
func TestCopy(t *testing.T) {
	s, err := boltkv.Open(filepath.Join(t.TempDir(), "copy.db"), kv.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	read := func(r kv.Reader) {
		var got []byte
		room := func(size int) []byte {
			got = make([]byte, size)
			return got
		}
		if err := kv.Copy(r, []byte("k"), room); err != nil || string(got) != "value" {
			t.Errorf("Copy = %q, %v; want the value", got, err)
		}
		if err := kv.Copy(r, []byte("none"), room); !errors.Is(err, kv.ErrNotFound) {
			t.Errorf("Copy of what is not there: %v, want ErrNotFound", err)
		}
	}
	_, err = s.Update(t.Context(), func(tx kv.Tx) error {
		if err := tx.Put([]byte("k"), []byte("value")); err != nil {
			return err
		}
		read(tx)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	var left kv.Reader
	if err := s.View(t.Context(), func(r kv.Reader) error {
		if _, ok := r.(kv.Copier); !ok {
			t.Error("the reader of a view copies twice")
		}
		left = r
		read(r)
		return nil
	}); err != nil {
		t.Error(err)
	}
	err = kv.Copy(left, []byte("k"), func(int) []byte { t.Error("asked for room after the view"); return nil })
	if !errors.Is(err, kv.ErrTxDone) {
		t.Errorf("Copy after the view: %v, want ErrTxDone", err)
	}
}
