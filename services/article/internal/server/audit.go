package server

import (
	"context"
	"encoding/hex"
	"strings"

	"github.com/skaitykla/skaitykla/internal/list"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/fields"
)

// ListAuditEvents implements the ArticleService.
func (s *Server) ListAuditEvents(ctx context.Context, req *articlev1.ListAuditEventsRequest) (*articlev1.ListAuditEventsResponse, error) {
	site, err := article.ParseSite("parent", req.GetParent())
	if err != nil {
		return nil, err
	}
	p, err := list.NewPage(ctx, s.Sealer, req, req.GetParent(), articlev1.ArticleService_ListAuditEvents_FullMethodName, fields.AuditEvents())
	if err != nil {
		return nil, err
	}
	if _, err := s.Store.Site(ctx, site); err != nil {
		return nil, err
	}
	from, until := p.Match.Bounds("create_time")
	events, next, err := p.Gather(func(after []byte, limit int) ([]list.Item[*articlev1.AuditEvent], error) {
		records, err := s.Store.Events(ctx, site, from, until, after, limit)
		page := make([]list.Item[*articlev1.AuditEvent], len(records))
		for i, r := range records {
			page[i] = list.Item[*articlev1.AuditEvent]{Position: r.Position, Value: auditEvent(req.GetParent(), r)}
		}
		return page, err
	})
	if err != nil {
		return nil, err
	}
	return &articlev1.ListAuditEventsResponse{AuditEvents: events, NextPageToken: next}, nil
}

// auditEvent returns an event as it is told. Its id is made of where it stands,
// so it stays the same.
func auditEvent(site string, e article.Event) *articlev1.AuditEvent {
	event := &articlev1.AuditEvent{
		Name: site + "/auditEvents/e" + hex.EncodeToString(e.Position), Resource: e.Record.GetName(),
		Principal: e.Record.GetPrincipal(), Method: e.Record.GetMethod(), CreateTime: e.Record.GetCreateTime(),
		Note: e.Record.GetNote(), Schedule: e.Record.GetSchedule(),
	}
	if strings.Contains(event.GetResource(), "/articles/") { // a site counts its own changes
		event.BaseRevision, event.Revision = e.Record.GetFromRevision(), e.Record.GetToRevision()
	}
	return event
}
