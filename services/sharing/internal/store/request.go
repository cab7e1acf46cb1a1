package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// requestLife is how long an answered request is remembered.
const requestLife = 24 * time.Hour

// Request identifies a mutation, so that a retry has no second effect.
type Request struct {
	// Principal, Method and Target (the parent or name) are what an ID belongs
	// to.
	Principal, Method, Target string
	// ID is the caller's request_id; empty when there is none, and then
	// nothing is remembered.
	ID string
	// Digest stands for all that was asked.
	Digest [sha256.Size]byte
}

// answered returns the name of what the request made or changed when it was
// answered before, and "" when it was not. It fails with REQUEST_ID_REUSED when
// another request was answered under its ID.
func (q Request) answered(r kv.Reader, now time.Time) (string, error) {
	if q.ID == "" {
		return "", nil
	}
	data, err := r.Get(q.key())
	if errors.Is(err, kv.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if len(data) < 8+sha256.Size {
		return "", damagedKey(q.key())
	}
	expires := time.UnixMicro(int64(binary.BigEndian.Uint64(data))) //nolint:gosec // written from an int64
	if !now.Before(expires) {
		return "", nil
	}
	if [sha256.Size]byte(data[8:8+sha256.Size]) != q.Digest {
		return "", fault.New(faultv1.Reason_REASON_REQUEST_ID_REUSED,
			"request_id %s was used for another request in the last 24 hours; choose a new one", q.ID)
	}
	return string(data[8+sha256.Size:]), nil
}

// remember keeps the request with the name of what it made or changed, which
// must not be empty. It takes two keys of the transaction.
func (q Request) remember(tx kv.Tx, name string, now time.Time) error {
	if q.ID == "" {
		return nil
	}
	expires := now.Add(requestLife)
	data := binary.BigEndian.AppendUint64(nil, uint64(expires.UnixMicro()))
	data = append(append(data, q.Digest[:]...), name...)
	if err := tx.Put(q.key(), data); err != nil {
		return err
	}
	return tx.Put(requestExpiryKey(expires, q.hash()), nil)
}

// ForgetRequests removes requests that expired, at most limit of them, and
// returns how many there were.
func (s *Store) ForgetRequests(ctx context.Context, now time.Time, limit int) (int, error) {
	const perTransaction = 20 // each takes two keys
	n := 0
	err := s.update(ctx, func(tx kv.Tx) error {
		n = 0
		expired := kv.Range{Start: []byte(expiryPrefix), End: requestExpiryKey(now, ""), Limit: min(limit, perTransaction)}
		for entry, err := range tx.Scan(expired) {
			if err != nil {
				return err
			}
			_, hash, _ := strings.Cut(strings.TrimPrefix(string(entry.Key), expiryPrefix), "/")
			if err := forgetRequest(tx, []byte(requestPrefix+hash), now); err != nil {
				return err
			}
			if err := tx.Delete(entry.Key); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

// forgetRequest removes a request that expired, but not one that was answered
// anew under the same id.
func forgetRequest(tx kv.Tx, key []byte, now time.Time) error {
	data, err := tx.Get(key)
	switch {
	case errors.Is(err, kv.ErrNotFound):
		return nil
	case err != nil:
		return err
	case len(data) >= 8 && now.Before(time.UnixMicro(int64(binary.BigEndian.Uint64(data)))): //nolint:gosec // written from an int64
		return nil
	}
	return tx.Delete(key)
}

func (q Request) key() []byte { return []byte(requestPrefix + q.hash()) }

func (q Request) hash() string {
	h := sha256.New()
	for _, part := range []string{q.Principal, q.Method, q.Target, q.ID} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func requestExpiryKey(at time.Time, hash string) []byte {
	return fmt.Appendf(nil, "%s%016x/%s", expiryPrefix, at.UnixMicro(), hash)
}
