package store

import (
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

// begin makes a delivery pending in its chain, with a turn at once when it is
// the first there.
func begin(tx kv.Tx, name webhook.DeliveryName, row *recordv1.Delivery, now time.Time) error {
	first, err := firstOf(tx, name.Endpoint, row.GetChain())
	if err != nil {
		return err
	}
	row.SinceTime, row.RoundAttemptCount = timestamppb.New(now), 0
	row.Delivery.State, row.Delivery.PurgeTime = sharingv1.Delivery_STATE_PENDING, nil
	row.Delivery.UpdateTime, row.Delivery.NextAttemptTime = timestamppb.New(now), timestamppb.New(now)
	if err := tx.Put(chainKey(name, row.GetChain()), nil); err != nil {
		return err
	}
	turn := time.Time{}
	if first == "" {
		turn = now
	}
	return putTurn(tx, name, row, turn)
}

// putTurn writes a delivery with its turn at a time, zero for none.
func putTurn(tx kv.Tx, name webhook.DeliveryName, row *recordv1.Delivery, at time.Time) error {
	if row.GetTurnTime() != nil {
		if err := tx.Delete(turnKey(name, row.GetTurnTime().AsTime())); err != nil {
			return err
		}
	}
	row.TurnTime = nil
	if !at.IsZero() {
		at = at.Truncate(time.Microsecond) // as in the key
		row.TurnTime = timestamppb.New(at)
		if err := tx.Put(turnKey(name, at), nil); err != nil {
			return err
		}
	}
	return kvrecord.Put(tx, deliveryKey(name), row)
}

// leave takes a delivery out of its chain, without writing it, and lets the next
// one begin.
func leave(tx kv.Tx, name webhook.DeliveryName, row *recordv1.Delivery, now time.Time) error {
	if err := tx.Delete(chainKey(name, row.GetChain())); err != nil {
		return err
	}
	id, err := firstOf(tx, name.Endpoint, row.GetChain())
	if id == "" || err != nil {
		return err
	}
	next, nextName := &recordv1.Delivery{}, webhook.DeliveryName{Endpoint: name.Endpoint, ID: id}
	if err := kvrecord.Get(tx, deliveryKey(nextName), next); err != nil {
		return err
	}
	if next.GetDelivery() == nil || next.GetTurnTime() != nil {
		return nil
	}
	return putTurn(tx, nextName, next, now)
}

// finish ends a delivery.
func finish(tx kv.Tx, name webhook.DeliveryName, row *recordv1.Delivery, state sharingv1.Delivery_State, now time.Time) error {
	purge := now.Add(webhook.KeptFor)
	row.Delivery.State, row.Delivery.NextAttemptTime = state, nil
	row.Delivery.UpdateTime, row.Delivery.PurgeTime = timestamppb.New(now), timestamppb.New(purge)
	row.Holder, row.LeaseExpireTime = "", nil
	if err := tx.Put(deliveryPurgeKey(name, purge), nil); err != nil {
		return err
	}
	if err := putTurn(tx, name, row, time.Time{}); err != nil {
		return err
	}
	return leave(tx, name, row, now)
}

// again makes a delivery due now, in a chain of its own: whoever asks for it
// does not want to wait for others. One that is in work goes on.
func again(tx kv.Tx, name webhook.DeliveryName, row *recordv1.Delivery, now time.Time) error {
	if row.GetHolder() != "" && row.GetLeaseExpireTime().AsTime().After(now) {
		return nil
	}
	if purge := row.GetDelivery().GetPurgeTime(); purge != nil {
		if err := tx.Delete(deliveryPurgeKey(name, purge.AsTime())); err != nil {
			return err
		}
	} else if err := leave(tx, name, row, now); err != nil {
		return err
	}
	row.Chain, row.Holder, row.LeaseExpireTime = "again-"+name.ID, "", nil
	return begin(tx, name, row, now)
}

// firstOf returns the id of the first delivery of a chain, "" when there is
// none.
func firstOf(r kv.Reader, endpoint webhook.Name, chain string) (string, error) {
	ids, err := chainOf(r, endpoint, chain, 1)
	if len(ids) == 0 {
		return "", err
	}
	return ids[0], err
}

// chainOf returns the ids of the first deliveries of a chain.
func chainOf(r kv.Reader, endpoint webhook.Name, chain string, limit int) ([]string, error) {
	var ids []string
	scope := chainScope(endpoint, chain)
	rows := kv.Prefix([]byte(scope))
	rows.Limit = limit
	for entry, err := range r.Scan(rows) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, strings.TrimPrefix(string(entry.Key), scope))
	}
	return ids, nil
}

func chainKey(n webhook.DeliveryName, chain string) []byte {
	return []byte(chainScope(n.Endpoint, chain) + n.ID)
}
