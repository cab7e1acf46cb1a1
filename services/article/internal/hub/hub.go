// Package hub tells watchers what happens to articles; see internal/hub for how.
package hub

import (
	"context"
	"iter"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/hub"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// Numbers of fields that are put together from encoded parts.
const (
	fieldArticle = protowire.Number(3) // WatchArticlesResponse.article
	fieldToken   = protowire.Number(4) // WatchArticlesResponse.resume_token
)

// What a hub speaks of.
type (
	Event  = hub.Event
	Sender = hub.Sender
	Limits = hub.Limits
	Scope  = hub.Scope
	View   = hub.View
)

// NewSender returns a sender on the stream of a watcher; end ends the stream.
func NewSender(stream grpc.ServerStream, h *Hub, end context.CancelCauseFunc) *Sender {
	return hub.NewSender(stream, h.Hub, end)
}

// The views. A feed of one never holds anything of the other.
const (
	Published = hub.Published
	Working   = hub.Working
)

// Store is what a hub reads.
type Store interface {
	Version(ctx context.Context) (uint64, error)
	Watch(ctx context.Context, site string, after uint64) iter.Seq2[article.Batch, error]
	CopyProjection(ctx context.Context, n article.Name, room func(size int) []byte) error
	Load(ctx context.Context, n article.Name, revision int64) (article.Loaded, error)
}

// Hub tells watchers what happens. Its methods may be called by any number of
// goroutines.
type Hub struct {
	*hub.Hub

	source source
}

// New returns a hub over a store. It reads nothing while nobody watches.
func New(s Store, l Limits) *Hub { return &Hub{hub.New(source{s}, l, fieldToken), source{s}} }

// Encode encodes a message about an article as it is now, but for the resume
// token, or fails with RESOURCE_NOT_FOUND when the view does not have it.
func (h *Hub) Encode(ctx context.Context, v View, kind article.Kind, n article.Name) ([]byte, error) {
	return h.source.encode(ctx, v, kind, n)
}

// source is the store as a hub reads it.
type source struct{ store Store }

// Version implements hub.Source.
func (s source) Version(ctx context.Context) (uint64, error) { return s.store.Version(ctx) }

// Watch implements hub.Source.
func (s source) Watch(ctx context.Context, site string, after uint64) iter.Seq2[hub.Batch, error] {
	return func(yield func(hub.Batch, error) bool) {
		for batch, err := range s.store.Watch(ctx, site, after) {
			out := hub.Batch{Through: batch.Through}
			for _, t := range batch.Told {
				out.Told = append(out.Told, hub.Told{
					Name: hub.Name(t.Name), Version: t.Version,
					Kinds: [...]int32{Published: int32(t.PublicKind), Working: int32(t.Kind)},
				})
			}
			if !yield(out, err) {
				return
			}
		}
	}
}

// Frame implements hub.Source.
func (s source) Frame(ctx context.Context, v View, told hub.Told) ([]byte, error) {
	kind, n := article.Kind(told.Kinds[v]), article.Name(told.Name)
	frame, err := s.encode(ctx, v, kind, n)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return header(kind, n)
	}
	return frame, err
}

func (s source) encode(ctx context.Context, v View, kind article.Kind, n article.Name) ([]byte, error) {
	head, err := header(kind, n)
	if err != nil {
		return nil, err
	}
	if v == Working {
		return s.working(ctx, n, head)
	}
	var frame []byte
	err = s.store.CopyProjection(ctx, n, func(size int) (room []byte) {
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
func (s source) working(ctx context.Context, n article.Name, head []byte) ([]byte, error) {
	l, err := s.store.Load(ctx, n, 0)
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
