package store

import (
	"context"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

// purgeBatch is how many deliveries one transaction removes, each of which takes
// five keys.
const purgeBatch = 8

// PurgeDeliveries removes deliveries whose purge_time has come, a few at a
// time, and returns how many there were.
func (s *Store) PurgeDeliveries(ctx context.Context, now time.Time) (int, error) {
	n := 0
	err := s.update(ctx, func(tx kv.Tx) error {
		n = 0
		rows := kv.Range{Start: []byte(deliveryPurgePrefix), End: []byte(deliveryPurgePrefix + timeTerm(now)), Limit: purgeBatch}
		for entry, err := range tx.Scan(rows) {
			if err != nil {
				return err
			}
			parts := strings.Split(string(entry.Key), "/")
			if len(parts) != 5 {
				return kvrecord.UnexpectedKey(entry.Key)
			}
			name := webhook.DeliveryName{Endpoint: webhook.Name{Site: parts[2], ID: parts[3]}, ID: parts[4]}
			for _, key := range [][]byte{entry.Key, deliveryKey(name), deliveryListKey(name)} {
				if err := tx.Delete(key); err != nil {
					return err
				}
			}
			n++
		}
		return nil
	})
	return n, err
}

// SweepEndpoints removes what is left of deleted endpoints.
func (s *Store) SweepEndpoints(ctx context.Context) error {
	var deleted []webhook.Name
	err := s.view(ctx, func(r kv.Reader) error {
		deleted = deleted[:0]
		for entry, err := range r.Scan(kv.Prefix([]byte(endpointPrefix))) {
			if err != nil {
				return err
			}
			row := &recordv1.Endpoint{}
			if err := kvrecord.Decode(entry.Key, entry.Value, row); err != nil {
				return err
			}
			name, err := parseEndpointKey(entry.Key)
			if err != nil {
				return err
			}
			if row.GetDeleteTime() != nil {
				deleted = append(deleted, name)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, name := range deleted {
		for more := true; more; {
			if more, err = s.sweepEndpoint(ctx, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// sweepEndpoint removes a few deliveries of a deleted endpoint, at last the
// endpoint itself, and reports whether there is more.
func (s *Store) sweepEndpoint(ctx context.Context, of webhook.Name) (more bool, err error) {
	err = s.update(ctx, func(tx kv.Tx) error {
		more = false
		scope := deliveryPrefix + of.Site + "/" + of.ID + "/"
		rows := kv.Prefix([]byte(scope))
		rows.Limit = purgeBatch
		for entry, err := range tx.Scan(rows) {
			if err != nil {
				return err
			}
			more = true
			row := &recordv1.Delivery{}
			if err := kvrecord.Decode(entry.Key, entry.Value, row); err != nil {
				return err
			}
			name := webhook.DeliveryName{Endpoint: of, ID: strings.TrimPrefix(string(entry.Key), scope)}
			if err := dropDelivery(tx, name, row); err != nil {
				return err
			}
		}
		if more {
			return nil
		}
		return tx.Delete(endpointKey(of))
	})
	return more, err
}

// dropDelivery removes everything there is of a delivery.
func dropDelivery(tx kv.Tx, name webhook.DeliveryName, row *recordv1.Delivery) error {
	keys := [][]byte{deliveryKey(name), deliveryListKey(name), chainKey(name, row.GetChain())}
	if at := row.GetTurnTime(); at != nil {
		keys = append(keys, turnKey(name, at.AsTime()))
	}
	if at := row.GetDelivery().GetPurgeTime(); at != nil {
		keys = append(keys, deliveryPurgeKey(name, at.AsTime()))
	}
	for _, key := range keys {
		if err := tx.Delete(key); err != nil {
			return err
		}
	}
	return nil
}
