package store

import (
	"context"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	"github.com/skaitykla/skaitykla/internal/replay"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

// Message is what an endpoint is to be told.
type Message struct {
	// Delivery has event, message_id, article and payload.
	Delivery *sharingv1.Delivery
	// ContentType is the media type of the payload.
	ContentType string
	// Chain keeps an order: messages of one chain to one endpoint are sent one
	// after the other. It has no slash.
	Chain string
}

// AddDelivery puts a message on its way to an endpoint, the first of its chain
// at once, and reports whether it did: not when it was already, nor when the
// endpoint is not sent to or was made after the event.
func (s *Store) AddDelivery(ctx context.Context, to webhook.Name, m Message, event, now time.Time) (added bool, err error) {
	name := webhook.DeliveryName{Endpoint: to, ID: m.Delivery.GetMessageId()}
	err = s.update(ctx, func(tx kv.Tx) error {
		added = false
		if known, err := kvrecord.Has(tx, deliveryKey(name)); known || err != nil {
			return err
		}
		endpoint, err := endpointRow(tx, to)
		if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
			return nil
		}
		if err != nil || !active(endpoint) || endpoint.GetEndpoint().GetCreateTime().AsTime().After(event) {
			return err
		}
		added = true
		row := &recordv1.Delivery{Delivery: proto.CloneOf(m.Delivery), Chain: m.Chain, ContentType: m.ContentType}
		row.Delivery.Name, row.Delivery.CreateTime = name.String(), timestamppb.New(now)
		if err := tx.Put(deliveryListKey(name), nil); err != nil {
			return err
		}
		return begin(tx, name, row, now)
	})
	return added, err
}

// Delivery returns a delivery. It fails with RESOURCE_NOT_FOUND.
func (s *Store) Delivery(ctx context.Context, name webhook.DeliveryName) (*sharingv1.Delivery, error) {
	var told *sharingv1.Delivery
	err := s.view(ctx, func(r kv.Reader) error {
		row, err := deliveryRow(r, name)
		if err == nil {
			told = tellDelivery(row)
		}
		return err
	})
	return told, err
}

// deliveryRow fails with RESOURCE_NOT_FOUND, also when the endpoint is deleted.
func deliveryRow(r kv.Reader, name webhook.DeliveryName) (*recordv1.Delivery, error) {
	if _, err := endpointRow(r, name.Endpoint); err != nil {
		return nil, err
	}
	row := &recordv1.Delivery{}
	if err := kvrecord.Get(r, deliveryKey(name), row); err != nil {
		return nil, err
	}
	if row.GetDelivery() == nil {
		return nil, fault.NotFound(name.String())
	}
	return row, nil
}

// tellDelivery makes what is told of a delivery.
func tellDelivery(row *recordv1.Delivery) *sharingv1.Delivery {
	d := proto.CloneOf(row.GetDelivery())
	d.Etag = webhook.Etag(d.GetUid(), d.GetUpdateTime().AsTime().UnixMicro())
	return d
}

// RetryDelivery makes a delivery pending again, at once, and returns it. An
// empty etag stands for any state. It fails with RESOURCE_NOT_FOUND,
// EDIT_CONFLICT, WRONG_STATE (its endpoint is not sent to, or its article was
// withdrawn since) and REQUEST_ID_REUSED.
func (s *Store) RetryDelivery(ctx context.Context, name webhook.DeliveryName, etag string, request replay.Request, now time.Time,
) (*sharingv1.Delivery, error) {
	var told *sharingv1.Delivery
	err := s.update(ctx, func(tx kv.Tx) error {
		endpoint, err := endpointRow(tx, name.Endpoint)
		if err != nil {
			return err
		}
		row, err := deliveryRow(tx, name)
		if err != nil {
			return err
		}
		told = tellDelivery(row)
		if known, err := requests().Answered(tx, request, now); known != "" || err != nil {
			return err
		}
		if etag != "" && etag != told.GetEtag() {
			return fault.Conflict(name.String(), &faultv1.EditConflict{CurrentEtag: told.GetEtag()})
		}
		if !active(endpoint) {
			return fault.State(name.String(), "%s is not sent to; update it with disabled false first", name.Endpoint)
		}
		if err := refuseOutdated(tx, name, row); err != nil {
			return err
		}
		if err := requests().Remember(tx, request, name.String(), now); err != nil {
			return err
		}
		if err := again(tx, name, row, now); err != nil {
			return err
		}
		told = tellDelivery(row)
		return tx.Emit(Topic{Site: name.Endpoint.Site, Theme: DeliveryTheme, ID: name.ID}.key(), []byte("changed"))
	})
	return told, err
}
