package server

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/replay"
	"github.com/skaitykla/skaitykla/internal/rpc"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

// standardOverlap is how long a former secret is used when nobody says.
const standardOverlap = 24 * time.Hour

// CreateWebhookEndpoint implements the method of the contract.
func (s *Server) CreateWebhookEndpoint(ctx context.Context, req *sharingv1.CreateWebhookEndpointRequest) (*sharingv1.WebhookEndpoint, error) {
	site, err := published.ParseSite("parent", req.GetParent())
	if err != nil {
		return nil, err
	}
	name := webhook.Name{Site: site, ID: req.GetWebhookEndpointId()}
	if name.ID == "" {
		name.ID = webhook.NewID()
	}
	uid, err := uuid.NewRandom()
	if err != nil {
		return nil, fmt.Errorf("make the uid of an endpoint: %w", err)
	}
	caller, at := auth.FromContext(ctx).ID, now()
	made := &sharingv1.WebhookEndpoint{
		Name: name.String(), Uid: uid.String(), Protocol: req.GetWebhookEndpoint().GetProtocol(), Creator: caller,
		CreateTime: timestamppb.New(at), UpdateTime: timestamppb.New(at),
	}
	edit := webhook.Edit{Content: req.GetWebhookEndpoint(), Fields: webhook.Fields()}
	if err := edit.Apply(made, s.Addresses); err != nil {
		return nil, err
	}
	key := webhook.NewSecret()
	if made.GetProtocol() == sharingv1.WebhookEndpoint_PROTOCOL_WEBSUB {
		key, made.Events = nil, nil
	} else {
		made.Protocol = sharingv1.WebhookEndpoint_PROTOCOL_WEBHOOK
	}
	told, err := s.Store.CreateEndpoint(ctx, name, made, key, replay.Request{
		Principal: caller, Method: sharingv1.SharingService_CreateWebhookEndpoint_FullMethodName,
		Target: req.GetParent(), ID: req.GetRequestId(), Digest: replay.Digest(req),
	}, at)
	if err != nil {
		return nil, err
	}
	if told.GetUid() == made.GetUid() {
		s.audit(ctx, "a webhook endpoint was made", told.GetName())
	}
	return told, nil
}

// GetWebhookEndpoint implements the method of the contract.
func (s *Server) GetWebhookEndpoint(ctx context.Context, req *sharingv1.GetWebhookEndpointRequest) (*sharingv1.WebhookEndpoint, error) {
	name, err := webhook.ParseName("name", req.GetName())
	if err != nil {
		return nil, err
	}
	return s.Store.Endpoint(ctx, name, now())
}

// UpdateWebhookEndpoint implements the method of the contract.
func (s *Server) UpdateWebhookEndpoint(ctx context.Context, req *sharingv1.UpdateWebhookEndpointRequest) (*sharingv1.WebhookEndpoint, error) {
	name, err := webhook.ParseName("webhook_endpoint.name", req.GetWebhookEndpoint().GetName())
	if err != nil {
		return nil, err
	}
	edit, err := webhook.NewEdit(req.GetUpdateMask(), req.GetWebhookEndpoint())
	if err != nil {
		return nil, err
	}
	etag, err := rpc.Etag(ctx, req.GetWebhookEndpoint().GetEtag())
	if err != nil {
		return nil, err
	}
	change := endpointChange(ctx, sharingv1.SharingService_UpdateWebhookEndpoint_FullMethodName, name, etag)
	change.Request.ID, change.Request.Digest = req.GetRequestId(), replay.Digest(req, etag)
	told, err := s.Store.UpdateEndpoint(ctx, name, change, func(e *sharingv1.WebhookEndpoint) error {
		return edit.Apply(e, s.Addresses)
	})
	if err != nil {
		return nil, err
	}
	if told.GetUpdateTime().AsTime().Equal(change.Time) {
		s.audit(ctx, "a webhook endpoint was changed", told.GetName())
	}
	return told, nil
}

// DeleteWebhookEndpoint implements the method of the contract.
func (s *Server) DeleteWebhookEndpoint(ctx context.Context, req *sharingv1.DeleteWebhookEndpointRequest) (*emptypb.Empty, error) {
	name, err := webhook.ParseName("name", req.GetName())
	if err != nil {
		return nil, err
	}
	etag, err := rpc.Etag(ctx, req.GetEtag())
	if err != nil {
		return nil, err
	}
	change := endpointChange(ctx, sharingv1.SharingService_DeleteWebhookEndpoint_FullMethodName, name, etag)
	change.Request.ID, change.Request.Digest = req.GetRequestId(), replay.Digest(req, etag)
	deleted, err := s.Store.DeleteEndpoint(ctx, name, change)
	if err != nil {
		return nil, err
	}
	if deleted {
		s.audit(ctx, "a webhook endpoint was deleted", name.String())
	}
	return &emptypb.Empty{}, nil
}

// RotateWebhookSecret implements the method of the contract.
func (s *Server) RotateWebhookSecret(ctx context.Context, req *sharingv1.RotateWebhookSecretRequest) (*sharingv1.RotateWebhookSecretResponse, error) {
	name, err := webhook.ParseName("webhook_endpoint", req.GetWebhookEndpoint())
	if err != nil {
		return nil, err
	}
	etag, err := rpc.Etag(ctx, req.GetEtag())
	if err != nil {
		return nil, err
	}
	overlap := standardOverlap
	if asked := req.GetOverlapDuration(); asked != nil {
		overlap = asked.AsDuration()
	}
	change := endpointChange(ctx, sharingv1.SharingService_RotateWebhookSecret_FullMethodName, name, etag)
	change.Request.ID, change.Request.Digest = req.GetRequestId(), replay.Digest(req, etag)
	told, err := s.Store.RotateSecret(ctx, name, change, webhook.NewSecret(), change.Time.Add(overlap))
	if err != nil {
		return nil, err
	}
	if told.GetSecret() != "" {
		s.audit(ctx, "the secret of a webhook endpoint was rotated", told.GetName())
	}
	return &sharingv1.RotateWebhookSecretResponse{WebhookEndpoint: told}, nil
}

func endpointChange(ctx context.Context, method string, name webhook.Name, etag string) store.EndpointChange {
	return store.EndpointChange{
		Etag: etag, Time: now(),
		Request: replay.Request{Principal: auth.FromContext(ctx).ID, Method: method, Target: name.String()},
	}
}

// audit writes down who changed what, once and not again for a retry, and never
// an address or a secret.
func (s *Server) audit(ctx context.Context, what, name string) {
	s.Log.InfoContext(ctx, "webhooks were managed", slog.String("what", what), slog.String("name", name),
		slog.String("by", auth.FromContext(ctx).ID))
}
