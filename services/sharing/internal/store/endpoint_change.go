package store

import (
	"context"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/replay"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

// EndpointChange is what all changes of an endpoint have.
type EndpointChange struct {
	// Etag is that of the endpoint as the caller has seen it.
	Etag string
	// Request makes a retry harmless.
	Request replay.Request
	// Time is when it is made.
	Time time.Time
}

// UpdateEndpoint has edit change a copy of an endpoint and returns it. That it
// changes nothing is no error. It fails with RESOURCE_NOT_FOUND, EDIT_CONFLICT,
// REQUEST_ID_REUSED and the error of edit.
func (s *Store) UpdateEndpoint(ctx context.Context, name webhook.Name, c EndpointChange,
	edit func(*sharingv1.WebhookEndpoint) error,
) (*sharingv1.WebhookEndpoint, error) {
	told, _, err := s.changeEndpoint(ctx, name, c, func(row *recordv1.Endpoint) (bool, error) {
		before := proto.CloneOf(row.GetEndpoint())
		err := edit(row.GetEndpoint())
		return !proto.Equal(before, row.GetEndpoint()), err
	})
	return told, err
}

// RotateSecret gives an endpoint a new key and returns it with its secret, but
// not to a retry. Until the given time messages are signed with the former one,
// too. It fails with RESOURCE_NOT_FOUND, EDIT_CONFLICT, WRONG_STATE (a hub) and
// REQUEST_ID_REUSED.
func (s *Store) RotateSecret(ctx context.Context, name webhook.Name, c EndpointChange, key []byte, until time.Time,
) (*sharingv1.WebhookEndpoint, error) {
	told, replayed, err := s.changeEndpoint(ctx, name, c, func(row *recordv1.Endpoint) (bool, error) {
		if isHub(row) {
			return false, fault.State(name.String(), "%s is a hub, which is pinged without a signature", name)
		}
		rotate(row, key, until, c.Time)
		return true, nil
	})
	if err == nil && !replayed {
		told.Secret = webhook.SecretText(key)
	}
	return told, err
}

// rotate puts a key before those that are in use. Of those only the newest goes
// on: an address that is given three secrets in a row has somebody who wants the
// first one gone.
func rotate(row *recordv1.Endpoint, key []byte, until, now time.Time) {
	secrets := []*recordv1.Secret{{Key: key}}
	if former := row.GetSecrets(); len(former) > 0 && until.After(now) {
		secrets = append(secrets, &recordv1.Secret{Key: former[0].GetKey(), ExpireTime: timestamppb.New(until)})
	}
	row.Secrets = secrets
}

// DeleteEndpoint removes an endpoint and what was meant for it, and reports
// whether it did: not for a retry. It fails with RESOURCE_NOT_FOUND,
// EDIT_CONFLICT and REQUEST_ID_REUSED.
func (s *Store) DeleteEndpoint(ctx context.Context, name webhook.Name, c EndpointChange) (deleted bool, err error) {
	err = s.update(ctx, func(tx kv.Tx) error {
		deleted = false
		if known, err := requests().Answered(tx, c.Request, c.Time); known != "" || err != nil {
			return err
		}
		row, err := endpointRow(tx, name)
		if err != nil {
			return err
		}
		if err := checkEtag(name, row, c.Etag); err != nil {
			return err
		}
		if err := requests().Remember(tx, c.Request, name.String(), c.Time); err != nil {
			return err
		}
		// Nothing is signed for it again.
		row.Secrets, row.DeleteTime = nil, timestamppb.New(c.Time)
		deleted = true
		return putEndpoint(tx, name, row)
	})
	return deleted, err
}

func (s *Store) changeEndpoint(ctx context.Context, name webhook.Name, c EndpointChange,
	change func(*recordv1.Endpoint) (changed bool, err error),
) (told *sharingv1.WebhookEndpoint, replayed bool, err error) {
	err = s.update(ctx, func(tx kv.Tx) error {
		known, err := requests().Answered(tx, c.Request, c.Time)
		if replayed = known != ""; replayed || err != nil {
			told, err = replayedEndpoint(tx, known, c.Time, err)
			return err
		}
		row, err := endpointRow(tx, name)
		if err != nil {
			return err
		}
		if err := checkEtag(name, row, c.Etag); err != nil {
			return err
		}
		changed, err := change(row)
		if err != nil {
			return err
		}
		if changed {
			row.Revision++
			row.Endpoint.UpdateTime = timestamppb.New(c.Time)
		}
		if err := requests().Remember(tx, c.Request, name.String(), c.Time); err != nil {
			return err
		}
		told = tellEndpoint(row, c.Time)
		if !changed {
			return nil
		}
		return putEndpoint(tx, name, row)
	})
	return told, replayed, err
}

func checkEtag(name webhook.Name, row *recordv1.Endpoint, etag string) error {
	now := webhook.Etag(row.GetEndpoint().GetUid(), row.GetRevision())
	if etag == now {
		return nil
	}
	return fault.Conflict(name.String(), &faultv1.EditConflict{CurrentEtag: now, CurrentRevision: row.GetRevision()})
}

// keysOf returns the keys that a message is signed with at a time, newest first.
func keysOf(row *recordv1.Endpoint, now time.Time) [][]byte {
	var keys [][]byte
	for _, secret := range row.GetSecrets() {
		if end := secret.GetExpireTime(); end == nil || end.AsTime().After(now) {
			keys = append(keys, slices.Clone(secret.GetKey()))
		}
	}
	return keys
}
