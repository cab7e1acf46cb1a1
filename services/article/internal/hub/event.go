package hub

import (
	"context"
	"iter"
	"sync"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// Numbers of fields that are put together from encoded parts.
const (
	fieldArticle = protowire.Number(3) // WatchArticlesResponse.article
	fieldToken   = protowire.Number(4) // WatchArticlesResponse.resume_token
)

// Event is one message for watchers, but for its resume token. Watchers share
// it, so nobody may change it.
type Event struct {
	// Frame is the encoded WatchArticlesResponse without its resume_token; nil
	// for a heartbeat.
	Frame []byte
	// Through is the version to resume after once this was told.
	Through uint64

	told article.Told
	asOf uint64 // the article was read when the store was at least here
	err  error  // why there is no Frame

	mu     sync.Mutex
	tokens map[string][]byte // by audience
}

// Token returns the encoded resume_token of the event for an audience, whose
// members may share tokens; seal makes it for the first who asks.
func (e *Event) Token(audience string, seal func(version uint64) string) []byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	if token, ok := e.tokens[audience]; ok {
		return token
	}
	token := protowire.AppendTag(nil, fieldToken, protowire.BytesType)
	token = protowire.AppendString(token, seal(e.Through))
	if e.tokens == nil {
		e.tokens = make(map[string][]byte, 1)
	}
	e.tokens[audience] = token
	return token
}

// kindFor is what watchers of the view are told; 0 for nothing.
func kindFor(v View, t article.Told) article.Kind {
	if v == Working {
		return t.Kind
	}
	return t.PublicKind
}

// steps yields the entries of a batch with the version to resume after each.
// That says that everything before it was told, so it cannot be that of a
// commit that has more to tell.
func steps(b article.Batch) iter.Seq2[article.Told, uint64] {
	return func(yield func(article.Told, uint64) bool) {
		for i, told := range b.Told {
			through := told.Version
			if i+1 < len(b.Told) && b.Told[i+1].Version == told.Version {
				through--
			}
			if !yield(told, through) {
				return
			}
		}
	}
}

// frame is Frame, but a tombstone when the view does not have the article.
func (h *Hub) frame(ctx context.Context, v View, kind article.Kind, n article.Name) ([]byte, error) {
	frame, err := h.Frame(ctx, v, kind, n)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return header(kind, n)
	}
	return frame, err
}

// Frame encodes a message about an article as it is now, but for the resume
// token, or fails with RESOURCE_NOT_FOUND when the view does not have it.
func (h *Hub) Frame(ctx context.Context, v View, kind article.Kind, n article.Name) ([]byte, error) {
	head, err := header(kind, n)
	if err != nil {
		return nil, err
	}
	if v == Working {
		return h.working(ctx, n, head)
	}
	var frame []byte
	err = h.store.CopyProjection(ctx, n, func(size int) (room []byte) {
		frame, room = embed(head, size)
		return room
	})
	return frame, err
}

func header(kind article.Kind, n article.Name) ([]byte, error) {
	return proto.Marshal(&articlev1.WatchArticlesResponse{Kind: kind, Name: n.String()})
}

// working appends the working view of an article. Photos stay unresolved:
// whoever follows working copies asks for those it shows.
func (h *Hub) working(ctx context.Context, n article.Name, head []byte) ([]byte, error) {
	l, err := h.store.Load(ctx, n, 0)
	if err != nil {
		return nil, err
	}
	full := article.Working(l.State, l.Number, l.Revision, l.Site.GetSite())
	size := proto.Size(full)
	frame, _ := embed(head, size)
	return proto.MarshalOptions{UseCachedSize: true}.MarshalAppend(frame[:len(frame)-size], full)
}

// embed returns a copy of head followed by the field article with room for so
// many bytes.
func embed(head []byte, size int) (frame, room []byte) {
	frame = make([]byte, 0, len(head)+protowire.SizeTag(fieldArticle)+protowire.SizeBytes(size))
	frame = append(frame, head...)
	frame = protowire.AppendTag(frame, fieldArticle, protowire.BytesType)
	frame = protowire.AppendVarint(frame, uint64(size)) //nolint:gosec // sizes are not negative
	frame = frame[:len(frame)+size]
	return frame, frame[len(frame)-size:]
}
