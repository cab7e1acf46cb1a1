package store

import (
	"context"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Events returns at most limit audit events of a site, newest first, that stand
// after the position, nil to begin, and were written in [from, until); a zero
// time is no bound. There are none left when it returns none. The events are there
// also when the site is not.
func (s *Store) Events(ctx context.Context, site string, from, until time.Time, after []byte, limit int) ([]article.Event, error) {
	prefix := []byte(auditBase + site + "/")
	reach := kv.Prefix(prefix)
	reach.Reverse, reach.Limit = true, limit
	if !from.IsZero() {
		reach.Start = appendTime(append([]byte(nil), prefix...), from)
	}
	if !until.IsZero() {
		reach.End = appendTime(append([]byte(nil), prefix...), until)
	}
	if len(after) > 0 {
		reach.End = append(append([]byte(nil), prefix...), after...)
	}
	var events []article.Event
	err := s.view(ctx, func(r kv.Reader) error {
		events = nil
		for e, err := range r.Scan(reach) {
			if err != nil {
				return err
			}
			record := &recordv1.Event{}
			if err := proto.Unmarshal(e.Value, record); err != nil {
				return fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED, "the record %q is damaged; restore the store from a copy", e.Key)
			}
			events = append(events, article.Event{Position: e.Key[len(prefix):], Record: record})
		}
		return nil
	})
	return events, err
}
