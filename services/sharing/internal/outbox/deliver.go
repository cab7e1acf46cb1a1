package outbox

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"time"

	"github.com/skaitykla/skaitykla/internal/pause"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/egress"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

// deliver brings the next message to an endpoint. The breaker was entered.
func (o *Outbox) deliver(ctx context.Context, endpoint webhook.Name, host string) {
	defer o.breaker.leave(host)
	at := now()
	lease := webhook.Lease{Holder: rand.Text(), Until: at.Add(o.Lease)}
	work, err := o.Records.Take(ctx, endpoint, lease, at)
	if err != nil {
		if ctx.Err() == nil {
			o.Log.WarnContext(ctx, "a delivery could not be taken", slog.String("endpoint", endpoint.String()), slog.Any("error", err))
			pause.For(ctx, rest)
		}
		return
	}
	if work == nil || work.Skipped {
		return
	}
	outcome, cause := o.attempt(ctx, work, host)
	// Also when the service stops the record has to be written.
	recorded, cancel := context.WithTimeout(context.WithoutCancel(ctx), o.Lease/3)
	defer cancel()
	told, err := o.Records.Settle(recorded, work.Name, lease.Holder, outcome, now())
	if err != nil {
		o.Log.WarnContext(recorded, "an attempt could not be written down; the message will be sent again",
			slog.String("delivery", work.Name.String()), slog.Any("error", err))
		return
	}
	o.report(ctx, work, outcome, cause, told)
}

// attempt makes one call and returns what became of it, and for the log why it
// had no answer.
func (o *Outbox) attempt(ctx context.Context, work *store.Work, host string) (webhook.Outcome, error) {
	start := now()
	header := http.Header{}
	if len(work.Keys) > 0 {
		header = webhook.Sign(work.Keys, work.MessageID, start, work.Payload)
	}
	header.Set("Content-Type", work.ContentType)
	answer, err := o.Caller.Post(ctx, work.URI, header, work.Payload)
	end := now()
	outcome := webhook.Outcome{
		Start: start, Duration: end.Sub(start), Status: answer.Status, RetryAfter: answer.RetryAfter,
		Chance: mathrand.Float64(), //nolint:gosec // spreads retries, hides nothing
	}
	switch {
	case err != nil:
		outcome.Failure, outcome.Canceled = explain(err)
	case answer.Status < 200 || answer.Status > 299:
		outcome.Failure = explainStatus(answer.Status)
		outcome.Gone = answer.Status == http.StatusGone
	}
	switch {
	case outcome.Canceled:
	case err != nil, overloaded(answer.Status):
		o.breaker.failed(host, end, answer.RetryAfter)
	default:
		o.breaker.answered(host)
	}
	return outcome, err
}

// overloaded reports whether a status says that the host serves nobody now.
func overloaded(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// explain says why there was no answer, for those who may see deliveries: no
// address of any network is in it.
func explain(err error) (text string, canceled bool) {
	e, ok := errors.AsType[*egress.Error](err)
	if !ok {
		return "the call failed", false
	}
	switch e.Class {
	case egress.ClassCanceled:
		return "the sender stopped", true
	case egress.ClassForbidden, egress.ClassName:
		// One text: two would tell which names there are in the network inside.
		return "the name of the host was not found, or leads to an address that is not called", false
	case egress.ClassConnect:
		return "the host took no connection", false
	case egress.ClassTLS:
		return "the host could not prove who it is by TLS", false
	case egress.ClassTimeout:
		return "there was no answer in time", false
	case egress.ClassAnswer:
		return "the answer was not HTTP, too long or broke off", false
	}
	return "the call failed", false
}

func explainStatus(status int) string {
	switch {
	case status == http.StatusGone:
		return "the receiver wants no more messages (410)"
	case status >= 300 && status < 400:
		return fmt.Sprintf("the receiver redirects (%d), which is not followed; give its new address", status)
	}
	return fmt.Sprintf("the receiver answered %d", status)
}

// report writes the log line of an attempt. Of an address only the host is in
// it, since the rest may be a secret.
func (o *Outbox) report(ctx context.Context, work *store.Work, outcome webhook.Outcome, cause error, told *sharingv1.Delivery) {
	attrs := []any{
		slog.String("delivery", work.Name.String()), slog.String("host", hostOf(work.URI)),
		slog.Int("status", outcome.Status), slog.Duration("duration", outcome.Duration),
	}
	switch {
	case told == nil:
		o.Log.WarnContext(ctx, "a delivery was taken over while it was sent", attrs...)
	case outcome.Canceled:
	case outcome.Failure == "":
		o.Log.InfoContext(ctx, "a delivery was taken", attrs...)
	default:
		attrs = append(attrs, slog.String("failure", outcome.Failure), slog.Any("error", cause))
		if next := told.GetNextAttemptTime(); next != nil {
			attrs = append(attrs, slog.Duration("retry", time.Until(next.AsTime()).Round(time.Second)))
		}
		o.Log.WarnContext(ctx, "a delivery failed", attrs...)
	}
}
