package overlay

import (
	"bytes"
	"errors"
	"iter"
	"slices"

	"github.com/skaitykla/skaitykla/internal/kv"
)

// Get implements kv.Reader.
func (t *Tx) Get(key []byte) ([]byte, error) {
	if err := t.check(key); err != nil {
		return nil, err
	}
	if i, found := t.find(key); found {
		if t.writes[i].Deleted {
			return nil, kv.ErrNotFound
		}
		return copied(t.writes[i].Value), nil
	}
	value, err := t.base.Get(key)
	if err != nil && !errors.Is(err, kv.ErrNotFound) {
		return nil, err
	}
	if limit := t.meter.Key(key, len(value)); limit != nil {
		return nil, limit
	}
	return value, err
}

// Scan implements kv.Reader.
func (t *Tx) Scan(r kv.Range) iter.Seq2[kv.Entry, error] {
	return func(yield func(kv.Entry, error) bool) {
		if t.done.Load() {
			yield(kv.Entry{}, kv.ErrTxDone)
			return
		}
		if err := t.meter.Range(r); err != nil {
			yield(kv.Entry{}, err)
			return
		}
		left := r.Limit
		for e, err := range t.merged(r) {
			if err == nil {
				err = t.meter.Key(e.Key, len(e.Value))
			}
			if err == nil {
				err = t.ctx.Err()
			}
			if err != nil {
				yield(kv.Entry{}, err)
				return
			}
			if !yield(e, nil) || left == 1 {
				return
			}
			if t.done.Load() {
				yield(kv.Entry{}, kv.ErrTxDone)
				return
			}
			left--
		}
	}
}

// merged walks the entries of r, whatever its limit: those of the base that
// were not written here, and those written here that were not deleted.
func (t *Tx) merged(r kv.Range) iter.Seq2[kv.Entry, error] {
	return func(yield func(kv.Entry, error) bool) {
		r.Limit = 0
		own := t.within(r)
		order := bytes.Compare
		if r.Reverse {
			order = func(a, b []byte) int { return bytes.Compare(b, a) }
		}
		for e, err := range t.base.Scan(r) {
			if err != nil {
				yield(kv.Entry{}, err)
				return
			}
			for len(own) > 0 && order(own[0].Key, e.Key) < 0 {
				if !yieldWrite(own[0], yield) {
					return
				}
				own = own[1:]
			}
			// A base entry that was written here appears as it was written,
			// when its turn comes in own.
			if len(own) > 0 && bytes.Equal(own[0].Key, e.Key) {
				continue
			}
			if !yield(e, nil) {
				return
			}
		}
		for _, w := range own {
			if !yieldWrite(w, yield) {
				return
			}
		}
	}
}

// within returns the writes inside r in its order, as they are now.
func (t *Tx) within(r kv.Range) []Write {
	var own []Write
	for _, w := range t.writes {
		if r.Contains(w.Key) {
			own = append(own, w)
		}
	}
	if r.Reverse {
		slices.Reverse(own)
	}
	return own
}

func yieldWrite(w Write, yield func(kv.Entry, error) bool) bool {
	return w.Deleted || yield(kv.Entry{Key: bytes.Clone(w.Key), Value: copied(w.Value)}, nil)
}
