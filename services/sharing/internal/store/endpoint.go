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

// CreateEndpoint stores a new endpoint that signs with the key, none for a hub,
// and returns it with its secret. A request that was answered before has no
// second effect and is not told the secret again. It fails with
// RESOURCE_NOT_FOUND (the site), RESOURCE_EXISTS, TOO_MANY_ENDPOINTS and
// REQUEST_ID_REUSED.
func (s *Store) CreateEndpoint(ctx context.Context, name webhook.Name, e *sharingv1.WebhookEndpoint, key []byte, request replay.Request,
	now time.Time,
) (*sharingv1.WebhookEndpoint, error) {
	var told *sharingv1.WebhookEndpoint
	err := s.update(ctx, func(tx kv.Tx) error {
		if known, err := requests().Answered(tx, request, now); known != "" || err != nil {
			told, err = replayedEndpoint(tx, known, now, err)
			return err
		}
		if err := admit(tx, name); err != nil {
			return err
		}
		row := &recordv1.Endpoint{Endpoint: proto.CloneOf(e), Revision: 1}
		if key != nil {
			row.Secrets = []*recordv1.Secret{{Key: key}}
		}
		if err := requests().Remember(tx, request, name.String(), now); err != nil {
			return err
		}
		told = tellEndpoint(row, now)
		if key != nil {
			told.Secret = webhook.SecretText(key)
		}
		return putEndpoint(tx, name, row)
	})
	return told, err
}

// admitRows is how many endpoints of a site admit looks at, deleted ones
// included: of those there can be any number until they are swept.
const admitRows = 40

// admit fails when the endpoint cannot be made.
func admit(tx kv.Tx, name webhook.Name) error {
	site := &recordv1.Site{}
	if err := kvrecord.Get(tx, siteKey(name.Site), site); err != nil {
		return err
	}
	if site.GetSite() == nil || site.GetDeleteTime() != nil {
		return fault.NotFound("sites/" + name.Site)
	}
	if taken, err := kvrecord.Has(tx, endpointKey(name)); taken || err != nil {
		if err == nil {
			err = fault.Exists(name.String())
		}
		return err
	}
	rows := kv.Prefix(endpointKey(webhook.Name{Site: name.Site}))
	rows.Limit = admitRows
	n, seen := 0, 0
	for entry, err := range tx.Scan(rows) {
		if err != nil {
			return err
		}
		seen++
		row := &recordv1.Endpoint{}
		if err := kvrecord.Decode(entry.Key, entry.Value, row); err != nil {
			return err
		}
		if row.GetDeleteTime() == nil {
			n++
		}
	}
	if n < webhook.MaxEndpoints && seen == admitRows {
		return fault.New(faultv1.Reason_REASON_TOO_MANY_ENDPOINTS,
			"many endpoints of the site were deleted just now, and what was meant for them is still being removed; try again in a moment")
	}
	if n >= webhook.MaxEndpoints {
		return fault.New(faultv1.Reason_REASON_TOO_MANY_ENDPOINTS,
			"the site has %d endpoints, and no more are allowed; delete one that is not needed", n)
	}
	return nil
}

// replayedEndpoint tells an endpoint for a request that was answered before.
func replayedEndpoint(r kv.Reader, known string, now time.Time, err error) (*sharingv1.WebhookEndpoint, error) {
	if err != nil {
		return nil, err
	}
	name, err := webhook.ParseName("name", known)
	if err != nil {
		return nil, err
	}
	row, err := endpointRow(r, name)
	if err != nil {
		return nil, err
	}
	return tellEndpoint(row, now), nil
}

// Endpoint returns an endpoint without its secret. It fails with
// RESOURCE_NOT_FOUND.
func (s *Store) Endpoint(ctx context.Context, name webhook.Name, now time.Time) (*sharingv1.WebhookEndpoint, error) {
	var told *sharingv1.WebhookEndpoint
	err := s.view(ctx, func(r kv.Reader) error {
		row, err := endpointRow(r, name)
		if err == nil {
			told = tellEndpoint(row, now)
		}
		return err
	})
	return told, err
}

// Endpoints returns the endpoints of a site by id, without their secrets.
func (s *Store) Endpoints(ctx context.Context, site string, now time.Time) ([]*sharingv1.WebhookEndpoint, error) {
	var all []*sharingv1.WebhookEndpoint
	err := s.view(ctx, func(r kv.Reader) error {
		rows, err := endpointRows(r, site)
		all = all[:0]
		for _, row := range rows {
			all = append(all, tellEndpoint(row, now))
		}
		return err
	})
	return all, err
}

// Hubs returns the addresses of the hubs that feeds of a site name: those of
// its active WEBSUB endpoints, by id.
func (s *Store) Hubs(ctx context.Context, site string) ([]string, error) {
	var hubs []string
	err := s.view(ctx, func(r kv.Reader) error {
		rows, err := endpointRows(r, site)
		hubs = hubs[:0]
		for _, row := range rows {
			if isHub(row) && active(row) {
				hubs = append(hubs, row.GetEndpoint().GetUri())
			}
		}
		return err
	})
	return hubs, err
}

// endpointRows returns the endpoints of a site that are not deleted, by id.
func endpointRows(r kv.Reader, site string) ([]*recordv1.Endpoint, error) {
	var rows []*recordv1.Endpoint
	for entry, err := range r.Scan(kv.Prefix(endpointKey(webhook.Name{Site: site}))) {
		if err != nil {
			return nil, err
		}
		row := &recordv1.Endpoint{}
		if err := kvrecord.Decode(entry.Key, entry.Value, row); err != nil {
			return nil, err
		}
		if row.GetDeleteTime() == nil {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// endpointRow fails with RESOURCE_NOT_FOUND.
func endpointRow(r kv.Reader, name webhook.Name) (*recordv1.Endpoint, error) {
	row := &recordv1.Endpoint{}
	if err := kvrecord.Get(r, endpointKey(name), row); err != nil {
		return nil, err
	}
	if row.GetEndpoint() == nil || row.GetDeleteTime() != nil {
		return nil, fault.NotFound(name.String())
	}
	return row, nil
}

// putEndpoint writes an endpoint and tells the change log; feeds name hubs, so
// for one the site is what changed.
func putEndpoint(tx kv.Tx, name webhook.Name, row *recordv1.Endpoint) error {
	if err := kvrecord.Put(tx, endpointKey(name), row); err != nil {
		return err
	}
	if isHub(row) {
		if err := advanceGeneration(tx, name.Site); err != nil {
			return err
		}
		if err := tx.Emit(Topic{Site: name.Site}.key(), []byte("site")); err != nil {
			return err
		}
	}
	return tx.Emit(Topic{Site: name.Site, Theme: WebhookTheme, ID: name.ID}.key(), []byte("changed"))
}

func isHub(row *recordv1.Endpoint) bool {
	return row.GetEndpoint().GetProtocol() == sharingv1.WebhookEndpoint_PROTOCOL_WEBSUB
}

// active reports whether the endpoint is sent to.
func active(row *recordv1.Endpoint) bool {
	return row.GetDeleteTime() == nil && row.GetEndpoint().GetState() == sharingv1.WebhookEndpoint_STATE_ACTIVE
}

// tellEndpoint makes what is told of an endpoint.
func tellEndpoint(row *recordv1.Endpoint, now time.Time) *sharingv1.WebhookEndpoint {
	e := proto.CloneOf(row.GetEndpoint())
	e.Etag = webhook.Etag(e.GetUid(), row.GetRevision())
	for _, secret := range row.GetSecrets() {
		if end := secret.GetExpireTime(); end != nil && end.AsTime().After(now) {
			e.FormerSecretExpireTime = timestamppb.New(end.AsTime())
		}
	}
	return e
}
