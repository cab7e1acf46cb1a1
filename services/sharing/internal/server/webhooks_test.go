package server_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

const kabliukas = sharingtest.SiteName + "/webhookEndpoints/kabliukas"

func addEndpoint(t *testing.T, admin sharingv1.SharingServiceClient, id string, e *sharingv1.WebhookEndpoint) *sharingv1.WebhookEndpoint {
	t.Helper()
	made, err := admin.CreateWebhookEndpoint(t.Context(), &sharingv1.CreateWebhookEndpointRequest{
		Parent: sharingtest.SiteName, WebhookEndpointId: id, WebhookEndpoint: e,
	})
	must(t, err)
	return made
}

// TestWebhookEndpoint goes through the life of one.
func TestWebhookEndpoint(t *testing.T) {
	s := startLinks(t)
	admin := s.as(auth.Admin)
	req := &sharingv1.CreateWebhookEndpointRequest{
		Parent: sharingtest.SiteName, WebhookEndpointId: "kabliukas", RequestId: uuid.NewString(),
		WebhookEndpoint: &sharingv1.WebhookEndpoint{
			Uri: "https://Šiauliai.lt/ž", Note: "Savivaldybė\n", Events: []sharingv1.ArticleEvent{3, 1}, Secret: "whsec_mine", Creator: "other",
		},
	}
	made, err := admin.CreateWebhookEndpoint(t.Context(), req)
	must(t, err)
	want := &sharingv1.WebhookEndpoint{
		Name: kabliukas, Uri: "https://xn--iauliai-pqb.lt/%C5%BE", Note: "Savivaldybė", Events: []sharingv1.ArticleEvent{1, 3},
		Protocol: sharingv1.WebhookEndpoint_PROTOCOL_WEBHOOK, State: sharingv1.WebhookEndpoint_STATE_ACTIVE, Creator: testkit.PrincipalOf(auth.Admin).ID,
	}
	changing := protocmp.IgnoreFields(want, "uid", "create_time", "update_time", "etag", "secret")
	if diff := cmp.Diff(want, made, protocmp.Transform(), changing); diff != "" {
		t.Errorf("made (-want +got):\n%s", diff)
	}
	if !strings.HasPrefix(made.GetSecret(), "whsec_") || made.GetSecret() == "whsec_mine" || uuid.Validate(made.GetUid()) != nil {
		t.Errorf("made %v", made)
	}
	secret := made.GetSecret()
	made.Secret = ""
	again, err := admin.CreateWebhookEndpoint(t.Context(), req)
	must(t, err)
	read, err := admin.GetWebhookEndpoint(t.Context(), &sharingv1.GetWebhookEndpointRequest{Name: kabliukas})
	must(t, err)
	listed, err := admin.ListWebhookEndpoints(t.Context(), &sharingv1.ListWebhookEndpointsRequest{Parent: sharingtest.SiteName})
	must(t, err)
	all := append(listed.GetWebhookEndpoints(), again, read)
	if diff := cmp.Diff([]*sharingv1.WebhookEndpoint{made, made, made}, all, protocmp.Transform()); diff != "" {
		t.Errorf("listed, repeated and read, without secret (-want +got):\n%s", diff)
	}

	e := checkRotation(t, admin, made, secret)
	changed := checkUpdates(t, admin, made, e)

	_, err = admin.DeleteWebhookEndpoint(t.Context(), &sharingv1.DeleteWebhookEndpointRequest{Name: kabliukas})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_ETAG_REQUIRED)
	remove := &sharingv1.DeleteWebhookEndpointRequest{Name: kabliukas, Etag: changed.GetEtag(), RequestId: uuid.NewString()}
	for range 2 { // a retry has no second effect
		_, err = admin.DeleteWebhookEndpoint(t.Context(), remove)
		must(t, err)
	}
	_, err = admin.GetWebhookEndpoint(t.Context(), &sharingv1.GetWebhookEndpointRequest{Name: kabliukas})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
}

// checkRotation gives the endpoint new secrets, the last one at once, and
// returns it as it then is.
func checkRotation(t *testing.T, admin sharingv1.SharingServiceClient, made *sharingv1.WebhookEndpoint, secret string) *sharingv1.WebhookEndpoint {
	t.Helper()
	rotate := &sharingv1.RotateWebhookSecretRequest{WebhookEndpoint: kabliukas, Etag: made.GetEtag(), RequestId: uuid.NewString()}
	rotated, err := admin.RotateWebhookSecret(t.Context(), rotate)
	must(t, err)
	e := rotated.GetWebhookEndpoint()
	if end := e.GetFormerSecretExpireTime().AsTime(); e.GetSecret() == "" || e.GetSecret() == secret || time.Until(end).Round(time.Hour) != 24*time.Hour {
		t.Errorf("rotated: %v", e)
	}
	rotated, err = admin.RotateWebhookSecret(t.Context(), rotate)
	must(t, err)
	if rotated.GetWebhookEndpoint().GetSecret() != "" {
		t.Error("a retry is told the secret")
	}
	rotated, err = admin.RotateWebhookSecret(t.Context(), &sharingv1.RotateWebhookSecretRequest{
		WebhookEndpoint: kabliukas, Etag: e.GetEtag(), OverlapDuration: durationpb.New(0),
	})
	must(t, err)
	if e = rotated.GetWebhookEndpoint(); e.GetFormerSecretExpireTime() != nil || e.GetSecret() == "" {
		t.Errorf("rotated at once: %v", e)
	}
	return e
}

// checkUpdates disables the rotated endpoint, after an attempt with the etag of
// the one that was made, and returns it as it then is.
func checkUpdates(t *testing.T, admin sharingv1.SharingServiceClient, made, e *sharingv1.WebhookEndpoint) *sharingv1.WebhookEndpoint {
	t.Helper()
	_, err := admin.UpdateWebhookEndpoint(t.Context(), &sharingv1.UpdateWebhookEndpointRequest{WebhookEndpoint: made})
	testkit.WantFault(t, err, codes.Aborted, faultv1.Reason_REASON_EDIT_CONFLICT)
	changed, err := admin.UpdateWebhookEndpoint(t.Context(), &sharingv1.UpdateWebhookEndpointRequest{
		WebhookEndpoint: &sharingv1.WebhookEndpoint{Name: kabliukas, Etag: e.GetEtag(), Disabled: true},
	})
	must(t, err)
	if changed.GetState() != sharingv1.WebhookEndpoint_STATE_DISABLED || changed.GetUri() != made.GetUri() || changed.GetEtag() == e.GetEtag() {
		t.Errorf("disabled: %v", changed)
	}
	same, err := admin.UpdateWebhookEndpoint(t.Context(), &sharingv1.UpdateWebhookEndpointRequest{WebhookEndpoint: changed})
	must(t, err)
	if same.GetEtag() != changed.GetEtag() {
		t.Error("that nothing is changed makes another etag")
	}
	return changed
}

// TestWebhookEndpointRefuses addresses that are not sent to, and more.
func TestWebhookEndpointRefuses(t *testing.T) {
	s := startLinks(t)
	admin := s.as(auth.Admin)
	const invalid = faultv1.Reason_REASON_INVALID_FIELD
	tests := []struct {
		name, parent, uri string
		code              codes.Code
		reason            faultv1.Reason
	}{
		{"loopback", sharingtest.SiteName, "https://127.0.0.1/", codes.InvalidArgument, invalid},
		{"metadata of clouds", sharingtest.SiteName, "https://169.254.169.254/latest", codes.InvalidArgument, invalid},
		{"private", sharingtest.SiteName, "https://[fd00::1]/", codes.InvalidArgument, invalid},
		{"http", sharingtest.SiteName, "http://example.org/", codes.InvalidArgument, invalid},
		{"password", sharingtest.SiteName, "https://a:b@example.org/", codes.InvalidArgument, invalid},
		{"fragment", sharingtest.SiteName, "https://example.org/#a", codes.InvalidArgument, invalid},
		{"header", sharingtest.SiteName, "https://example.org/\r\nx: y", codes.InvalidArgument, invalid},
		{"script", sharingtest.SiteName, "javascript:alert(1)", codes.InvalidArgument, invalid},
		{"long", sharingtest.SiteName, "https://example.org/" + strings.Repeat("a", 1000), codes.InvalidArgument, invalid},
		{"none", sharingtest.SiteName, "", codes.InvalidArgument, invalid},
		{"no site", "sites/nera", "https://example.org/", codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND},
	}
	operator := s.as(auth.Operator)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := operator.CreateWebhookEndpoint(t.Context(), &sharingv1.CreateWebhookEndpointRequest{
				Parent: test.parent, WebhookEndpoint: &sharingv1.WebhookEndpoint{Uri: test.uri},
			})
			testkit.WantFault(t, err, test.code, test.reason)
		})
	}
	hub := addEndpoint(t, admin, "hub", &sharingv1.WebhookEndpoint{
		Uri: "https://hub.example.org/", Protocol: sharingv1.WebhookEndpoint_PROTOCOL_WEBSUB, Events: []sharingv1.ArticleEvent{1},
	})
	if hub.GetSecret() != "" || len(hub.GetEvents()) != 0 {
		t.Errorf("a hub is %v", hub)
	}
	_, err := admin.RotateWebhookSecret(t.Context(), &sharingv1.RotateWebhookSecretRequest{WebhookEndpoint: hub.GetName(), Etag: hub.GetEtag()})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_WRONG_STATE)
	_, err = admin.UpdateWebhookEndpoint(t.Context(), &sharingv1.UpdateWebhookEndpointRequest{
		WebhookEndpoint: hub, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"protocol"}},
	})
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD_MASK)
	_, err = admin.CreateWebhookEndpoint(t.Context(), &sharingv1.CreateWebhookEndpointRequest{
		Parent: sharingtest.SiteName, WebhookEndpointId: "hub", WebhookEndpoint: &sharingv1.WebhookEndpoint{Uri: "https://example.org/"},
	})
	testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_RESOURCE_EXISTS)
	for i := range 9 {
		addEndpoint(t, admin, fmt.Sprintf("nr%d", i), &sharingv1.WebhookEndpoint{Uri: "https://example.org/"})
	}
	_, err = admin.CreateWebhookEndpoint(t.Context(), &sharingv1.CreateWebhookEndpointRequest{
		Parent: sharingtest.SiteName, WebhookEndpoint: &sharingv1.WebhookEndpoint{Uri: "https://example.org/"},
	})
	testkit.WantFault(t, err, codes.ResourceExhausted, faultv1.Reason_REASON_TOO_MANY_ENDPOINTS)
	var names []string
	for token := ""; ; {
		page, err := admin.ListWebhookEndpoints(t.Context(), &sharingv1.ListWebhookEndpointsRequest{
			Parent: sharingtest.SiteName, PageSize: 4, PageToken: token,
		})
		must(t, err)
		for _, e := range page.GetWebhookEndpoints() {
			names = append(names, e.GetName())
		}
		if token = page.GetNextPageToken(); token == "" {
			break
		}
	}
	if len(names) != 10 || names[0] != hub.GetName() {
		t.Errorf("the pages have %v", names)
	}
	hubs, err := s.store.Hubs(t.Context(), "biblioteka")
	must(t, err)
	if diff := cmp.Diff([]string{"https://hub.example.org/"}, hubs); diff != "" {
		t.Errorf("hubs (-want +got):\n%s", diff)
	}
}

// TestWebhookLog manages an endpoint and finds who did what in the log, once
// although each call is made twice, and neither its secrets nor its address.
func TestWebhookLog(t *testing.T) {
	var log bytes.Buffer
	s := startLinksLogging(t, slog.New(slog.NewTextHandler(&log, nil)))
	admin := s.as(auth.Admin)
	create := &sharingv1.CreateWebhookEndpointRequest{
		Parent: sharingtest.SiteName, WebhookEndpointId: "kabliukas", RequestId: uuid.NewString(),
		WebhookEndpoint: &sharingv1.WebhookEndpoint{Uri: "https://example.org/slaptas-kelias"},
	}
	made := twice(t, create, admin.CreateWebhookEndpoint)
	rotated := twice(t, &sharingv1.RotateWebhookSecretRequest{
		WebhookEndpoint: kabliukas, Etag: made.GetEtag(), RequestId: uuid.NewString(),
	}, admin.RotateWebhookSecret).GetWebhookEndpoint()
	changed := twice(t, &sharingv1.UpdateWebhookEndpointRequest{
		WebhookEndpoint: &sharingv1.WebhookEndpoint{Name: kabliukas, Etag: rotated.GetEtag(), Note: "Savivaldybė"}, RequestId: uuid.NewString(),
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"note"}},
	}, admin.UpdateWebhookEndpoint)
	s.deliver(t, "kabliukas")
	listed, err := admin.ListDeliveries(t.Context(), &sharingv1.ListDeliveriesRequest{Parent: kabliukas, Filter: "state = DELIVERED"})
	must(t, err)
	twice(t, &sharingv1.RetryDeliveryRequest{Name: listed.GetDeliveries()[0].GetName(), RequestId: uuid.NewString()}, admin.RetryDelivery)
	read, err := admin.GetWebhookEndpoint(t.Context(), &sharingv1.GetWebhookEndpointRequest{Name: changed.GetName()})
	must(t, err)
	twice(t, &sharingv1.DeleteWebhookEndpointRequest{Name: kabliukas, Etag: read.GetEtag(), RequestId: uuid.NewString()}, admin.DeleteWebhookEndpoint)
	for _, hidden := range []string{made.GetSecret(), rotated.GetSecret(), "whsec_", "slaptas-kelias"} {
		if strings.Contains(log.String(), hidden) {
			t.Errorf("the log has %q", hidden)
		}
	}
	if n := strings.Count(log.String(), "by="+testkit.PrincipalOf(auth.Admin).ID); n != 5 || !strings.Contains(log.String(), kabliukas) {
		t.Errorf("the log has %d of 5 changes:\n%s", n, log.String())
	}
	for _, what := range []string{"was made", "was rotated", "was changed", "is tried again", "was deleted"} {
		if n := strings.Count(log.String(), what); n != 1 {
			t.Errorf("the log has %d times that something %s", n, what)
		}
	}
}

// twice makes a call and makes it again, as after a lost answer, and returns the
// first answer.
func twice[Q, A any](t *testing.T, req Q, call func(context.Context, Q, ...grpc.CallOption) (A, error)) A {
	t.Helper()
	first, err := call(t.Context(), req)
	must(t, err)
	_, err = call(t.Context(), req)
	must(t, err)
	return first
}
