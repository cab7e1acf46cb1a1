package server

import (
	"context"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharelink"
)

// count sets how often links, which are of one site, were opened.
func (s *Server) count(ctx context.Context, site string, links ...*sharingv1.ShareLink) error {
	ids := make([]string, len(links))
	for i, link := range links {
		name, err := sharelink.ParseName("name", link.GetName())
		if err != nil {
			return err
		}
		ids[i] = name.ID
	}
	pairs, err := s.Store.EverCounts(ctx, site, ids)
	if err != nil {
		return err
	}
	for i, link := range links {
		link.PeopleCount, link.MachineCount = figures(pairs[i].People.Figure(), pairs[i].Machines.Figure())
	}
	return nil
}
