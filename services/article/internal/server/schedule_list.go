package server

import (
	"context"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/filter"
	"github.com/skaitykla/skaitykla/internal/list"
	"github.com/skaitykla/skaitykla/internal/page"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/fields"
	"github.com/skaitykla/skaitykla/services/article/internal/schedule"
)

// schedulesBytes is how much of schedules one page holds. Findings can make them
// large.
const schedulesBytes = 1 << 20

// ListSchedules implements the ArticleService.
func (s *Server) ListSchedules(ctx context.Context, req *articlev1.ListSchedulesRequest) (*articlev1.ListSchedulesResponse, error) {
	size, err := page.Size(req.GetPageSize(), list.StandardPage, list.MaxPage)
	if err != nil {
		return nil, err
	}
	match, err := filter.Parse(req.GetFilter(), fields.Schedules())
	if err != nil {
		return nil, err
	}
	n, err := s.scheduleParent(ctx, req.GetParent())
	if err != nil {
		return nil, err
	}
	scope, ok := rpc.SiteOf(req.GetParent())
	if !ok {
		scope = req.GetParent()
	}
	binding := page.Binding{
		Purpose: page.Page, Class: auth.FromContext(ctx).Class(scope), Site: req.GetParent(),
		Method: articlev1.ArticleService_ListSchedules_FullMethodName, Query: page.Query(req),
	}
	l := schedulePage{size: size, match: match}
	if req.GetPageToken() != "" {
		if l.position, err = s.Sealer.Open(binding, req.GetPageToken()); err != nil {
			return nil, err
		}
	}
	more, err := l.gather(ctx, s.Store, n)
	if err != nil {
		return nil, err
	}
	resp := &articlev1.ListSchedulesResponse{Schedules: l.schedules}
	if more {
		resp.NextPageToken = s.Sealer.Seal(binding, l.position)
	}
	return resp, nil
}

// scheduleParent reads whose schedules to list: "-" stands for all. What is
// named must be there.
func (s *Server) scheduleParent(ctx context.Context, parent string) (article.Name, error) {
	switch site, all := strings.CutSuffix(parent, "/articles/-"); {
	case site == "sites/-" && all:
		return article.Name{Site: "-", ID: "-"}, nil
	case all:
		id, err := article.ParseSite("parent", site)
		if err == nil {
			_, err = s.Store.Site(ctx, id)
		}
		return article.Name{Site: id, ID: "-"}, err
	case site == "sites/-" || strings.HasPrefix(parent, "sites/-/"):
		return article.Name{}, fault.InvalidField("parent", "an article stands on one site; name it, or write sites/-/articles/-")
	}
	n, err := article.ParseName("parent", parent)
	if err == nil {
		_, err = s.Store.Load(ctx, n, 0)
	}
	return n, err
}

// schedulePage is one page that is being gathered.
type schedulePage struct {
	size      int
	match     filter.Filter[*articlev1.Schedule]
	position  []byte // where the page begins, then where it stands
	schedules []*articlev1.Schedule
}

// gather takes schedules until the page is full and reports whether there are
// more; the position is then that of the last one looked at.
func (l *schedulePage) gather(ctx context.Context, from Scheduled, n article.Name) (bool, error) {
	at := now()
	for bytes, looked := 0, 0; ; {
		items, err := from.Schedules(ctx, n, l.position, list.MaxPage+1)
		if err != nil || len(items) == 0 {
			return false, err
		}
		for _, item := range items {
			if len(l.schedules) == l.size || looked == list.ScanLimit || bytes > schedulesBytes {
				return true, nil
			}
			one := schedule.Answer(item.Name, item.Record, at)
			if l.match.Match(one) {
				l.schedules = append(l.schedules, one)
				bytes += proto.Size(one)
			}
			looked++
			l.position = item.Position
		}
	}
}
