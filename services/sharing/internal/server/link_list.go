package server

import (
	"context"

	"github.com/skaitykla/skaitykla/internal/filter"
	"github.com/skaitykla/skaitykla/internal/list"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharelink"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// ListShareLinks implements the method of the contract.
func (s *Server) ListShareLinks(ctx context.Context, req *sharingv1.ListShareLinksRequest) (*sharingv1.ListShareLinksResponse, error) {
	site, err := published.ParseSite("parent", req.GetParent())
	if err != nil {
		return nil, err
	}
	p, err := list.NewPage(ctx, s.Sealer, req, req.GetParent(), sharingv1.SharingService_ListShareLinks_FullMethodName, sharelink.Fields())
	if err != nil {
		return nil, err
	}
	query := narrow(site, p.Match)
	links, next, err := p.Gather(func(after []byte, limit int) ([]list.Item[sharelink.Link], error) {
		query.After, query.Limit = after, limit
		found, err := s.Store.ListLinks(ctx, query)
		batch := make([]list.Item[sharelink.Link], len(found))
		for i, link := range found {
			batch[i] = list.Item[sharelink.Link]{Position: link.Position, Value: link}
		}
		return batch, err
	})
	if err != nil {
		return nil, err
	}
	response := &sharingv1.ListShareLinksResponse{NextPageToken: next}
	for _, link := range links {
		response.ShareLinks = append(response.ShareLinks, link.Resource(s.PublicURI))
	}
	return response, s.count(ctx, site, response.GetShareLinks()...)
}

// narrow looks at no more links than it must for the filter.
func narrow(site string, match filter.Filter[sharelink.Link]) store.LinkQuery {
	query := store.LinkQuery{Site: site}
	for _, c := range match.Required() {
		if c.Any() || c.Operator == "!=" {
			continue
		}
		switch c.Field {
		case "article":
			if name, err := published.ParseName("filter", c.Value); err == nil && name.Site == site {
				query.Article = name.ID
			}
		case "kind":
			query.Words = c.Value == "WORDS" || c.Value == "KIND_WORDS"
		}
	}
	return query
}
