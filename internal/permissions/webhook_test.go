package permissions_test

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// webhookRows is the part of the table about webhooks.
func webhookRows() []row {
	const managers = "tdddyydd"
	return []row{
		{"CreateWebhookEndpoint", "", nil, managers, createEndpoint},
		{"GetWebhookEndpoint", "", nil, managers, getEndpoint},
		{"ListWebhookEndpoints", "", nil, managers, listEndpoints},
		{"UpdateWebhookEndpoint", "", nil, managers, updateEndpoint},
		{"DeleteWebhookEndpoint", "", nil, managers, deleteEndpoint},
		{"RotateWebhookSecret", "", nil, managers, rotateSecret},
		{"ListDeliveries", "", nil, managers, listDeliveries},
		// There is none, which is told to those only who might see one.
		{"GetDelivery", "", nil, "tdddhhdd", getDelivery},
		{"RetryDelivery", "", nil, "tdddhhdd", retryDelivery},
	}
}

func newEndpoint() *sharingv1.WebhookEndpoint {
	return &sharingv1.WebhookEndpoint{Uri: "https://kabliukas.example.lt/" + uuid.NewString(), Note: secret}
}

// withEndpoint has an administrator make an endpoint, which is gone after the
// call: a site has few.
func withEndpoint(ctx context.Context, s *suite, call func(*sharingv1.WebhookEndpoint) error) error {
	admin := s.as(person(auth.Admin, library)).sharing
	made, err := admin.CreateWebhookEndpoint(ctx, &sharingv1.CreateWebhookEndpointRequest{Parent: library, WebhookEndpoint: newEndpoint()})
	for err != nil && rpc.FromStatus(err).Reason == faultv1.Reason_REASON_RESOURCE_NOT_FOUND {
		// The sharing service lists the sites every few seconds.
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
		made, err = admin.CreateWebhookEndpoint(ctx, &sharingv1.CreateWebhookEndpointRequest{Parent: library, WebhookEndpoint: newEndpoint()})
	}
	must(s.t, err)
	failed := call(made)
	left, err := admin.GetWebhookEndpoint(ctx, &sharingv1.GetWebhookEndpointRequest{Name: made.GetName()})
	if err == nil {
		_, err = admin.DeleteWebhookEndpoint(ctx, &sharingv1.DeleteWebhookEndpointRequest{Name: left.GetName(), Etag: left.GetEtag()})
		must(s.t, err)
	}
	return failed
}

func createEndpoint(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
	must(s.t, withEndpoint(ctx, s, func(*sharingv1.WebhookEndpoint) error { return nil })) // the site is known
	made, err := c.sharing.CreateWebhookEndpoint(ctx, &sharingv1.CreateWebhookEndpointRequest{Parent: library, WebhookEndpoint: newEndpoint()})
	if err == nil {
		_, err = c.sharing.DeleteWebhookEndpoint(ctx, &sharingv1.DeleteWebhookEndpointRequest{Name: made.GetName(), Etag: made.GetEtag()})
	}
	return err
}

func getEndpoint(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
	return withEndpoint(ctx, s, func(e *sharingv1.WebhookEndpoint) error {
		told, err := c.sharing.GetWebhookEndpoint(ctx, &sharingv1.GetWebhookEndpointRequest{Name: e.GetName()})
		if told.GetSecret() != "" {
			s.t.Error("a secret is told twice")
		}
		return err
	})
}

func listEndpoints(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
	return withEndpoint(ctx, s, func(*sharingv1.WebhookEndpoint) error {
		_, err := c.sharing.ListWebhookEndpoints(ctx, &sharingv1.ListWebhookEndpointsRequest{Parent: library})
		return err
	})
}

func updateEndpoint(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
	return withEndpoint(ctx, s, func(e *sharingv1.WebhookEndpoint) error {
		e.Note = secret + " kita"
		_, err := c.sharing.UpdateWebhookEndpoint(ctx, &sharingv1.UpdateWebhookEndpointRequest{WebhookEndpoint: e})
		return err
	})
}

func deleteEndpoint(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
	return withEndpoint(ctx, s, func(e *sharingv1.WebhookEndpoint) error {
		_, err := c.sharing.DeleteWebhookEndpoint(ctx, &sharingv1.DeleteWebhookEndpointRequest{Name: e.GetName(), Etag: e.GetEtag()})
		return err
	})
}

func rotateSecret(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
	return withEndpoint(ctx, s, func(e *sharingv1.WebhookEndpoint) error {
		_, err := c.sharing.RotateWebhookSecret(ctx, &sharingv1.RotateWebhookSecretRequest{WebhookEndpoint: e.GetName(), Etag: e.GetEtag()})
		return err
	})
}

func listDeliveries(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
	return withEndpoint(ctx, s, func(e *sharingv1.WebhookEndpoint) error {
		_, err := c.sharing.ListDeliveries(ctx, &sharingv1.ListDeliveriesRequest{Parent: e.GetName()})
		return err
	})
}

func getDelivery(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
	return withEndpoint(ctx, s, func(e *sharingv1.WebhookEndpoint) error {
		_, err := c.sharing.GetDelivery(ctx, &sharingv1.GetDeliveryRequest{Name: e.GetName() + "/deliveries/nera"})
		return err
	})
}

func retryDelivery(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
	return withEndpoint(ctx, s, func(e *sharingv1.WebhookEndpoint) error {
		_, err := c.sharing.RetryDelivery(ctx, &sharingv1.RetryDeliveryRequest{Name: e.GetName() + "/deliveries/nera"})
		return err
	})
}
