// Package list gathers the pages of lists that have a filter.
//
// A page token is a position, sealed and bound to the query and its caller, so
// a list goes on where it stopped however much came or went meanwhile. A filter
// may take little of what is looked at, so the work of one page is bounded: a
// page that found too little in ScanLimit items ends early, with a token
// (AIP-158).
package list

import (
	"context"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/filter"
	"github.com/skaitykla/skaitykla/internal/page"
)

// Sizes of pages, and the work of one.
const (
	StandardPage = 50
	MaxPage      = 200
	// ScanLimit is how many items one page looks at for its filter.
	ScanLimit = 5000

	// scanBatch is how many items a filtered list reads at a time, once it
	// shows that few of them match.
	scanBatch = 500
)

// Request is a request of a list with a filter.
type Request interface {
	proto.Message
	GetPageSize() int32
	GetPageToken() string
	GetFilter() string
}

// Page is one page of a list that is being gathered.
type Page[T any] struct {
	// Match is the filter of the request.
	Match filter.Filter[T]
	// Allow says which items may be listed at all; nil allows all.
	Allow func(T) bool

	size     int
	position []byte // where the page begins, then where it stands
	seal     func(position []byte) string
}

// Item is an item of a list with the position it stands at.
type Item[T any] struct {
	Position []byte
	Value    T
}

// NewPage reads what a list request says of its page. Its tokens are for the
// caller, the site and the method. It fails with INVALID_FIELD, INVALID_FILTER
// and INVALID_PAGE_TOKEN.
func NewPage[T any](ctx context.Context, sealer *page.Sealer, req Request, site, method string, fields filter.Fields[T]) (*Page[T], error) {
	size, err := page.Size(req.GetPageSize(), StandardPage, MaxPage)
	if err != nil {
		return nil, err
	}
	match, err := filter.Parse(req.GetFilter(), fields)
	if err != nil {
		return nil, err
	}
	binding := page.Binding{
		Purpose: page.Page, Class: auth.FromContext(ctx).Class(site), Site: site, Method: method, Query: page.Query(req),
	}
	p := &Page[T]{
		size: size, Match: match,
		seal: func(position []byte) string { return sealer.Seal(binding, position) },
	}
	if req.GetPageToken() != "" {
		p.position, err = sealer.Open(binding, req.GetPageToken())
	}
	return p, err
}

// Gather returns the items of the page and the token of the next one, empty on
// the last. read returns at most limit items after a position, none at the end.
func (p *Page[T]) Gather(read func(after []byte, limit int) ([]Item[T], error)) ([]T, string, error) {
	var items []T
	limit := p.size + 1
	for looked := 0; ; limit = min(2*limit, scanBatch) {
		batch, err := read(p.position, limit)
		if err != nil {
			return nil, "", err
		}
		if len(batch) == 0 {
			return items, "", nil
		}
		for _, found := range batch {
			if len(items) == p.size || looked == ScanLimit {
				return items, p.seal(p.position), nil
			}
			looked++
			p.position = found.Position
			if (p.Allow == nil || p.Allow(found.Value)) && p.Match.Match(found.Value) {
				items = append(items, found.Value)
			}
		}
	}
}
