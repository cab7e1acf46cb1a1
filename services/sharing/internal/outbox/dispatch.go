package outbox

import (
	"context"
	"log/slog"
	"slices"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

// eventBatch is how many events are read at a time.
const eventBatch = 50

// dispatch makes deliveries of all events that were noted, in their order. What
// was begun by a process that died, or is done by another instance at the same
// time, is made once: a delivery that is there already stays.
func (o *Outbox) dispatch(ctx context.Context) {
	for ctx.Err() == nil {
		events, err := o.Records.OutboxEvents(ctx, eventBatch)
		if err == nil && len(events) == 0 {
			return
		}
		for _, event := range events {
			if err = o.tell(ctx, event); err != nil {
				break
			}
		}
		if err != nil {
			if ctx.Err() == nil {
				o.Log.WarnContext(ctx, "events wait to be delivered", slog.Any("error", err))
			}
			return
		}
	}
}

// tell makes one delivery of an event for each endpoint that wants it. That an
// article was withdrawn first takes its words out of what was told before.
func (o *Outbox) tell(ctx context.Context, event *recordv1.OutboxEvent) error {
	name, err := published.ParseName("name", event.GetArticle().GetName())
	if err != nil {
		return err
	}
	if event.GetKind() == sharingv1.ArticleEvent_ARTICLE_EVENT_WITHDRAWN {
		if err := o.Records.WithdrawMessages(ctx, name, event.GetMessageId(), now()); err != nil {
			return err
		}
	}
	endpoints, err := o.Records.Endpoints(ctx, name.Site, now())
	if err != nil {
		return err
	}
	site, err := o.site(ctx, name.Site)
	if err != nil {
		return err
	}
	for _, endpoint := range endpoints {
		if !wants(endpoint, event.GetKind()) {
			continue
		}
		to, err := webhook.ParseName("name", endpoint.GetName())
		if err != nil {
			return err
		}
		message, ok, err := compose(event, site, endpoint.GetProtocol())
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if _, err := o.Records.AddDelivery(ctx, to, message, event.GetTime().AsTime(), now()); err != nil {
			return err
		}
	}
	return o.Records.DropOutboxEvent(ctx, event.GetMessageId())
}

// site returns a site; one that is gone has no address of its own.
func (o *Outbox) site(ctx context.Context, id string) (published.Site, error) {
	site, err := o.Records.Site(ctx, id)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		err = nil
	}
	return published.Site{Resource: site, PublicURI: o.PublicURI}, err
}

// wants reports whether an endpoint is to be told of an event.
func wants(endpoint *sharingv1.WebhookEndpoint, kind sharingv1.ArticleEvent) bool {
	if endpoint.GetState() != sharingv1.WebhookEndpoint_STATE_ACTIVE {
		return false
	}
	return endpoint.GetProtocol() == sharingv1.WebhookEndpoint_PROTOCOL_WEBSUB ||
		len(endpoint.GetEvents()) == 0 || slices.Contains(endpoint.GetEvents(), kind)
}
