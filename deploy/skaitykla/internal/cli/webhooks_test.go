package cli

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

func TestDeliveryPrinted(t *testing.T) {
	const prefix = "sites/biblioteka/webhookEndpoints/miestas/deliveries/"
	deliveries := []*sharingv1.Delivery{
		{
			Name: prefix + "0ab-c", Article: "sites/biblioteka/articles/muge", State: sharingv1.Delivery_STATE_PENDING, AttemptCount: 2,
			Event: sharingv1.ArticleEvent_ARTICLE_EVENT_CORRECTED, NextAttemptTime: &timestamppb.Timestamp{Seconds: 1_717_718_400},
			Attempts: []*sharingv1.DeliveryAttempt{{Error: "away"}, {Error: "the receiver answered 500"}},
		},
		{Name: prefix + "0ab-b", State: sharingv1.Delivery_STATE_DELIVERED, Article: "sites/biblioteka/articles/muge", Event: 1},
	}
	var out bytes.Buffer
	row := func(d *sharingv1.Delivery) []string { return deliveryRow(d, time.Now()) }
	if err := printList(&app{}, &out, whole(deliveries), row); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"miestas/0ab-c pending corrected 2 in turn muge the receiver answered 500",
		"miestas/0ab-b delivered published 0 - muge",
	}
	if diff := cmp.Diff(want, fieldsOf(out.String())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestDeliveryName takes what the list prints, and whole names.
func TestDeliveryName(t *testing.T) {
	const want = "sites/biblioteka/webhookEndpoints/miestas/deliveries/0ab-c"
	for _, typed := range []string{"miestas/0ab-c", want, deliveryPath(want)} {
		if got, err := deliveryName("sites/biblioteka", typed); err != nil || got != want {
			t.Errorf("%q names %q, %v; want %q", typed, got, err, want)
		}
	}
	for _, bad := range []string{"", "miestas", "a/b/c"} {
		if name, err := deliveryName("sites/biblioteka", bad); err == nil {
			t.Errorf("%q names %q", bad, name)
		}
	}
}

func TestEndpointRow(t *testing.T) {
	var out bytes.Buffer
	err := printList(&app{}, &out, whole([]*sharingv1.WebhookEndpoint{{
		Name: "sites/b/webhookEndpoints/miestas", State: sharingv1.WebhookEndpoint_STATE_SUSPENDED, Uri: "https://a.lt/",
		Protocol: sharingv1.WebhookEndpoint_PROTOCOL_WEBHOOK, FailureTime: &timestamppb.Timestamp{Seconds: 1_717_718_400}, Note: "a\nb",
	}}), endpointRow)
	if diff := cmp.Diff([]string{"miestas suspended webhook - 2024-06-07 https://a.lt/ a b"}, fieldsOf(out.String())); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestEventsOf(t *testing.T) {
	events, err := eventsOf([]string{"withdrawn", "Published"})
	if diff := cmp.Diff([]sharingv1.ArticleEvent{3, 1}, events); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := eventsOf([]string{"removed"}); err == nil {
		t.Error("an event that there is not is taken")
	}
}

// TestDeliveryRow tells a delivery that waits for another one from one that has
// a time of its own.
func TestDeliveryRow(t *testing.T) {
	now := time.Date(2026, time.November, 23, 8, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name string
		at   *timestamppb.Timestamp
		want string
	}{
		{"delivered", nil, "-"},
		{"to be tried", timestamppb.New(now.Add(90 * time.Minute)), "2026-11-23T09:30Z"},
		{"due", timestamppb.New(now), "in turn"},
		{"behind another one", timestamppb.New(now.Add(-time.Hour)), "in turn"},
	} {
		if got := deliveryRow(&sharingv1.Delivery{NextAttemptTime: test.at}, now)[4]; got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
