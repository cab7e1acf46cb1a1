package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

// deliver makes deliveries to an endpoint of ten articles and settles the first
// of them: one was taken, one failed, one was given up.
func (s *linkSuite) deliver(t *testing.T, to string) {
	t.Helper()
	name := webhook.Name{Site: "biblioteka", ID: to}
	at := time.Now().UTC().Truncate(time.Microsecond)
	for i := range 10 {
		event := webhook.Event{Kind: sharingv1.ArticleEvent(1 + i%3), Site: "biblioteka", UID: fmt.Sprint(i), Time: at.Add(time.Duration(i) * time.Second)}
		s.publish(t, piece(fmt.Sprintf("nr-%d", i)))
		_, err := s.store.AddDelivery(t.Context(), name, store.Message{
			Delivery: &sharingv1.Delivery{
				Uid: uuid.NewString(), MessageId: webhook.MessageID(event), Event: event.Kind, Payload: `{"a":1}`,
				Article: fmt.Sprintf("%s/articles/nr-%d", sharingtest.SiteName, i),
			},
			ContentType: "application/json", Chain: event.UID,
		}, event.Time, at)
		must(t, err)
	}
	for _, outcome := range []webhook.Outcome{
		{Start: at, Status: 204}, {Start: at, Status: 500, Failure: "the receiver answered 500"}, {Start: at, Failure: "away"},
	} {
		work, err := s.store.Take(t.Context(), name, webhook.Lease{Holder: "a", Until: at.Add(time.Minute)}, at)
		must(t, err)
		settled := at
		if outcome.Failure == "away" {
			settled = at.Add(webhook.GiveUpAfter)
		}
		_, err = s.store.Settle(t.Context(), work.Name, "a", outcome, settled)
		must(t, err)
	}
}

func TestDeliveries(t *testing.T) {
	s := startLinks(t)
	admin := s.as(auth.Admin)
	for _, id := range []string{"vienas", "antras"} {
		addEndpoint(t, admin, id, &sharingv1.WebhookEndpoint{Uri: "https://example.org/" + id})
		s.deliver(t, id)
	}
	list := func(parent, filter string) []*sharingv1.Delivery {
		var all []*sharingv1.Delivery
		for token := ""; ; {
			page, err := admin.ListDeliveries(t.Context(), &sharingv1.ListDeliveriesRequest{
				Parent: sharingtest.SiteName + "/webhookEndpoints/" + parent, Filter: filter, PageSize: 3, PageToken: token,
			})
			must(t, err)
			all = append(all, page.GetDeliveries()...)
			if token = page.GetNextPageToken(); token == "" {
				return all
			}
		}
	}
	for filter, want := range map[string]int{
		"": 10, "state = PENDING": 8, "state = DELIVERED": 1, "state = FAILED": 1, "event = CORRECTED": 3,
		`article = "sites/biblioteka/articles/nr-4"`: 1, `create_time > "2099-01-01T00:00:00Z"`: 0, "state = PENDING AND event = PUBLISHED": 3,
	} {
		if one, both := len(list("vienas", filter)), len(list("-", filter)); one != want || both != 2*want {
			t.Errorf("%q finds %d of one endpoint and %d of all, want %d", filter, one, both, want)
		}
	}
	var order []string
	for _, d := range list("-", "") {
		order = append(order, strings.TrimPrefix(d.GetArticle(), sharingtest.SiteName+"/articles/"))
		if d.GetPayload() != "" {
			t.Error("a list has payloads")
		}
	}
	if diff := cmp.Diff([]string{"nr-9", "nr-9", "nr-8", "nr-8"}, order[:4]); diff != "" {
		t.Errorf("newest first (-want +got):\n%s", diff)
	}
	_, err := admin.ListDeliveries(t.Context(), &sharingv1.ListDeliveriesRequest{
		Parent: sharingtest.SiteName + "/webhookEndpoints/-", Filter: "payload:secret",
	})
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FILTER)
	_, err = admin.ListDeliveries(t.Context(), &sharingv1.ListDeliveriesRequest{Parent: sharingtest.SiteName + "/webhookEndpoints/nera"})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
}

func TestRetryDelivery(t *testing.T) {
	s := startLinks(t)
	admin := s.as(auth.Admin)
	endpoint := addEndpoint(t, admin, "vienas", &sharingv1.WebhookEndpoint{Uri: "https://example.org/"})
	s.deliver(t, "vienas")
	found, err := admin.ListDeliveries(t.Context(), &sharingv1.ListDeliveriesRequest{Parent: endpoint.GetName(), Filter: "state = DELIVERED"})
	must(t, err)
	read, err := admin.GetDelivery(t.Context(), &sharingv1.GetDeliveryRequest{Name: found.GetDeliveries()[0].GetName()})
	must(t, err)
	if read.GetPayload() != `{"a":1}` || len(read.GetAttempts()) != 1 || read.GetPurgeTime() == nil || read.GetAttemptCount() != 1 {
		t.Errorf("read %v", read)
	}
	req := &sharingv1.RetryDeliveryRequest{Name: read.GetName(), Etag: read.GetEtag(), RequestId: uuid.NewString()}
	retried, err := admin.RetryDelivery(t.Context(), req)
	must(t, err)
	if retried.GetState() != sharingv1.Delivery_STATE_PENDING || retried.GetMessageId() != read.GetMessageId() ||
		retried.GetNextAttemptTime() == nil || retried.GetPurgeTime() != nil {
		t.Errorf("retried %v", retried)
	}
	again, err := admin.RetryDelivery(t.Context(), req)
	must(t, err)
	if again.GetEtag() != retried.GetEtag() {
		t.Error("a repeated request has a second effect")
	}
	req.RequestId = ""
	_, err = admin.RetryDelivery(t.Context(), req)
	testkit.WantFault(t, err, codes.Aborted, faultv1.Reason_REASON_EDIT_CONFLICT)
	// That a delivery was given up without any success suspended nothing here:
	// there was one.
	endpoint, err = admin.GetWebhookEndpoint(t.Context(), &sharingv1.GetWebhookEndpointRequest{Name: endpoint.GetName()})
	must(t, err)
	if endpoint.GetState() != sharingv1.WebhookEndpoint_STATE_ACTIVE || endpoint.GetSuccessTime() == nil || endpoint.GetFailureTime() == nil {
		t.Errorf("the endpoint is %v", endpoint)
	}
	endpoint.Disabled = true
	_, err = admin.UpdateWebhookEndpoint(t.Context(), &sharingv1.UpdateWebhookEndpointRequest{WebhookEndpoint: endpoint})
	must(t, err)
	_, err = admin.RetryDelivery(t.Context(), &sharingv1.RetryDeliveryRequest{Name: read.GetName()})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_WRONG_STATE)
}
