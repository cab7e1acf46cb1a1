package store

import (
	"bytes"
	"context"
	"strings"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

// DeliveryItem is a delivery in a list; nil when it has just been removed.
type DeliveryItem struct {
	Delivery *sharingv1.Delivery
	// Position is where the list goes on after it.
	Position []byte
}

// Deliveries returns deliveries to an endpoint, or of all its site when the id
// is "-", newest first, at most limit behind a position. It fails with
// RESOURCE_NOT_FOUND (the endpoint).
func (s *Store) Deliveries(ctx context.Context, of webhook.Name, after []byte, limit int) ([]DeliveryItem, error) {
	scope := []byte(deliveryPrefix + of.Site + "/" + of.ID + "/")
	if of.ID == "-" {
		scope = []byte(deliveryListPrefix + of.Site + "/")
	}
	rows := kv.Prefix(scope)
	rows.Reverse, rows.Limit = true, limit
	if after != nil {
		rows.End = append(bytes.Clone(scope), after...)
	}
	var items []DeliveryItem
	err := s.view(ctx, func(r kv.Reader) error {
		items = items[:0]
		live, err := liveEndpoints(r, of)
		if err != nil {
			return err
		}
		for entry, err := range r.Scan(rows) {
			if err != nil {
				return err
			}
			item := DeliveryItem{Position: bytes.TrimPrefix(entry.Key, scope)}
			if item.Delivery, err = listedDelivery(r, of, item.Position, live); err != nil {
				return err
			}
			items = append(items, item)
		}
		return nil
	})
	return items, err
}

// liveEndpoints returns the ids of endpoints that a list is about.
func liveEndpoints(r kv.Reader, of webhook.Name) (map[string]bool, error) {
	live := make(map[string]bool)
	if of.ID != "-" {
		_, err := endpointRow(r, of)
		live[of.ID] = true
		return live, err
	}
	rows, err := endpointRows(r, of.Site)
	for _, row := range rows {
		name, err := webhook.ParseName("name", row.GetEndpoint().GetName())
		if err != nil {
			return nil, err
		}
		live[name.ID] = true
	}
	return live, err
}

// listedDelivery returns the delivery at a position of a list, nil when it or
// its endpoint is gone.
func listedDelivery(r kv.Reader, of webhook.Name, position []byte, live map[string]bool) (*sharingv1.Delivery, error) {
	id, endpoint, both := strings.Cut(string(position), "/")
	if both {
		of.ID = endpoint
	}
	row := &recordv1.Delivery{}
	if err := kvrecord.Get(r, deliveryKey(webhook.DeliveryName{Endpoint: of, ID: id}), row); err != nil {
		return nil, err
	}
	if row.GetDelivery() == nil || !live[of.ID] {
		return nil, nil //nolint:nilnil // nothing to list is no error
	}
	return tellDelivery(row), nil
}
