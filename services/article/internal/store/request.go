package store

import (
	"context"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// RequestTTL is how long a request_id is remembered.
const RequestTTL = 24 * time.Hour

// Request returns what the hash of a request_id was used for since
// now-RequestTTL; nil for nothing.
func (s *Store) Request(ctx context.Context, hash []byte, now time.Time) (*recordv1.Request, error) {
	record := &recordv1.Request{}
	found := false
	err := s.view(ctx, func(r kv.Reader) (err error) {
		found, err = get(r, requestKey(hash), record)
		return err
	})
	if err != nil || !found || expired(record, now) {
		return nil, err
	}
	return record, nil
}

func expired(r *recordv1.Request, now time.Time) bool {
	return now.Sub(r.GetCreateTime().AsTime()) > RequestTTL
}

// putRequest remembers a request_id, or fails with *ReplayError when it was
// used before.
func putRequest(tx kv.Tx, w article.Write, encoded []byte) error {
	if len(w.Request) == 0 {
		return nil
	}
	record := &recordv1.Request{}
	ok, err := get(tx, requestKey(w.Request), record)
	switch {
	case err != nil:
		return err
	case ok && !expired(record, w.Time):
		return &article.ReplayError{Record: record}
	case ok:
		if err := tx.Delete(expiryKey(record.GetCreateTime().AsTime(), w.Request)); err != nil {
			return err
		}
	}
	if err := tx.Put(requestKey(w.Request), encoded); err != nil {
		return err
	}
	return tx.Put(expiryKey(w.Time, w.Request), nil)
}
