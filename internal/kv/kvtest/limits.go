//nolint:thelper // what takes a *testing.T here is a test
package kvtest

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/skaitykla/skaitykla/internal/kv"
)

func limitTests() []test {
	return []test{
		{"keys have 1 to 1024 bytes", keySizes},
		{"a transaction touches 64 keys", limitKeys},
		{"a transaction touches 1 MiB", limitBytes},
		{"a refusal cannot be ignored", limitSticks},
		{"references have up to 256 bytes", refSizes},
		{"a view has no limits", viewUnlimited},
	}
}

func keySizes(t *testing.T, s kv.Store) {
	longest := bytes.Repeat([]byte("k"), kv.MaxKey)
	update(t, s, func(tx kv.Tx) error {
		return errors.Join(tx.Put(longest, []byte("v")), tx.Put([]byte("k"), nil), tx.Emit(longest, nil))
	})
	if got := get(t, s, string(longest)); got != "v" {
		t.Errorf("longest key = %q, want v", got)
	}
	for _, bad := range [][]byte{nil, {}, append(longest, 'k')} {
		update(t, s, func(tx kv.Tx) error {
			_, err := tx.Get(bad)
			wantErr(t, "Tx.Get", err, kv.ErrKey)
			wantErr(t, "Put", tx.Put(bad, nil), kv.ErrKey)
			wantErr(t, "Delete", tx.Delete(bad), kv.ErrKey)
			wantErr(t, "Emit", tx.Emit(bad, nil), kv.ErrKey)
			return nil
		})
		err := s.View(t.Context(), func(r kv.Reader) error { _, err := r.Get(bad); return err })
		wantErr(t, "Reader.Get", err, kv.ErrKey)
	}
}

func limitKeys(t *testing.T, s kv.Store) {
	key := func(i int) []byte { return fmt.Appendf(nil, "k%03d", i) }
	fill := func(tx kv.Tx, n int) error {
		for i := range n {
			if err := tx.Put(key(i), []byte("v")); err != nil {
				return err
			}
		}
		return nil
	}
	update(t, s, func(tx kv.Tx) error { return errors.Join(fill(tx, kv.MaxKeys), fill(tx, kv.MaxKeys)) })
	cases := []struct {
		name string
		more func(kv.Tx) error
	}{
		{"Put", func(tx kv.Tx) error { return tx.Put([]byte("one more"), nil) }},
		{"Delete", func(tx kv.Tx) error { return tx.Delete([]byte("one more")) }},
		{"Emit", func(tx kv.Tx) error { return tx.Emit([]byte("one more"), nil) }},
		{"Get", func(tx kv.Tx) error { _, err := tx.Get([]byte("one more")); return err }},
		{"Scan", func(tx kv.Tx) error { _, err := scanned(tx, kv.Prefix([]byte("none"))); return err }},
	}
	for _, c := range cases {
		_, err := s.Update(t.Context(), func(tx kv.Tx) error { return errors.Join(fill(tx, kv.MaxKeys), c.more(tx)) })
		wantErr(t, c.name+" beyond 64 keys", err, kv.ErrTooLarge)
	}
	_, err := s.Update(t.Context(), func(tx kv.Tx) error {
		got, err := scanned(tx, kv.Range{})
		if len(got) != kv.MaxKeys-1 {
			t.Errorf("a scan gave %d entries before it was refused, want %d", len(got), kv.MaxKeys-1)
		}
		return err
	})
	wantErr(t, "a scan of 64 entries", err, kv.ErrTooLarge)
}

func limitBytes(t *testing.T, s kv.Store) {
	half := bytes.Repeat([]byte("v"), kv.MaxBytes/2)
	update(t, s, func(tx kv.Tx) error {
		// Reading, replacing and reading again one key counts once.
		_, err := tx.Get([]byte("a"))
		if !errors.Is(err, kv.ErrNotFound) {
			return err
		}
		err = errors.Join(tx.Put([]byte("a"), half), tx.Put([]byte("a"), half), tx.Put([]byte("b"), half[:len(half)-2]))
		_, again := tx.Get([]byte("a"))
		return errors.Join(err, again)
	})
	_, err := s.Update(t.Context(), func(tx kv.Tx) error {
		return errors.Join(tx.Put([]byte("a"), half), tx.Put([]byte("b"), half))
	})
	wantErr(t, "writing 1 MiB and two keys", err, kv.ErrTooLarge)
	_, err = s.Update(t.Context(), func(tx kv.Tx) error {
		if _, err := scanned(tx, kv.Range{}); err != nil {
			return err
		}
		return tx.Put([]byte("c"), nil)
	})
	wantErr(t, "reading 1 MiB and writing one key", err, kv.ErrTooLarge)
	limit, ok := errors.AsType[*kv.LimitError](err)
	if !ok || limit.Limit != kv.MaxBytes || limit.Size <= limit.Limit {
		t.Errorf("error %#v, want a LimitError with the size and the limit", err)
	}
}

func limitSticks(t *testing.T, s kv.Store) {
	_, err := s.Update(t.Context(), func(tx kv.Tx) error {
		if err := tx.Put([]byte("small"), nil); err != nil {
			return err
		}
		wantErr(t, "Put of 2 MiB", tx.Put([]byte("big"), make([]byte, 2*kv.MaxBytes)), kv.ErrTooLarge)
		return nil
	})
	wantErr(t, "Update that ignored it", err, kv.ErrTooLarge)
	if got := get(t, s, "small"); got != "(none)" {
		t.Errorf("small = %q, want nothing written", got)
	}
}

func refSizes(t *testing.T, s kv.Store) {
	ref := bytes.Repeat([]byte("r"), kv.MaxRef)
	update(t, s, func(tx kv.Tx) error { return tx.Emit([]byte("t"), ref) })
	if got, _ := changes(t, s, "", 0, 1); got[0] != "t="+string(ref) {
		t.Errorf("longest reference came back as %q", got[0])
	}
	_, err := s.Update(t.Context(), func(tx kv.Tx) error { return tx.Emit([]byte("t"), append(ref, 'r')) })
	wantErr(t, "Emit of 257 bytes", err, kv.ErrTooLarge)
}

func viewUnlimited(t *testing.T, s kv.Store) {
	half := bytes.Repeat([]byte("v"), kv.MaxBytes/2)
	for i := range 3 {
		update(t, s, func(tx kv.Tx) error { return tx.Put(fmt.Appendf(nil, "big%d", i), half) })
	}
	for i := range 2 {
		update(t, s, func(tx kv.Tx) error {
			for j := range 60 {
				if err := tx.Put(fmt.Appendf(nil, "small%d-%d", i, j), nil); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := s.View(t.Context(), func(r kv.Reader) error {
		got, err := scanned(r, kv.Range{})
		if len(got) != 123 {
			t.Errorf("View scanned %d entries, want 123", len(got))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
