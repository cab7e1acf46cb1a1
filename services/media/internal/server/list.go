package server

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/filter"
	"github.com/skaitykla/skaitykla/internal/list"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/fields"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

// ListPhotos implements the contract.
func (s *Server) ListPhotos(ctx context.Context, req *mediav1.ListPhotosRequest) (*mediav1.ListPhotosResponse, error) {
	site, err := photo.ParseParent(req.GetParent())
	if err != nil {
		return nil, err
	}
	view := viewOf(req.GetView(), req.GetShowDeleted())
	if req.GetShowDeleted() && !view.working {
		return nil, fault.InvalidField("show_deleted", "deleted photos are only in the view WORKING; ask for it, too")
	}
	p, err := list.NewPage(ctx, s.Sealer, req, req.GetParent(), mediav1.MediaService_ListPhotos_FullMethodName, view.fields())
	if err != nil {
		return nil, err
	}
	p.Allow = view.allows
	query, err := parseOrder(req.GetOrderBy(), view.working)
	if err != nil {
		return nil, err
	}
	query.Site, query.Published = site, !view.working
	narrow(&query, p.Match, req.GetFilter())
	items, next, err := p.Gather(func(after []byte, limit int) ([]list.Item[photo.Item], error) {
		query.After, query.Limit = after, limit
		found, err := s.Store.List(ctx, query)
		batch := make([]list.Item[photo.Item], len(found))
		for i, item := range found {
			photo.Judge(item.Photo, view.at)
			batch[i] = list.Item[photo.Item]{Position: item.Position, Value: item}
		}
		return batch, err
	})
	if err != nil {
		return nil, err
	}
	photos := make([]*mediav1.Photo, len(items))
	for i, item := range items {
		photos[i] = item.Photo
	}
	return &mediav1.ListPhotosResponse{Photos: photos, NextPageToken: next}, s.show(photos, req.GetView())
}

// view is whose photos a list or a search is for.
type view struct {
	working bool
	deleted bool // with them
	at      time.Time
}

func viewOf(v mediav1.PhotoView, deleted bool) view {
	return view{working: v == mediav1.PhotoView_PHOTO_VIEW_WORKING, deleted: deleted, at: now()}
}

// fields are what the view can be filtered by.
func (v view) fields() filter.Fields[photo.Item] {
	if v.working {
		return fields.WorkingPhotos()
	}
	return fields.Photos()
}

// allows reports whether a photo is in the view; one that is gone is in none.
func (v view) allows(i photo.Item) bool {
	if i.Photo == nil {
		return false
	}
	if !v.working {
		return photo.Public(i.Photo, v.at)
	}
	return v.deleted || i.Photo.GetState() != mediav1.Photo_STATE_DELETED
}

// parseOrder reads the order of a list. It fails with INVALID_ORDER_BY.
func parseOrder(text string, working bool) (store.Query, error) {
	orders := map[string]store.Order{"": store.NewestFirst, "create_time desc": store.NewestFirst, "create_time": store.OldestFirst}
	if working {
		orders["expire_time"] = store.ByExpiry
	}
	order, ok := orders[strings.Join(strings.Fields(text), " ")]
	if !ok {
		return store.Query{}, fault.Invalid("order_by", faultv1.Reason_REASON_INVALID_ORDER_BY,
			"photos are ordered by create_time desc, create_time or, in the view WORKING, expire_time; there is no order %.100q", text)
	}
	return store.Query{Order: order}, nil
}

// narrow makes the query look at no more than it must for the filter.
func narrow(q *store.Query, match filter.Filter[photo.Item], text string) {
	for _, c := range match.Required() {
		switch {
		case c.Any() || c.Value == "":
		case c.Field == "sha256" && c.Operator != "!=":
			q.SHA256 = c.Value
		case c.Field == "tags":
			q.Tag = c.Value
		}
	}
	q.Unused = slices.ContainsFunc(match.Excluded(), func(c filter.Comparison) bool { return c.Field == "usage" && c.Any() })
	q.Duplicates = strings.Contains(text, "duplicate")
	if q.Order == store.ByExpiry {
		q.From, q.Until = match.Bounds("expire_time")
	} else {
		q.From, q.Until = match.Bounds("create_time")
	}
}
