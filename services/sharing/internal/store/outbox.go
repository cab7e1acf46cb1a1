package store

import (
	"context"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
)

// OutboxEvents returns the events that endpoints are still to be told of, oldest
// first, at most limit.
func (s *Store) OutboxEvents(ctx context.Context, limit int) ([]*recordv1.OutboxEvent, error) {
	var events []*recordv1.OutboxEvent
	rows := kv.Prefix([]byte(outboxPrefix))
	rows.Limit = limit
	err := s.view(ctx, func(r kv.Reader) error {
		events = events[:0]
		for entry, err := range r.Scan(rows) {
			if err != nil {
				return err
			}
			event := &recordv1.OutboxEvent{}
			if err := kvrecord.Decode(entry.Key, entry.Value, event); err != nil {
				return err
			}
			events = append(events, event)
		}
		return nil
	})
	return events, err
}

// DropOutboxEvent ends an event of which every endpoint has its delivery.
func (s *Store) DropOutboxEvent(ctx context.Context, message string) error {
	return s.update(ctx, func(tx kv.Tx) error { return tx.Delete(outboxKey(message)) })
}
