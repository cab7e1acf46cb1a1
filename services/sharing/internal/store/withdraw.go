package store

import (
	"bytes"
	"context"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

// WithdrawMessages takes the words of an article that was withdrawn out of the
// messages about it that are older than the one with the given id, which tells
// of the withdrawal. Those that wait are skipped; one that a sender has in work
// is not sent another time. It may be called again: what was done stays.
func (s *Store) WithdrawMessages(ctx context.Context, name published.Name, before string, now time.Time) error {
	prefix := deliveryPrefix + name.Site + "/"
	keys, err := s.keysOf(ctx, prefix, func(data []byte) (bool, error) {
		if !bytes.Contains(data, []byte(name.String())) {
			return false, nil // nearly all of them, and reading one takes ten times as long
		}
		row := &recordv1.Delivery{}
		err := proto.Unmarshal(data, row)
		return row.GetDelivery().GetArticle() == name.String() && row.GetDelivery().GetMessageId() < before && hasWords(row), err
	})
	if err != nil {
		return err
	}
	for _, key := range keys {
		err := s.update(ctx, func(tx kv.Tx) error {
			row := &recordv1.Delivery{}
			if err := kvrecord.Get(tx, key, row); err != nil || !hasWords(row) {
				return err // also when it was purged meanwhile
			}
			if err := withdraw(row); err != nil {
				return err
			}
			waits := row.GetDelivery().GetState() == sharingv1.Delivery_STATE_PENDING
			if !waits || row.GetHolder() != "" {
				return kvrecord.Put(tx, key, row)
			}
			endpoint, id, _ := strings.Cut(strings.TrimPrefix(string(key), prefix), "/")
			delivery := webhook.DeliveryName{Endpoint: webhook.Name{Site: name.Site, ID: endpoint}, ID: id}
			return finish(tx, delivery, row, sharingv1.Delivery_STATE_SKIPPED, now)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// hasWords reports whether a message tells what an article says, which those of
// a withdrawal and pings to hubs do not.
func hasWords(row *recordv1.Delivery) bool {
	return !row.GetWithdrawn() && strings.HasPrefix(row.GetDelivery().GetPayload(), "{") &&
		row.GetDelivery().GetEvent() != sharingv1.ArticleEvent_ARTICLE_EVENT_WITHDRAWN
}

// withdraw takes the words out of a message; what remains says of which article
// it was.
func withdraw(row *recordv1.Delivery) error {
	row.Withdrawn = true
	return editPayload(row.GetDelivery(), func(data map[string]any) {
		for _, field := range []string{"title", "summary", "tags", "image"} {
			delete(data, field)
		}
	})
}

// outdated reports whether a message has, or had, words of an article that is
// not public any more, and takes them out. The moment between a withdrawal and
// WithdrawMessages counts too: the row of the article goes in the transaction
// that learns of it.
func outdated(r kv.Reader, row *recordv1.Delivery) (bool, error) {
	if row.GetWithdrawn() || !hasWords(row) {
		return row.GetWithdrawn(), nil
	}
	name, err := published.ParseName("article", row.GetDelivery().GetArticle())
	if err != nil {
		return false, err
	}
	public, err := kvrecord.Has(r, articleKey(name))
	if public || err != nil {
		return false, err
	}
	return true, withdraw(row)
}

// refuseOutdated says why a message is not sent again.
func refuseOutdated(r kv.Reader, name webhook.DeliveryName, row *recordv1.Delivery) error {
	is, err := outdated(r, row)
	if is && err == nil {
		err = fault.State(name.String(), "%s was withdrawn after this message, so its words are not sent again; "+
			"retry the newest message about it instead", row.GetDelivery().GetArticle())
	}
	return err
}
