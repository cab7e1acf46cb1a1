package server

import (
	"context"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// Field numbers of messages that are put together from encoded parts.
const (
	watchArticle = 3 // WatchArticlesResponse.article
	listArticles = 1 // ListArticlesResponse.articles
	listToken    = 2 // ListArticlesResponse.next_page_token
)

// event is one message of a watch stream, its article encoded already.
type event struct {
	kind    article.Kind
	name    string
	article []byte // nil for none
	token   string
}

// send puts an event on the stream, waiting for a watcher that reads slowly.
func (w *watch) send(e event) error {
	head, err := proto.Marshal(&articlev1.WatchArticlesResponse{Kind: e.kind, Name: e.name, ResumeToken: e.token})
	if err != nil {
		return err
	}
	if e.article != nil {
		head = protowire.AppendTag(head, watchArticle, protowire.BytesType)
		head = protowire.AppendVarint(head, uint64(len(e.article)))
	}
	if err := rpc.SendRaw(w.stream, head, e.article); err != nil {
		return err
	}
	w.last = time.Now()
	return nil
}

// encodeWorking returns the working view of an article. Photos stay
// unresolved: whoever follows working copies asks for those it shows.
func (w *watch) encodeWorking(ctx context.Context, n article.Name) ([]byte, error) {
	l, err := w.Store.Load(ctx, n, 0)
	if err != nil {
		return nil, err
	}
	return proto.Marshal(article.Working(l.State, l.Number, l.Revision, l.Site.GetSite()))
}
