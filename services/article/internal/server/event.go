package server

import (
	"context"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/hub"
)

// Field numbers of messages that are put together from encoded parts.
const (
	watchArticle = 3 // WatchArticlesResponse.article
	listArticles = 1 // ListArticlesResponse.articles
	listToken    = 2 // ListArticlesResponse.next_page_token
)

// Kinds of messages that are no events.
const (
	kindSnapshot    = articlev1.WatchArticlesResponse_KIND_SNAPSHOT
	kindSnapshotEnd = articlev1.WatchArticlesResponse_KIND_SNAPSHOT_END
	kindHeartbeat   = articlev1.WatchArticlesResponse_KIND_HEARTBEAT
)

// sendEvent sends what the hub tells.
func (w *watch) sendEvent(e *hub.Event) error {
	if e.Frame == nil {
		return w.sendMark(kindHeartbeat, e.Through)
	}
	return w.sender.Send(e.Frame, e.Token(w.audience, w.token))
}

// sendMark sends a message without an article.
func (w *watch) sendMark(kind article.Kind, through uint64) error {
	message, err := proto.Marshal(&articlev1.WatchArticlesResponse{Kind: kind, ResumeToken: w.token(through)})
	if err != nil {
		return err
	}
	return w.sender.Send(message)
}

// sendItem sends an article of the snapshot.
func (w *watch) sendItem(ctx context.Context, item article.Item) error {
	n, ok := w.Store.ParsePosition(item.Position)
	if !ok {
		return fault.Internal(nil, "parse the position of an article")
	}
	if w.scope.View == hub.Working {
		frame, err := w.Hub.Encode(ctx, hub.Working, kindSnapshot, n)
		if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
			return nil // gone since; the feed will tell
		}
		if err != nil {
			return err
		}
		return w.sender.Send(frame)
	}
	head, err := proto.Marshal(&articlev1.WatchArticlesResponse{Kind: kindSnapshot, Name: n.String()})
	if err != nil {
		return err
	}
	head = protowire.AppendTag(head, watchArticle, protowire.BytesType)
	head = protowire.AppendVarint(head, uint64(len(item.Encoded)))
	return w.sender.Send(head, item.Encoded)
}
