package server

import (
	"context"
	"errors"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharelink"
	"github.com/skaitykla/skaitykla/services/sharing/internal/stats"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

const (
	// maxRows bounds the rows of an answer.
	maxRows = 10_000
	// maxArticleLinks bounds the links of one article that are added up.
	maxArticleLinks = 10_000
)

// QueryShareStats implements the method of the contract.
func (s *Server) QueryShareStats(ctx context.Context, req *sharingv1.QueryShareStatsRequest) (*sharingv1.QueryShareStatsResponse, error) {
	site, err := published.ParseSite("site", req.GetSite())
	if err != nil {
		return nil, err
	}
	by, unit, err := grouping(req.GetDimensions())
	if err != nil {
		return nil, err
	}
	plan, err := s.plan(ctx, site, unit, req)
	if err != nil {
		return nil, err
	}
	links, err := s.linksAsked(ctx, site, req)
	if err != nil {
		return nil, err
	}
	table := &reading{by: by}
	query := store.CountQuery{Site: site, Plan: plan, Links: links, ByLink: by.Link, ByArticle: by.Article}
	if err := s.Store.Counts(ctx, query, table); err != nil {
		if errors.Is(err, stats.ErrTooManyGroups) {
			return nil, fault.InvalidField("dimensions", "there would be more than %d rows; ask for less time, or for one dimension less", stats.MaxGroups)
		}
		return nil, err
	}
	return respond(site, plan, &table.Table), nil
}

// linksAsked returns the ids of the links that are asked for, nil for all.
func (s *Server) linksAsked(ctx context.Context, site string, req *sharingv1.QueryShareStatsRequest) ([]string, error) {
	switch {
	case req.GetArticle() != "" && req.GetShareLink() != "":
		return nil, fault.InvalidField("share_link", "ask either for an article with all its links or for one link")
	case req.GetShareLink() != "":
		name, err := sharelink.ParseName("share_link", req.GetShareLink())
		if err != nil {
			return nil, err
		}
		if name.Site != site {
			return nil, fault.InvalidField("share_link", "%s is not of %s", name, req.GetSite())
		}
		link, err := s.link(ctx, name)
		if err != nil {
			return nil, err
		}
		return []string{link.Name().ID}, nil
	case req.GetArticle() != "":
		name, err := published.ParseName("article", req.GetArticle())
		if err != nil {
			return nil, err
		}
		if name.Site != site {
			return nil, fault.InvalidField("article", "%s is not of %s", name, req.GetSite())
		}
		return s.linksOf(ctx, name)
	}
	return nil, nil
}

// linksOf returns the ids of the links of an article. It fails with
// RESOURCE_NOT_FOUND when there are none: every article has one from when it is
// first published.
func (s *Server) linksOf(ctx context.Context, name published.Name) ([]string, error) {
	found, err := s.Store.ListLinks(ctx, store.LinkQuery{Site: name.Site, Article: name.ID, Limit: maxArticleLinks})
	links := make([]string, 0, len(found))
	for _, link := range found {
		links = append(links, link.Name().ID)
	}
	if err == nil && len(links) == 0 {
		return nil, fault.New(faultv1.Reason_REASON_RESOURCE_NOT_FOUND,
			"%s was never published, so it has no link that could be opened, or there is none; check the name", name).
			With("resource", name.String())
	}
	return links, err
}

// reading is the table that counts are read into.
type reading struct {
	by stats.By
	stats.Table
}

// Begin implements store.CountReader.
func (r *reading) Begin() { r.Table = stats.Table{By: r.by} }

// EndStep implements store.CountReader.
func (r *reading) EndStep(step stats.Step) { r.Table.EndStep(step.First) }

// respond makes the answer of a table.
func respond(site string, plan stats.Plan, table *stats.Table) *sharingv1.QueryShareStatsResponse {
	rows, truncated := table.Rows(maxRows)
	response := &sharingv1.QueryShareStatsResponse{
		StartDate: plan.First.String(), EndDate: plan.Last.String(), Truncated: truncated, Total: statsRow(table.Total()),
	}
	response.Total.Suppressed = response.Total.PeopleCount == nil || response.Total.MachineCount == nil
	by := table.By
	for _, row := range rows {
		told := statsRow(row)
		if by.Time {
			told.StartDate = row.First.String()
		}
		if row.Article != "" {
			told.Article = published.Name{Site: site, ID: row.Article}.String()
		}
		if row.Link != "" {
			told.ShareLink = sharelink.Name{Site: site, ID: row.Link}.String()
		}
		told.Suppressed = told.PeopleCount == nil && !by.Reason || told.MachineCount == nil && !by.Device && !by.Referrer
		response.Rows = append(response.Rows, told)
	}
	if rest := table.Remainder(); rest != (stats.Row{}) && !truncated {
		response.Remainder = statsRow(rest)
	}
	return response
}

// statsRow returns the figures of a row; what is 0 may not be told.
func statsRow(row stats.Row) *sharingv1.ShareStatsRow {
	told := &sharingv1.ShareStatsRow{
		Source:        sharingv1.ShareSource(row.Cell.Source()),
		DeviceClass:   sharingv1.DeviceClass(row.Cell.Device()),
		ReferrerClass: sharingv1.ReferrerClass(row.Cell.Referrer()),
		MachineReason: sharingv1.MachineReason(row.Cell.Reason()),
	}
	told.PeopleCount, told.MachineCount = figures(row.People, row.Machines)
	return told
}

// figures leaves out what may not be told.
func figures(people, machines int64) (*int64, *int64) {
	optional := func(n int64) *int64 {
		if n == 0 {
			return nil
		}
		return &n
	}
	return optional(people), optional(machines)
}
