package store

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
)

// redactPage is how many messages are looked at with one view.
const redactPage = 200

// redacts reports whether a text was taken out of the revision that readers see,
// which is the only way in which a revision is not what it was.
func redacts(was, is *recordv1.Article) bool {
	return was != nil && is != nil && was.GetUid() == is.GetUid() &&
		was.GetPublishedRevision() == is.GetPublishedRevision() && !bytes.Equal(was.GetDigest(), is.GetDigest())
}

// redactMessages puts the words that readers see from now on in place of those
// in messages about the article, whether they were sent or wait: nothing sends
// or tells again what was taken out. Done before the change is learned, it is
// done again when the process dies in between.
func (s *Store) redactMessages(ctx context.Context, name published.Name, row *recordv1.Article) error {
	events, err := s.keysOf(ctx, outboxPrefix, func(data []byte) (bool, error) {
		event := &recordv1.OutboxEvent{}
		err := proto.Unmarshal(data, event)
		return event.GetArticle().GetName() == name.String(), err
	})
	if err != nil {
		return err
	}
	for _, key := range events {
		event := &recordv1.OutboxEvent{}
		if err := s.rewrite(ctx, key, event, func() error {
			if event.GetArticle() != nil {
				event.Article, event.Tags = proto.CloneOf(row), row.GetTags()
			}
			return nil
		}); err != nil {
			return err
		}
	}
	deliveries, err := s.keysOf(ctx, deliveryPrefix+name.Site+"/", func(data []byte) (bool, error) {
		delivery := &recordv1.Delivery{}
		err := proto.Unmarshal(data, delivery)
		return delivery.GetDelivery().GetArticle() == name.String(), err
	})
	if err != nil {
		return err
	}
	for _, key := range deliveries {
		delivery := &recordv1.Delivery{}
		if err := s.rewrite(ctx, key, delivery, func() error { return redactPayload(delivery.GetDelivery(), row) }); err != nil {
			return err
		}
	}
	return nil
}

// keysOf returns the keys under a prefix whose values match.
func (s *Store) keysOf(ctx context.Context, prefix string, match func(data []byte) (bool, error)) ([][]byte, error) {
	var found [][]byte
	rows := kv.Prefix([]byte(prefix))
	rows.Limit = redactPage
	for {
		var page [][]byte
		var last []byte
		err := s.view(ctx, func(r kv.Reader) error {
			page, last = nil, nil
			for entry, err := range r.Scan(rows) {
				if err != nil {
					return err
				}
				last = bytes.Clone(entry.Key)
				matches, err := match(entry.Value)
				if err != nil {
					return kvrecord.UnexpectedKey(entry.Key)
				}
				if matches {
					page = append(page, bytes.Clone(entry.Key))
				}
			}
			return nil
		})
		if err != nil || last == nil {
			return found, err
		}
		found = append(found, page...)
		rows.Start = append(last, 0)
	}
}

// rewrite changes the message under a key, unless it is gone meanwhile.
func (s *Store) rewrite(ctx context.Context, key []byte, m proto.Message, change func() error) error {
	return s.update(ctx, func(tx kv.Tx) error {
		proto.Reset(m)
		if there, err := kvrecord.Has(tx, key); !there || err != nil {
			return err
		}
		if err := kvrecord.Get(tx, key, m); err != nil {
			return err
		}
		if err := change(); err != nil {
			return err
		}
		return kvrecord.Put(tx, key, m)
	})
}

// redactPayload puts the words of a row in place of those in the body of a
// message to a webhook. Those to hubs have none but the tags in addresses of feeds.
func redactPayload(d *sharingv1.Delivery, row *recordv1.Article) error {
	return editPayload(d, func(data map[string]any) {
		words := map[string]any{"title": row.GetTitle(), "summary": row.GetSummary(), "tags": row.GetTags()}
		for field, now := range words {
			if _, told := data[field]; told {
				data[field] = now
			}
		}
		if image, ok := data["image"].(map[string]any); ok {
			if _, told := image["alt"]; told {
				image["alt"] = row.GetCover().GetAlt()
			}
		}
	})
}

// editPayload changes what the body of a message to a webhook says of its
// article; a ping to a hub says nothing and stays.
func editPayload(d *sharingv1.Delivery, edit func(data map[string]any)) error {
	if !strings.HasPrefix(d.GetPayload(), "{") {
		return nil
	}
	var payload map[string]any
	if err := json.Unmarshal([]byte(d.GetPayload()), &payload); err != nil {
		return err
	}
	data, ok := payload["data"].(map[string]any)
	if !ok {
		return nil
	}
	edit(data)
	encoded, err := json.Marshal(payload)
	d.Payload = string(encoded)
	return err
}
