package store

import (
	"context"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
)

// Waits before an article that was set aside is tried again.
const (
	firstRetry = time.Minute
	maxRetry   = 6 * time.Hour
)

// errorLimit is how many bytes of an error are kept.
const errorLimit = 500

// SetAside remembers that an article could not be learned, and why, so that the
// feed can go on after it. It fails with ErrSuperseded.
func (s *Store) SetAside(ctx context.Context, f Following, name published.Name, cause error, now time.Time) error {
	return s.update(ctx, func(tx kv.Tx) error {
		following, err := f.row(tx)
		if err != nil {
			return err
		}
		row := &recordv1.Unread{}
		// What cannot be read is written anew.
		if err := kvrecord.Get(tx, unreadKey(name), row); err != nil && !fault.Has(err, faultv1.Reason_REASON_STORE_DAMAGED) {
			return err
		}
		text := cause.Error()
		row.Error = strings.ToValidUTF8(text[:min(len(text), errorLimit)], "\uFFFD")
		row.AttemptCount++
		wait := min(firstRetry<<min(row.GetAttemptCount()-1, 10), maxRetry)
		row.NextAttemptTime = timestamppb.New(now.Add(wait))
		if err := kvrecord.Put(tx, unreadKey(name), row); err != nil {
			return err
		}
		return f.advance(tx, following, now)
	})
}

// Unread returns articles that were set aside and are to be tried again, at
// most limit of them.
func (s *Store) Unread(ctx context.Context, now time.Time, limit int) ([]published.Name, error) {
	var due []published.Name
	err := s.view(ctx, func(r kv.Reader) error {
		due = due[:0]
		for entry, err := range r.Scan(kv.Prefix([]byte(unreadPrefix))) {
			if err != nil {
				return err
			}
			name, err := nameOf(entry.Key, unreadPrefix)
			if err != nil {
				return err
			}
			row := &recordv1.Unread{}
			// What cannot be read is due.
			if err := kvrecord.Decode(entry.Key, entry.Value, row); err == nil && row.GetNextAttemptTime().AsTime().After(now) {
				continue
			}
			if due = append(due, name); len(due) == limit {
				return nil
			}
		}
		return nil
	})
	return due, err
}

// EachArticle calls fn with the names of published articles, by name, in pages:
// no transaction is open meanwhile.
func (s *Store) EachArticle(ctx context.Context, fn func(published.Name) error) error {
	const page = 500
	for after := (*published.Name)(nil); ; {
		names, err := s.names(ctx, articlePrefix, after, page)
		if err != nil || len(names) == 0 {
			return err
		}
		for _, name := range names {
			if err := fn(name); err != nil {
				return err
			}
		}
		after = &names[len(names)-1]
	}
}
