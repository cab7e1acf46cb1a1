package server

import (
	"context"
	"crypto/sha256"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharelink"
	"github.com/skaitykla/skaitykla/services/sharing/internal/stats"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// maxAhead is how far the clock of a gateway may be ahead of this one: as far as
// one that keeps the time of another zone, and no further than requests are
// remembered in the other direction.
const maxAhead = 24 * time.Hour

// CountShareClicks implements the method of the contract.
func (s *Server) CountShareClicks(ctx context.Context, req *sharingv1.CountShareClicksRequest) (*sharingv1.CountShareClicksResponse, error) {
	at, now := req.GetClickTime().AsTime(), now()
	if req.GetClickTime() == nil || !at.After(store.CountedSince(now)) || at.After(now.Add(maxAhead)) {
		return nil, fault.InvalidField("click_time", "%s is not within a day of %s, the time here; later it is not known any more "+
			"whether clicks were counted, so these are lost; if they are new, set the clock of the gateway right",
			at.UTC().Format(time.RFC3339), now.Format(time.RFC3339))
	}
	encoded, err := proto.MarshalOptions{Deterministic: true}.Marshal(req)
	if err != nil {
		return nil, fault.Internal(err, "encode clicks")
	}
	known := sha256.Sum256(encoded)
	batch := store.Clicks{Request: req.GetRequestId(), Digest: known[:], Time: at}
	if at.After(now) {
		at = now // the clock of the gateway is ahead; the batch is remembered by what it says
	}
	response := &sharingv1.CountShareClicksResponse{}
	for site, counts := range bySite(req.GetCounts()) {
		clicks, unknown, err := s.clicksOf(ctx, site, counts, at)
		if err != nil {
			return nil, err
		}
		batch.Clicks = append(batch.Clicks, clicks...)
		response.UnknownCount += unknown
	}
	if err := s.Store.Count(ctx, batch); err != nil {
		return nil, err
	}
	return response, nil
}

// namedClick is a ClickCount with the id of its link.
type namedClick struct {
	link string
	*sharingv1.ClickCount
}

// bySite takes the names of links apart; under "" are those that are none.
func bySite(counts []*sharingv1.ClickCount) map[string][]namedClick {
	sites := make(map[string][]namedClick, 1)
	for _, c := range counts {
		name, err := sharelink.ParseName("counts", c.GetShareLink())
		if err != nil {
			name = sharelink.Name{} // no such link
		}
		sites[name.Site] = append(sites[name.Site], namedClick{name.ID, c})
	}
	return sites
}

// clicksOf returns those clicks on links of a site that are counted, and how
// many are not.
func (s *Server) clicksOf(ctx context.Context, site string, counts []namedClick, at time.Time) ([]store.Click, int64, error) {
	zone, err := s.zone(ctx, site)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		zone, err = time.UTC, nil // a new site whose zone was not read yet; its links may be known
	}
	if err != nil {
		return nil, 0, err
	}
	links := make([]string, len(counts))
	for i, c := range counts {
		links[i] = c.link
	}
	countable, err := s.Store.Countable(ctx, site, links)
	if err != nil {
		return nil, 0, err
	}
	day := stats.DayOf(at, zone)
	clicks := make([]store.Click, 0, len(counts))
	var unknown int64
	for i, c := range counts {
		if !countable[i] {
			unknown += c.GetClickCount()
			continue
		}
		cell := stats.NewCell(int32(c.GetSource()), int32(c.GetDeviceClass()), int32(c.GetReferrerClass()), int32(c.GetMachineReason()))
		clicks = append(clicks, store.Click{Site: site, Link: c.link, Day: day, Cell: cell, N: c.GetClickCount()})
	}
	return clicks, unknown, nil
}

// zone returns the time zone of a site. It fails with RESOURCE_NOT_FOUND.
func (s *Server) zone(ctx context.Context, site string) (*time.Location, error) {
	resource, err := s.Store.Site(ctx, site)
	if err != nil {
		return nil, err
	}
	return published.Site{Resource: resource}.Location(), nil
}
