package cli

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// fieldsOf returns the lines of a table with one space between columns.
func fieldsOf(text string) []string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i := range lines {
		lines[i] = strings.Join(strings.Fields(lines[i]), " ")
	}
	return lines
}

func TestDeliveryPages(t *testing.T) {
	const prefix = "sites/biblioteka/webhookEndpoints/miestas/deliveries/"
	pages := map[string]*sharingv1.ListDeliveriesResponse{
		"": {NextPageToken: "more", Deliveries: []*sharingv1.Delivery{{
			Name: prefix + "0ab-c", Article: "sites/biblioteka/articles/muge", State: sharingv1.Delivery_STATE_PENDING, AttemptCount: 2,
			Event: sharingv1.ArticleEvent_ARTICLE_EVENT_CORRECTED, NextAttemptTime: &timestamppb.Timestamp{Seconds: 1_717_718_400},
			Attempts: []*sharingv1.DeliveryAttempt{{Error: "away"}, {Error: "the receiver answered 500"}},
		}}},
		"more": {Deliveries: []*sharingv1.Delivery{
			{Name: prefix + "0ab-b", State: sharingv1.Delivery_STATE_DELIVERED, Article: "sites/biblioteka/articles/muge", Event: 1},
			{Name: prefix + "0ab-a"},
		}},
	}
	var out bytes.Buffer
	a := &app{}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(a.deliveryPages(&out, 2, func(token string) (*sharingv1.ListDeliveriesResponse, error) { return pages[token], nil }))
	want := []string{
		"miestas/0ab-c pending corrected 2 in turn muge the receiver answered 500",
		"miestas/0ab-b delivered published 0 - muge",
	}
	if diff := cmp.Diff(want, fieldsOf(out.String())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	away := errors.New("away")
	if err := a.deliveryPages(&out, 1, func(string) (*sharingv1.ListDeliveriesResponse, error) { return nil, away }); !errors.Is(err, away) {
		t.Errorf("got %v", err)
	}
	name, err := deliveryName("sites/biblioteka", "miestas/0ab-c")
	must(err)
	again, err := deliveryName("sites/biblioteka", name)
	must(err)
	if name != prefix+"0ab-c" || again != name {
		t.Errorf("names %q and %q", name, again)
	}
	for _, bad := range []string{"", "miestas", "a/b/c"} {
		if name, err := deliveryName("sites/biblioteka", bad); err == nil {
			t.Errorf("%q names %q", bad, name)
		}
	}
}

func TestEndpointTable(t *testing.T) {
	var out bytes.Buffer
	a := &app{}
	err := a.endpointTable(&out, []*sharingv1.WebhookEndpoint{{
		Name: "sites/b/webhookEndpoints/miestas", State: sharingv1.WebhookEndpoint_STATE_SUSPENDED, Uri: "https://a.lt/",
		Protocol: sharingv1.WebhookEndpoint_PROTOCOL_WEBHOOK, FailureTime: &timestamppb.Timestamp{Seconds: 1_717_718_400}, Note: "a\nb",
	}})
	if diff := cmp.Diff([]string{"miestas suspended webhook - 2024-06-07 https://a.lt/ a b"}, fieldsOf(out.String())); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
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
