// Package hub tells watchers where share links lead and when that changes; see
// internal/hub for how. There is one view, that of those who may read links.
//
// The change log holds articles, sites and links. What happens to an article is
// told once, of the link that the server made for it; its other links share its
// fate.
package hub

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/hub"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharelink"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// fieldToken is the number of WatchShareLinksResponse.resume_token.
const fieldToken = protowire.Number(6)

// Store is what a hub reads.
type Store interface {
	Version(ctx context.Context) (uint64, error)
	Watch(ctx context.Context, site string, after uint64) iter.Seq2[store.Batch, error]
	Link(ctx context.Context, id string) (sharelink.Link, error)
	LinkOf(ctx context.Context, name published.Name) (sharelink.Link, error)
}

// New returns a hub over a store. It reads nothing while nobody watches.
// publicURI is the origin for sites that have none of their own.
func New(s Store, l hub.Limits, publicURI string) *hub.Hub {
	return hub.New(source{store: s, publicURI: publicURI}, l, fieldToken)
}

// Scope is what a watcher of a site, or of all with "-", follows.
func Scope(site string) hub.Scope { return hub.Scope{Site: site, View: hub.Working} }

// Message returns what a watcher is told of a link.
func Message(kind sharingv1.WatchShareLinksResponse_Kind, link sharelink.Link, publicURI string) *sharingv1.WatchShareLinksResponse {
	return &sharingv1.WatchShareLinksResponse{
		Kind: kind, Name: link.Name().String(), Site: published.SiteName(link.Name().Site),
		ShareLink: link.Resource(publicURI), Uri: link.Target(publicURI),
	}
}

// source is the store as a hub reads it.
type source struct {
	store     Store
	publicURI string
}

// Ids of what is told: of a site it is empty.
const (
	articleID = "article/"
	linkID    = "link/"
)

// Version implements hub.Source.
func (s source) Version(ctx context.Context) (uint64, error) { return s.store.Version(ctx) }

// Watch implements hub.Source.
func (s source) Watch(ctx context.Context, site string, after uint64) iter.Seq2[hub.Batch, error] {
	return func(yield func(hub.Batch, error) bool) {
		for batch, err := range s.store.Watch(ctx, site, after) {
			out := hub.Batch{Through: batch.Through}
			for _, change := range batch.Changes {
				if told, ok := toldOf(change); ok {
					out.Told = append(out.Told, told)
				}
			}
			if !yield(out, err) {
				return
			}
		}
	}
}

// toldOf returns what watchers are told of a change, false for nothing.
func toldOf(c store.Change) (hub.Told, bool) {
	told := hub.Told{Name: hub.Name{Site: c.Site}, Version: c.Version}
	kind := sharingv1.WatchShareLinksResponse_KIND_UPDATED
	switch {
	case c.Theme == store.LinkTheme:
		told.Name.ID = linkID + c.ID
		if c.What == store.LinkCreated {
			kind = sharingv1.WatchShareLinksResponse_KIND_CREATED
		}
	case c.Theme != "":
		return told, false
	case c.Article != "":
		told.Name.ID = articleID + c.Article
		if c.What == string(store.Published) {
			kind = sharingv1.WatchShareLinksResponse_KIND_CREATED
		}
	default:
		kind = sharingv1.WatchShareLinksResponse_KIND_SITE_CHANGED
	}
	told.Kinds[hub.Working] = int32(kind)
	return told, true
}

// Frame implements hub.Source. An article without a link, which the store never
// leaves behind, is told as a change of its site.
func (s source) Frame(ctx context.Context, v hub.View, told hub.Told) ([]byte, error) {
	kind := sharingv1.WatchShareLinksResponse_Kind(told.Kinds[v])
	link, err := s.linkOf(ctx, told.Name)
	message := &sharingv1.WatchShareLinksResponse{
		Kind: sharingv1.WatchShareLinksResponse_KIND_SITE_CHANGED, Site: published.SiteName(told.Name.Site),
	}
	switch {
	case fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND):
	case err != nil:
		return nil, err
	case link.Record != nil:
		message = Message(kind, link, s.publicURI)
	}
	frame, err := proto.Marshal(message)
	if err != nil {
		return nil, fmt.Errorf("encode what happened to %s: %w", told.Name, err)
	}
	return frame, nil
}

// linkOf returns the link that is told of, without a record for a site.
func (s source) linkOf(ctx context.Context, name hub.Name) (sharelink.Link, error) {
	if id, ok := strings.CutPrefix(name.ID, linkID); ok {
		return s.store.Link(ctx, id)
	}
	if id, ok := strings.CutPrefix(name.ID, articleID); ok {
		return s.store.LinkOf(ctx, published.Name{Site: name.Site, ID: id})
	}
	return sharelink.Link{}, nil
}
