// Package replay remembers requests that were answered, so that a retry under
// the same request_id (AIP-155) has no second effect.
//
// What a request made and that it was answered are written in one transaction
// of the store that does the work; this package says what is written, and the
// store under which keys.
package replay

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

const (
	// life is how long an answered request is remembered.
	life = 24 * time.Hour
	// atOnce is how many requests one transaction forgets: each takes two keys.
	atOnce = 20
)

// Request identifies a mutation.
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

// Digest stands for all that a request asks, but for its request_id, together
// with what was asked beside it.
func Digest(req proto.Message, beside ...string) [sha256.Size]byte {
	bare := proto.Clone(req)
	if field := bare.ProtoReflect().Descriptor().Fields().ByName("request_id"); field != nil {
		bare.ProtoReflect().Clear(field)
	}
	h := sha256.New()
	// Deterministic within a build only: a retry across an upgrade may get
	// REQUEST_ID_REUSED, never another effect.
	encoded, err := proto.MarshalOptions{Deterministic: true}.Marshal(bare)
	if err != nil {
		encoded = nil // invalid UTF-8, which no request that was decoded has
	}
	h.Write(encoded)
	for _, text := range beside {
		h.Write([]byte{0})
		h.Write([]byte(text))
	}
	return [sha256.Size]byte(h.Sum(nil))
}

func (q Request) hash() string {
	h := sha256.New()
	for _, part := range []string{q.Principal, q.Method, q.Target, q.ID} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Book says under which keys requests are remembered.
type Book struct {
	// Requests begins the keys of requests, {Requests}{hash}, and Expiries those
	// of when to forget them, {Expiries}{time}/{hash}.
	Requests, Expiries string
}

func (b Book) key(hash string) []byte { return []byte(b.Requests + hash) }

func (b Book) expiryKey(at time.Time, hash string) []byte {
	return fmt.Appendf(nil, "%s%016x/%s", b.Expiries, at.UnixMicro(), hash)
}

// Answered returns the name of what a request made or changed when it was
// answered before, and "" when it was not. It fails with REQUEST_ID_REUSED when
// another request was answered under its ID.
func (b Book) Answered(r kv.Reader, q Request, now time.Time) (string, error) {
	if q.ID == "" {
		return "", nil
	}
	data, err := r.Get(b.key(q.hash()))
	if errors.Is(err, kv.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if len(data) < 8+sha256.Size {
		return "", kvrecord.UnexpectedKey(b.key(q.hash()))
	}
	if expired(data, now) {
		return "", nil
	}
	if [sha256.Size]byte(data[8:8+sha256.Size]) != q.Digest {
		return "", fault.New(faultv1.Reason_REASON_REQUEST_ID_REUSED,
			"request_id %s was used for another request in the last 24 hours; choose a new one", q.ID)
	}
	return string(data[8+sha256.Size:]), nil
}

// Remember keeps a request with the name of what it made or changed, which must
// not be empty. It takes two keys of the transaction.
func (b Book) Remember(tx kv.Tx, q Request, name string, now time.Time) error {
	if q.ID == "" {
		return nil
	}
	hash, expires := q.hash(), now.Add(life)
	data := binary.BigEndian.AppendUint64(nil, uint64(expires.UnixMicro()))
	data = append(append(data, q.Digest[:]...), name...)
	if err := tx.Put(b.key(hash), data); err != nil {
		return err
	}
	return tx.Put(b.expiryKey(expires, hash), nil)
}

// Forget removes requests that expired, as many as fit the transaction, and
// returns how many there were: 0 when nothing is left to remove.
func (b Book) Forget(tx kv.Tx, now time.Time) (int, error) {
	n := 0
	due := kv.Range{Start: []byte(b.Expiries), End: b.expiryKey(now, ""), Limit: atOnce}
	for entry, err := range tx.Scan(due) {
		if err != nil {
			return 0, err
		}
		_, hash, _ := strings.Cut(strings.TrimPrefix(string(entry.Key), b.Expiries), "/")
		if err := forget(tx, b.key(hash), now); err != nil {
			return 0, err
		}
		if err := tx.Delete(entry.Key); err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

// forget removes a request that expired, but not one that was answered anew
// under the same ID.
func forget(tx kv.Tx, key []byte, now time.Time) error {
	data, err := tx.Get(key)
	switch {
	case errors.Is(err, kv.ErrNotFound):
		return nil
	case err != nil:
		return err
	case len(data) >= 8 && !expired(data, now):
		return nil
	}
	return tx.Delete(key)
}

// expired reports whether what was remembered is over; it begins with when.
func expired(data []byte, now time.Time) bool {
	return !now.Before(time.UnixMicro(int64(binary.BigEndian.Uint64(data)))) //nolint:gosec // written from an int64
}
