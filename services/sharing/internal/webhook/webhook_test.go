package webhook_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

// TestSign has the library of Standard Webhooks verify what we sign, with the
// new secret, the former one and another.
func TestSign(t *testing.T) {
	fresh, former, other := webhook.NewSecret(), webhook.NewSecret(), webhook.NewSecret()
	body := []byte(`{"type":"article.published","data":{"title":"Ąžuolas & \"kitas\""}}`)
	headers := webhook.Sign([][]byte{fresh, former}, "abc-1", time.Now(), body)
	verify := func(key []byte, headers http.Header, body []byte) error {
		w, err := standardwebhooks.NewWebhook(webhook.SecretText(key))
		if err != nil {
			t.Fatal(err)
		}
		return w.Verify(body, headers)
	}
	changed := func(name, value string) http.Header {
		h := headers.Clone()
		h.Set(name, value)
		return h
	}
	tests := []struct {
		name    string
		key     []byte
		headers http.Header
		body    []byte
		want    error
	}{
		{"new secret", fresh, headers, body, nil},
		{"former secret", former, headers, body, nil},
		{"other secret", other, headers, body, standardwebhooks.ErrNoMatchingSignature},
		{"other body", fresh, headers, append(body, ' '), standardwebhooks.ErrNoMatchingSignature},
		{"other id", fresh, changed(webhook.HeaderID, "abc-2"), body, standardwebhooks.ErrNoMatchingSignature},
		{"replayed later", fresh, webhook.Sign([][]byte{fresh}, "abc-1", time.Now().Add(-6*time.Minute), body), body, standardwebhooks.ErrMessageTooOld},
		{"hub", fresh, webhook.Sign(nil, "abc-1", time.Now(), body), body, standardwebhooks.ErrRequiredHeaders},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := verify(test.key, test.headers, test.body); !errors.Is(err, test.want) {
				t.Errorf("Verify() = %v, want %v", err, test.want)
			}
		})
	}
	if text := webhook.SecretText(fresh); len(text) != len("whsec_")+44 || !strings.HasPrefix(text, "whsec_") {
		t.Errorf("secret %q is not what the scheme calls for", text)
	}
}

func TestMessageID(t *testing.T) {
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	event := webhook.Event{Kind: sharingv1.ArticleEvent_ARTICLE_EVENT_PUBLISHED, Site: "biblioteka", UID: "u", Revision: 3, Time: at}
	id := webhook.MessageID(event)
	if again := webhook.MessageID(event); again != id {
		t.Errorf("the same event has ids %q and %q", id, again)
	}
	if _, err := webhook.ParseDeliveryName("name", "sites/biblioteka/webhookEndpoints/abc/deliveries/"+id); err != nil {
		t.Errorf("%q is no id of a delivery: %v", id, err)
	}
	seen := map[string]string{id: "itself"}
	for name, change := range map[string]func(*webhook.Event){
		"kind":     func(e *webhook.Event) { e.Kind++ },
		"site":     func(e *webhook.Event) { e.Site = "kita" },
		"uid":      func(e *webhook.Event) { e.UID = "v" },
		"revision": func(e *webhook.Event) { e.Revision++ },
		"time":     func(e *webhook.Event) { e.Time = e.Time.Add(time.Microsecond) },
	} {
		e := event
		change(&e)
		if other := seen[webhook.MessageID(e)]; other != "" {
			t.Errorf("an event of another %s has the id of one of another %s", name, other)
		}
		seen[webhook.MessageID(e)] = name
	}
	for past := 0; past < 50; past += 7 {
		earlier := event
		earlier.Time = at.Add(-time.Microsecond << past)
		if earlierID := webhook.MessageID(earlier); earlierID >= id {
			t.Errorf("the id of %s sorts behind that of %s", earlier.Time, at)
		}
	}
}

func TestNext(t *testing.T) {
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name     string
		outcome  webhook.Outcome
		attempts int32
		age      time.Duration
		want     time.Duration // 0: given up
	}{
		{"first", webhook.Outcome{Chance: 0.5}, 1, 0, 10 * time.Second},
		{"first, early", webhook.Outcome{}, 1, 0, 8 * time.Second},
		{"second", webhook.Outcome{Chance: 0.5}, 2, time.Minute, 30 * time.Second},
		{"fifth", webhook.Outcome{Chance: 0.5}, 5, time.Hour, 810 * time.Second},
		{"many", webhook.Outcome{Chance: 0.5}, 1000, time.Hour, 6 * time.Hour},
		{"none counted", webhook.Outcome{Chance: 0.5}, 0, 0, 10 * time.Second},
		{"asked to wait", webhook.Outcome{RetryAfter: time.Hour}, 1, 0, time.Hour},
		{"asked to wait less", webhook.Outcome{Chance: 0.5, RetryAfter: time.Second}, 1, 0, 10 * time.Second},
		{"last moment", webhook.Outcome{Chance: 0.5}, 20, 72*time.Hour - 1, 6 * time.Hour},
		{"too old", webhook.Outcome{}, 1, 72 * time.Hour, 0},
		{"gone", webhook.Outcome{Gone: true}, 1, 0, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			next := test.outcome.Next(test.attempts, at.Add(-test.age), at)
			if test.want == 0 && !next.IsZero() || test.want != 0 && next.Sub(at).Round(time.Millisecond) != test.want {
				t.Errorf("Next() = %s, want after %s", next, test.want)
			}
		})
	}
}

func TestNames(t *testing.T) {
	name, err := webhook.ParseName("name", "sites/biblioteka/webhookEndpoints/"+webhook.NewID())
	if err != nil || name.Site != "biblioteka" {
		t.Errorf("ParseName() = %v, %v", name, err)
	}
	for _, text := range []string{
		"", "sites/biblioteka", "sites/biblioteka/webhookEndpoints/", "sites/biblioteka/webhookEndpoints/ab", "sites/Biblioteka/webhookEndpoints/abc",
		"sites/biblioteka/webhookEndpoints/1bc", "sites/biblioteka/webhookEndpoints/a/b", "sites/biblioteka/webhookEndpoints/abc/deliveries/x",
		"sites/biblioteka/webhookEndpoints/-", "sites/biblioteka/webhookEndpoints/" + strings.Repeat("a", 64),
	} {
		if name, err := webhook.ParseName("name", text); !fault.Has(err, faultv1.Reason_REASON_INVALID_FIELD) {
			t.Errorf("ParseName(%q) = %v, %v", text, name, err)
		}
		if name, err := webhook.ParseDeliveryName("name", text+"/deliveries/abc"); !fault.Has(err, faultv1.Reason_REASON_INVALID_FIELD) {
			t.Errorf("ParseDeliveryName(%q/deliveries/abc) = %v, %v", text, name, err)
		}
	}
	if all, err := webhook.ParseParent("parent", "sites/biblioteka/webhookEndpoints/-"); err != nil || all.ID != "-" {
		t.Errorf("ParseParent() = %v, %v", all, err)
	}
}

// addresses takes what begins with https.
type addresses struct{}

func (addresses) ParseURI(text string) (string, error) {
	if !strings.HasPrefix(text, "https://") {
		return "", errors.New("use https")
	}
	return strings.ToLower(text), nil
}

func TestEdit(t *testing.T) {
	const (
		published = sharingv1.ArticleEvent_ARTICLE_EVENT_PUBLISHED
		withdrawn = sharingv1.ArticleEvent_ARTICLE_EVENT_WITHDRAWN
		active    = sharingv1.WebhookEndpoint_STATE_ACTIVE
		suspended = sharingv1.WebhookEndpoint_STATE_SUSPENDED
	)
	content := &sharingv1.WebhookEndpoint{
		Uri: "https://B.lt", Note: " a\nb ", Events: []sharingv1.ArticleEvent{withdrawn, published}, Secret: "whsec_x",
		Protocol: sharingv1.WebhookEndpoint_PROTOCOL_WEBSUB,
	}
	events := []sharingv1.ArticleEvent{published, withdrawn}
	tests := []struct {
		name   string
		mask   []string
		change func(*sharingv1.WebhookEndpoint)
		reason faultv1.Reason
		want   *sharingv1.WebhookEndpoint
	}{
		{"what is set", nil, nil, 0, &sharingv1.WebhookEndpoint{Uri: "https://b.lt", Note: "a b", Events: events, State: suspended}},
		{"one field", []string{"note", "etag"}, nil, 0, &sharingv1.WebhookEndpoint{Uri: "https://a.lt", Note: "a b", State: suspended}},
		{"everything", []string{"*"}, nil, 0, &sharingv1.WebhookEndpoint{Uri: "https://b.lt", Note: "a b", Events: events, State: active}},
		{"again", []string{"disabled"}, nil, 0, &sharingv1.WebhookEndpoint{Uri: "https://a.lt", State: active}},
		{
			"off", nil, func(e *sharingv1.WebhookEndpoint) { proto.Reset(e); e.Disabled = true }, 0,
			&sharingv1.WebhookEndpoint{Uri: "https://a.lt", Disabled: true, State: sharingv1.WebhookEndpoint_STATE_DISABLED},
		},
		{"secret", []string{"secret"}, nil, faultv1.Reason_REASON_INVALID_FIELD_MASK, nil},
		{"protocol", []string{"protocol"}, nil, faultv1.Reason_REASON_INVALID_FIELD_MASK, nil},
		{"star and more", []string{"*", "uri"}, nil, faultv1.Reason_REASON_INVALID_FIELD_MASK, nil},
		{"bad address", []string{"uri"}, func(e *sharingv1.WebhookEndpoint) { e.Uri = "http://b.lt" }, faultv1.Reason_REASON_INVALID_FIELD, nil},
		{"no event", nil, func(e *sharingv1.WebhookEndpoint) { e.Events = []sharingv1.ArticleEvent{0} }, faultv1.Reason_REASON_INVALID_FIELD, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wanted := proto.CloneOf(content)
			if test.change != nil {
				test.change(wanted)
			}
			got := &sharingv1.WebhookEndpoint{Uri: "https://a.lt", State: suspended}
			edit, err := webhook.NewEdit(&fieldmaskpb.FieldMask{Paths: test.mask}, wanted)
			if err == nil {
				err = edit.Apply(got, addresses{})
			}
			if fault.ReasonOf(err) != test.reason {
				t.Fatalf("error = %v, want %s", err, test.reason)
			}
			if diff := cmp.Diff(test.want, got, protocmp.Transform()); err == nil && diff != "" {
				t.Errorf("edited (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNewSecret has secrets differ.
func TestNewSecret(t *testing.T) {
	seen := make(map[string]bool)
	for range 100 {
		seen[webhook.SecretText(webhook.NewSecret())] = true
	}
	if len(seen) != 100 || seen[webhook.SecretText(make([]byte, 32))] {
		t.Errorf("%d different secrets of 100", len(seen))
	}
}
