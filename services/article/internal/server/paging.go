package server

import (
	"context"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/page"
	"github.com/skaitykla/skaitykla/services/article/internal/filter"
)

// scanBatch is how many items a filtered list reads at a time.
const scanBatch = 500

// listRequest is a request of a list with a filter.
type listRequest interface {
	proto.Message
	GetParent() string
	GetPageSize() int32
	GetPageToken() string
	GetFilter() string
}

// paging is one page of a list that is being gathered.
type paging[T any] struct {
	size     int
	match    filter.Filter[T]
	position []byte // where the page begins, then where it stands
	seal     func(position []byte) string
}

// placed is an item of a list with the position it stands at.
type placed[T any] struct {
	position []byte
	item     T
}

// newPaging reads what a list request says of its page. It fails with
// INVALID_FIELD, INVALID_FILTER and INVALID_PAGE_TOKEN.
func newPaging[T any](ctx context.Context, s *Server, req listRequest, site, method string, fields filter.Fields[T]) (*paging[T], error) {
	size, err := page.Size(req.GetPageSize(), pageStandard, pageLimit)
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
	p := &paging[T]{
		size: size, match: match,
		seal: func(position []byte) string { return s.Sealer.Seal(binding, position) },
	}
	if req.GetPageToken() != "" {
		p.position, err = s.Sealer.Open(binding, req.GetPageToken())
	}
	return p, err
}

// gather returns the items of the page and the token of the next one, empty on
// the last. read returns at most limit items after a position, none at the end. A
// page that found too little in scanLimit items ends early, with a token.
func (p *paging[T]) gather(read func(after []byte, limit int) ([]placed[T], error)) ([]T, string, error) {
	limit := p.size + 1
	if !p.match.Empty() {
		limit = scanBatch
	}
	var items []T
	for looked := 0; ; {
		batch, err := read(p.position, limit)
		if err != nil {
			return nil, "", err
		}
		if len(batch) == 0 {
			return items, "", nil
		}
		for _, found := range batch {
			if len(items) == p.size || looked == scanLimit {
				return items, p.seal(p.position), nil
			}
			looked++
			p.position = found.position
			if p.match.Match(found.item) {
				items = append(items, found.item)
			}
		}
	}
}
