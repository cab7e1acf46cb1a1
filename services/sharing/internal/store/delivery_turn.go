package store

import (
	"bytes"
	"context"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

// Turn is an endpoint with deliveries that are pending.
type Turn struct {
	Endpoint webhook.Name
	// URI is its address.
	URI string
	// Time is when the first of them may be taken; in the past when now. Those of
	// an endpoint that is not sent to may be at any time, to be skipped, unless a
	// sender has them.
	Time time.Time
}

// Turns returns the endpoints with pending deliveries, one turn for each.
func (s *Store) Turns(ctx context.Context) ([]Turn, error) {
	var turns []Turn
	err := s.view(ctx, func(r kv.Reader) error {
		turns = turns[:0]
		rows := kv.Prefix([]byte(deliveryTurnPrefix))
		rows.Limit = 1
		for more := true; more; {
			more = false
			for entry, err := range r.Scan(rows) {
				if err != nil {
					return err
				}
				more = true
				name, at, err := parseTurn(entry.Key)
				if err != nil {
					return err
				}
				turn, err := turnFor(r, name, at)
				switch {
				case err == nil:
					turns = append(turns, turn)
				case !fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND):
					return err
				}
				rows.Start = kv.Prefix([]byte(turnScope(name.Endpoint))).End
			}
		}
		return nil
	})
	return turns, err
}

// turnFor returns the turn of the endpoint whose first delivery may be taken at
// a time.
func turnFor(r kv.Reader, name webhook.DeliveryName, at time.Time) (Turn, error) {
	endpoint, err := endpointRow(r, name.Endpoint)
	if err != nil {
		return Turn{}, err
	}
	turn := Turn{Endpoint: name.Endpoint, URI: endpoint.GetEndpoint().GetUri(), Time: at}
	if active(endpoint) {
		return turn, nil
	}
	row := &recordv1.Delivery{}
	if err := kvrecord.Get(r, deliveryKey(name), row); err != nil {
		return Turn{}, err
	}
	if row.GetHolder() == "" {
		turn.Time = time.Time{}
	}
	return turn, nil
}

// Work is a delivery that was taken.
type Work struct {
	Name webhook.DeliveryName
	// Skipped says that there is nothing to do: the delivery is over.
	Skipped bool

	MessageID   string
	Payload     []byte
	ContentType string
	// URI is where to send it.
	URI string
	// Keys are what to sign it with; none for a hub.
	Keys [][]byte
}

// Take reserves the next delivery to an endpoint, nil when none is due. It ends
// those that are not to be sent any more.
func (s *Store) Take(ctx context.Context, from webhook.Name, lease webhook.Lease, now time.Time) (*Work, error) {
	var work *Work
	err := s.update(ctx, func(tx kv.Tx) error {
		work = nil
		endpoint, err := endpointRow(tx, from)
		if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
			return nil
		}
		if err != nil {
			return err
		}
		name, row, err := nextTurn(tx, from)
		if row == nil || err != nil {
			return err
		}
		leased := row.GetHolder() != "" && row.GetLeaseExpireTime().AsTime().After(now)
		if leased || active(endpoint) && row.GetTurnTime().AsTime().After(now) {
			return nil
		}
		skip, err := superfluous(tx, name, row, endpoint)
		if err != nil {
			return err
		}
		work = &Work{Name: name, Skipped: skip}
		if skip {
			return finish(tx, name, row, sharingv1.Delivery_STATE_SKIPPED, now)
		}
		work.MessageID, work.ContentType = row.GetDelivery().GetMessageId(), row.GetContentType()
		work.Payload, work.URI = []byte(row.GetDelivery().GetPayload()), endpoint.GetEndpoint().GetUri()
		work.Keys = keysOf(endpoint, now)
		row.Holder, row.LeaseExpireTime = lease.Holder, timestamppb.New(lease.Until)
		row.RoundAttemptCount++
		row.Delivery.AttemptCount++
		row.Delivery.UpdateTime = timestamppb.New(now)
		return putTurn(tx, name, row, lease.Until)
	})
	return work, err
}

// nextTurn returns the delivery whose turn comes first, nil when there is none.
func nextTurn(tx kv.Tx, from webhook.Name) (name webhook.DeliveryName, row *recordv1.Delivery, err error) {
	turns := kv.Prefix([]byte(turnScope(from)))
	turns.Limit = 1
	var key []byte
	for entry, err := range tx.Scan(turns) {
		if err != nil {
			return name, nil, err
		}
		key = bytes.Clone(entry.Key)
	}
	if key == nil {
		return name, nil, nil
	}
	name, _, err = parseTurn(key)
	if err != nil {
		return name, nil, err
	}
	row = &recordv1.Delivery{}
	if err := kvrecord.Get(tx, deliveryKey(name), row); err != nil {
		return name, nil, err
	}
	if row.GetDelivery() == nil {
		return name, nil, kvrecord.UnexpectedKey(key)
	}
	return name, row, nil
}

// superfluous reports whether a delivery need not be sent: the endpoint wants
// none, its article was withdrawn, or a later ping does for this one.
func superfluous(tx kv.Tx, name webhook.DeliveryName, row *recordv1.Delivery, endpoint *recordv1.Endpoint) (bool, error) {
	if !active(endpoint) {
		return true, nil
	}
	if !isHub(endpoint) {
		return outdated(tx, row)
	}
	ids, err := chainOf(tx, name.Endpoint, row.GetChain(), 2)
	return len(ids) > 1, err
}

// Settle writes down what became of an attempt and returns the delivery, nil
// when the lease was lost: then somebody else has it, or has ended it.
func (s *Store) Settle(ctx context.Context, name webhook.DeliveryName, holder string, o webhook.Outcome, now time.Time,
) (*sharingv1.Delivery, error) {
	var told *sharingv1.Delivery
	err := s.update(ctx, func(tx kv.Tx) error {
		told = nil
		row := &recordv1.Delivery{}
		if err := kvrecord.Get(tx, deliveryKey(name), row); err != nil {
			return err
		}
		if row.GetHolder() != holder {
			return nil
		}
		endpoint := &recordv1.Endpoint{}
		if err := kvrecord.Get(tx, endpointKey(name.Endpoint), endpoint); err != nil {
			return err
		}
		if err := settle(tx, name, row, endpoint, o, now); err != nil {
			return err
		}
		told = tellDelivery(row)
		return nil
	})
	return told, err
}

func settle(tx kv.Tx, name webhook.DeliveryName, row *recordv1.Delivery, endpoint *recordv1.Endpoint, o webhook.Outcome, now time.Time) error {
	row.Holder, row.LeaseExpireTime = "", nil
	row.Delivery.UpdateTime = timestamppb.New(now)
	if o.Canceled {
		row.RoundAttemptCount--
		row.Delivery.AttemptCount--
		return putTurn(tx, name, row, now)
	}
	attempts := append(row.GetDelivery().GetAttempts(), &sharingv1.DeliveryAttempt{
		StartTime: timestamppb.New(o.Start), Duration: durationpb.New(o.Duration),
		ResponseCode: int32(o.Status), //nolint:gosec // at most 999
		Error:        o.Failure,
	})
	row.Delivery.Attempts = attempts[max(0, len(attempts)-webhook.KeptAttempts):]
	if o.Failure == "" {
		endpoint.Endpoint.SuccessTime = timestamppb.New(now)
		if err := finish(tx, name, row, sharingv1.Delivery_STATE_DELIVERED, now); err != nil {
			return err
		}
		return kvrecord.Put(tx, endpointKey(name.Endpoint), endpoint)
	}
	endpoint.Endpoint.FailureTime = timestamppb.New(now)
	next := o.Next(row.GetRoundAttemptCount(), row.GetSinceTime().AsTime(), now)
	if next.IsZero() {
		if err := finish(tx, name, row, sharingv1.Delivery_STATE_FAILED, now); err != nil {
			return err
		}
		return giveUp(tx, name, row, endpoint, o)
	}
	if row.GetWithdrawn() {
		next = now // to be skipped; the message about the withdrawal waits behind it
	}
	row.Delivery.NextAttemptTime = timestamppb.New(next)
	if err := putTurn(tx, name, row, next); err != nil {
		return err
	}
	return kvrecord.Put(tx, endpointKey(name.Endpoint), endpoint)
}

// giveUp writes an endpoint of which a delivery was given up, and suspends it
// when it wants no more, or took nothing all that time.
func giveUp(tx kv.Tx, name webhook.DeliveryName, row *recordv1.Delivery, endpoint *recordv1.Endpoint, o webhook.Outcome) error {
	success := endpoint.GetEndpoint().GetSuccessTime()
	silent := success == nil || success.AsTime().Before(row.GetSinceTime().AsTime())
	if active(endpoint) && (o.Gone || silent) {
		endpoint.Endpoint.State = sharingv1.WebhookEndpoint_STATE_SUSPENDED
		endpoint.Revision++
		return putEndpoint(tx, name.Endpoint, endpoint)
	}
	return kvrecord.Put(tx, endpointKey(name.Endpoint), endpoint)
}
