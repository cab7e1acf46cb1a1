package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// maxAffected is how many articles are told of a photo that the public no
// longer sees.
const maxAffected = 1000

// dueKey returns the key of the row that says when the rights of p end, nil when
// they do not.
func dueKey(name photo.Name, p *mediav1.Photo) []byte {
	end := photo.Ends(p)
	if end.IsZero() {
		return nil
	}
	return Due{Name: name, Time: end}.key()
}

// Due is a photo whose rights end.
type Due struct {
	Name photo.Name
	Time time.Time
}

// key returns that of the row.
func (d Due) key() []byte {
	return fmt.Appendf(nil, "%s%016x/%s/%s", duePrefix, max(0, d.Time.UnixMicro()), d.Name.Site, d.Name.ID)
}

// Due returns the photos whose rights end next, soonest first, at most limit of
// them, and only those behind after unless that is zero. Some may have ended
// long ago.
func (s *Store) Due(ctx context.Context, after Due, limit int) ([]Due, error) {
	var all []Due
	rows := kv.Prefix([]byte(duePrefix))
	rows.Limit = limit
	if after != (Due{}) {
		rows.Start = append(after.key(), 0)
	}
	err := s.view(ctx, func(r kv.Reader) error {
		all = all[:0]
		for entry, err := range r.Scan(rows) {
			if err != nil {
				return err
			}
			at, rest, _ := strings.Cut(strings.TrimPrefix(string(entry.Key), duePrefix), "/")
			micros, err := strconv.ParseInt(at, 16, 64)
			name, ok := nameOf([]byte(rest), "")
			if err != nil || !ok {
				return kvrecord.UnexpectedKey(entry.Key)
			}
			all = append(all, Due{Name: name, Time: time.UnixMicro(micros).UTC()})
		}
		return nil
	})
	return all, err
}

// Expire takes a photo whose rights have ended from the public and tells
// watchers. It reports false when they have not, or another replica was
// faster. It may be repeated.
func (s *Store) Expire(ctx context.Context, due Due, now time.Time) (expired bool, err error) {
	err = s.update(ctx, func(tx kv.Tx) error {
		expired = false
		row := due.key()
		if err := absent(tx, row); err == nil || !errors.Is(err, errPresent) {
			return err
		}
		p, err := getPhoto(tx, due.Name)
		if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
			return tx.Delete(row)
		}
		if err == nil && string(row) != string(dueKey(due.Name, p)) {
			return tx.Delete(row)
		}
		if err != nil || !photo.Expired(p, now) {
			return err
		}
		expired = true
		return put(tx, due.Name, p, proto.CloneOf(p), refExpired, now)
	})
	return expired, err
}

// Affected returns the names of the published articles that use a photo, in
// order, at most 1,000 of them.
func (s *Store) Affected(ctx context.Context, name photo.Name) ([]string, error) {
	var articles []string
	rows := kv.Prefix(usageKey(usagePrefix, name, ""))
	rows.Limit = maxAffected
	err := s.view(ctx, func(r kv.Reader) error {
		articles = articles[:0]
		for entry, err := range r.Scan(rows) {
			if err != nil {
				return err
			}
			articles = append(articles, strings.TrimPrefix(string(entry.Key), string(usageKey(usagePrefix, name, ""))))
		}
		return nil
	})
	return articles, err
}

// Wake returns a channel that gets a word when rights may end sooner than was
// known.
func (s *Store) Wake() <-chan struct{} { return s.due }

// poke is for after transactions that put records.
func (s *Store) poke() {
	select {
	case s.due <- struct{}{}:
	default: // there is a word already
	}
}
