// Package hub tells watchers what happens to photos; see internal/hub for how.
// There is one view, that of those who see working copies.
package hub

import (
	"context"
	"fmt"
	"iter"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/hub"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// fieldToken is the number of WatchPhotosResponse.resume_token.
const fieldToken = protowire.Number(4)

// Store is what a hub reads.
type Store interface {
	Version(ctx context.Context) (uint64, error)
	Changes(ctx context.Context, site string, after uint64) iter.Seq2[photo.Batch, error]
	Get(ctx context.Context, name photo.Name) (*mediav1.Photo, error)
	Affected(ctx context.Context, name photo.Name) ([]string, error)
}

// New returns a hub over a store. It reads nothing while nobody watches.
func New(s Store, l hub.Limits) *hub.Hub { return hub.New(source{s}, l, fieldToken) }

// Scope is what a watcher of a site, or of all with "-", follows.
func Scope(site string) hub.Scope { return hub.Scope{Site: site, View: hub.Working} }

// source is the store as a hub reads it.
type source struct{ store Store }

// Version implements hub.Source.
func (s source) Version(ctx context.Context) (uint64, error) { return s.store.Version(ctx) }

// Watch implements hub.Source.
func (s source) Watch(ctx context.Context, site string, after uint64) iter.Seq2[hub.Batch, error] {
	return func(yield func(hub.Batch, error) bool) {
		for batch, err := range s.store.Changes(ctx, site, after) {
			out := hub.Batch{Through: batch.Through}
			for _, t := range batch.Told {
				out.Told = append(out.Told, hub.Told{
					Name: hub.Name(t.Name), Version: t.Version, Kinds: [...]int32{hub.Working: int32(t.Kind)},
				})
			}
			if !yield(out, err) {
				return
			}
		}
	}
}

// Frame implements hub.Source. A photo that is gone is told as purged, whatever
// happened to it before.
func (s source) Frame(ctx context.Context, v hub.View, told hub.Told) ([]byte, error) {
	name := photo.Name(told.Name)
	message := &mediav1.WatchPhotosResponse{Kind: mediav1.WatchPhotosResponse_Kind(told.Kinds[v]), Name: name.String()}
	p, err := s.store.Get(ctx, name)
	switch {
	case fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND):
		message.Kind = mediav1.WatchPhotosResponse_KIND_PURGED
	case err != nil:
		return nil, err
	default:
		photo.Judge(p, time.Now())
		message.Photo = p
	}
	switch message.GetKind() { //nolint:exhaustive // the kinds by which readers lose a photo
	case mediav1.WatchPhotosResponse_KIND_EXPIRED, mediav1.WatchPhotosResponse_KIND_WITHDRAWN, mediav1.WatchPhotosResponse_KIND_DELETED:
		if message.Articles, err = s.store.Affected(ctx, name); err != nil {
			return nil, err
		}
	}
	frame, err := proto.Marshal(message)
	if err != nil {
		return nil, fmt.Errorf("encode what happened to %s: %w", name, err)
	}
	return frame, nil
}
