package server

import (
	"context"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/filter"
	"github.com/skaitykla/skaitykla/internal/list"
	"github.com/skaitykla/skaitykla/internal/replay"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

// unfiltered is a list request without a filter.
type unfiltered struct {
	*sharingv1.ListWebhookEndpointsRequest
}

// GetFilter returns none.
func (unfiltered) GetFilter() string { return "" }

// ListWebhookEndpoints implements the method of the contract.
func (s *Server) ListWebhookEndpoints(ctx context.Context, req *sharingv1.ListWebhookEndpointsRequest) (*sharingv1.ListWebhookEndpointsResponse, error) {
	site, err := published.ParseSite("parent", req.GetParent())
	if err != nil {
		return nil, err
	}
	p, err := list.NewPage(ctx, s.Sealer, unfiltered{req}, req.GetParent(),
		sharingv1.SharingService_ListWebhookEndpoints_FullMethodName, filter.Fields[*sharingv1.WebhookEndpoint]{})
	if err != nil {
		return nil, err
	}
	all, err := s.Store.Endpoints(ctx, site, now())
	if err != nil {
		return nil, err
	}
	endpoints, next, err := p.Gather(func(after []byte, limit int) ([]list.Item[*sharingv1.WebhookEndpoint], error) {
		var batch []list.Item[*sharingv1.WebhookEndpoint]
		for _, e := range all {
			if e.GetName() > string(after) && len(batch) < limit {
				batch = append(batch, list.Item[*sharingv1.WebhookEndpoint]{Position: []byte(e.GetName()), Value: e})
			}
		}
		return batch, nil
	})
	if err != nil {
		return nil, err
	}
	return &sharingv1.ListWebhookEndpointsResponse{WebhookEndpoints: endpoints, NextPageToken: next}, nil
}

// GetDelivery implements the method of the contract.
func (s *Server) GetDelivery(ctx context.Context, req *sharingv1.GetDeliveryRequest) (*sharingv1.Delivery, error) {
	name, err := webhook.ParseDeliveryName("name", req.GetName())
	if err != nil {
		return nil, err
	}
	return s.Store.Delivery(ctx, name)
}

// ListDeliveries implements the method of the contract.
func (s *Server) ListDeliveries(ctx context.Context, req *sharingv1.ListDeliveriesRequest) (*sharingv1.ListDeliveriesResponse, error) {
	of, err := webhook.ParseParent("parent", req.GetParent())
	if err != nil {
		return nil, err
	}
	p, err := list.NewPage(ctx, s.Sealer, req, published.SiteName(of.Site),
		sharingv1.SharingService_ListDeliveries_FullMethodName, webhook.DeliveryFields())
	if err != nil {
		return nil, err
	}
	p.Allow = func(d *sharingv1.Delivery) bool { return d != nil }
	deliveries, next, err := p.Gather(func(after []byte, limit int) ([]list.Item[*sharingv1.Delivery], error) {
		found, err := s.Store.Deliveries(ctx, of, after, limit)
		batch := make([]list.Item[*sharingv1.Delivery], len(found))
		for i, item := range found {
			batch[i] = list.Item[*sharingv1.Delivery]{Position: item.Position, Value: item.Delivery}
		}
		return batch, err
	})
	if err != nil {
		return nil, err
	}
	for _, d := range deliveries {
		d.Payload = ""
	}
	return &sharingv1.ListDeliveriesResponse{Deliveries: deliveries, NextPageToken: next}, nil
}

// RetryDelivery implements the method of the contract.
func (s *Server) RetryDelivery(ctx context.Context, req *sharingv1.RetryDeliveryRequest) (*sharingv1.Delivery, error) {
	name, err := webhook.ParseDeliveryName("name", req.GetName())
	if err != nil {
		return nil, err
	}
	at := now()
	told, err := s.Store.RetryDelivery(ctx, name, req.GetEtag(), replay.Request{
		Principal: auth.FromContext(ctx).ID, Method: sharingv1.SharingService_RetryDelivery_FullMethodName,
		Target: name.String(), ID: req.GetRequestId(), Digest: replay.Digest(req),
	}, at)
	if err != nil {
		return nil, err
	}
	if told.GetUpdateTime().AsTime().Equal(at) {
		s.audit(ctx, "a delivery is tried again", name.String())
	}
	return told, nil
}
