package server

import (
	"context"
	"strings"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/list"
	"github.com/skaitykla/skaitykla/internal/search"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	photosearch "github.com/skaitykla/skaitykla/services/media/internal/search"
)

// Finder finds photos by their words.
type Finder interface {
	Find(ctx context.Context, q search.Query) (search.Found, error)
}

// SearchPhotos implements the contract. The index says which photos to look at;
// what is shown of them, and whether anything is, the records say.
func (s *Server) SearchPhotos(ctx context.Context, req *mediav1.SearchPhotosRequest) (*mediav1.SearchPhotosResponse, error) {
	site, err := photo.ParseParent(req.GetParent())
	if err != nil {
		return nil, err
	}
	view := viewOf(req.GetView(), false)
	p, err := list.NewPage(ctx, s.Sealer, req, req.GetParent(), mediav1.MediaService_SearchPhotos_FullMethodName, view.fields())
	if err != nil {
		return nil, err
	}
	p.Allow = view.allows
	order, err := searchOrder(req.GetOrderBy())
	if err != nil {
		return nil, err
	}
	hits := &hits{Server: s, view: view, more: true, query: search.Query{
		Site: site, Languages: photosearch.Languages(), Text: req.GetQuery(), Side: search.Public, Order: order,
	}}
	if view.working {
		hits.query.Side = search.Working
		hits.duplicates = strings.Contains(req.GetFilter(), "duplicate")
	}
	items, next, err := p.Gather(func(after []byte, limit int) ([]list.Item[photo.Item], error) {
		return hits.read(ctx, string(after), limit)
	})
	if err != nil {
		return nil, err
	}
	photos := make([]*mediav1.Photo, len(items))
	for i, item := range items {
		photos[i] = item.Photo
	}
	return &mediav1.SearchPhotosResponse{Photos: photos, NextPageToken: next}, s.show(photos, req.GetView())
}

// hits reads what a search found.
type hits struct {
	*Server

	view       view
	query      search.Query
	duplicates bool
	more       bool // when there may be more
}

// read returns the photos that were found after a position. The record of one
// that is gone since it was indexed is nil.
func (h *hits) read(ctx context.Context, after string, limit int) ([]list.Item[photo.Item], error) {
	if !h.more {
		return nil, nil
	}
	h.query.After, h.query.Limit = after, limit
	found, err := h.Finder.Find(ctx, h.query)
	if err != nil {
		return nil, err
	}
	h.more = found.More
	names := make([]photo.Name, len(found.Hits))
	for i, hit := range found.Hits {
		names[i] = photo.Name(hit.Name)
	}
	items, err := h.Store.Lookup(ctx, names, h.duplicates)
	if err != nil {
		return nil, err
	}
	batch := make([]list.Item[photo.Item], len(items))
	for i, item := range items {
		if item.Photo != nil {
			photo.Judge(item.Photo, h.view.at)
		}
		batch[i] = list.Item[photo.Item]{Position: []byte(found.Hits[i].Position), Value: item}
	}
	return batch, nil
}

// searchOrder reads the order of a search. It fails with INVALID_ORDER_BY.
func searchOrder(text string) (search.Order, error) {
	switch strings.Join(strings.Fields(text), " ") {
	case "", "relevance desc":
		return search.BestFirst, nil
	case "create_time desc":
		return search.NewestFirst, nil
	}
	return 0, fault.Invalid("order_by", faultv1.Reason_REASON_INVALID_ORDER_BY,
		"there is no order %.100q; use relevance desc or create_time desc", text)
}
