package server

import (
	"context"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// PublishArticle implements the ArticleService.
func (s *Server) PublishArticle(ctx context.Context, req *articlev1.PublishArticleRequest) (*articlev1.Article, error) {
	n, err := article.ParseName("name", req.GetName())
	if err != nil {
		return nil, err
	}
	etag, err := rpc.Etag(ctx, req.GetEtag())
	if err != nil {
		return nil, err
	}
	at := now()
	shown, err := shownTime(ctx, n, req, at)
	if err != nil {
		return nil, err
	}
	w, err := write(ctx, "PublishArticle", n.String(), etag, req, at)
	if err != nil {
		return nil, err
	}
	return s.changeArticle(ctx, w, n, auth.ArticlePublish, func(l article.Loaded) (*articlev1.Article, error) {
		if err := article.Allow(l.State, article.StepPublish); err != nil {
			return nil, err
		}
		if err := s.checkEtag(ctx, l, etag); err != nil {
			return nil, err
		}
		return s.publish(ctx, w, l, shown)
	})
}

// shownTime returns the time that readers are to see; zero when the caller
// leaves it to us.
func shownTime(ctx context.Context, n article.Name, req *articlev1.PublishArticleRequest, at time.Time) (time.Time, error) {
	if req.GetPublishTime() == nil {
		return time.Time{}, nil
	}
	if err := req.GetPublishTime().CheckValid(); err != nil {
		return time.Time{}, fault.InvalidField("publish_time", "this is not a time between the years 1 and 9999")
	}
	shown := req.GetPublishTime().AsTime().Truncate(time.Microsecond)
	if shown.After(at) {
		return time.Time{}, fault.InvalidField("publish_time", "this lies in the future; leave it out to publish now")
	}
	if auth.Grant(ctx, auth.ArticleBackdate, article.SiteName(n.Site)) != auth.All {
		return time.Time{}, fault.Denied(string(auth.ArticleBackdate))
	}
	return shown, nil
}

func (s *Server) publish(ctx context.Context, w article.Write, l article.Loaded, shown time.Time) (*articlev1.Article, error) {
	if l.State.GetPublishedRevision() == l.Number &&
		(shown.IsZero() || shown.Equal(l.State.GetPublishTime().AsTime())) {
		return s.working(ctx, l), nil
	}
	var err error
	if l.State, err = s.show(ctx, w, l, shown, nil); err != nil {
		return nil, err
	}
	return s.working(ctx, l), nil
}

// show makes the revision that was loaded what readers see and returns the new
// state. It is the doing of the schedule, which may be nil.
func (s *Server) show(ctx context.Context, w article.Write, l article.Loaded, shown time.Time,
	schedule *article.ScheduleWrite,
) (*recordv1.State, error) {
	epoch := s.PhotoEpoch()
	m, findings, err := s.fit(ctx, l)
	if err != nil {
		return nil, err
	}
	after := proto.CloneOf(l.State)
	kind, err := article.Publish(after, l.Number, l.Content().GetSlug(), shown, w.Time)
	if err != nil {
		return nil, err
	}
	if l.Number == after.GetRevision() {
		s.settle(after, m, findings)
	}
	projection, err := s.Project(after, l.Revision, m)
	if err != nil {
		return nil, err
	}
	err = s.Store.Commit(ctx, article.Change{
		Write: w, Name: l.Name, Before: l.State, After: after, Schedule: schedule,
		Projection: &projection, SiteVersion: l.Site.GetVersion(), Kind: kind, PublicKind: kind,
	})
	if err != nil {
		return nil, err
	}
	s.Uses(l.Name, article.Photos(m.Content), epoch)
	return after, nil
}

// fit fails unless the revision that was loaded is fit for readers: all its
// photos are there, and no finding stops it.
func (s *Server) fit(ctx context.Context, l article.Loaded) (article.Manuscript, []*articlev1.Finding, error) {
	m, err := s.manuscript(ctx, l)
	if err != nil {
		return m, nil, err
	}
	if err := unknownPhotos(m.Content, func(name string) bool { return m.Photos[name] != nil }); err != nil {
		return m, nil, err
	}
	findings := s.Check(m)
	return m, findings, passed(l.Name, findings)
}

// settle brings waivers and counts up to date with what is published.
func (s *Server) settle(after *recordv1.State, m article.Manuscript, findings []*articlev1.Finding) {
	article.ForgetWaivers(after, findings)
	after.FindingsSummary = article.CountFindings(findings)
	if m.SlugFormer != "" { // which is so until now
		m.SlugFormer = ""
		after.FindingsSummary = s.Summarize(m)
	}
}

// passed fails with CHECK_FAILED when a finding stops publishing.
func passed(n article.Name, findings []*articlev1.Finding) error {
	errs := 0
	for _, f := range findings {
		if f.GetSeverity() == articlev1.Finding_SEVERITY_ERROR && !f.GetWaived() {
			errs++
		}
	}
	if errs == 0 {
		return nil
	}
	return fault.New(faultv1.Reason_REASON_CHECK_FAILED,
		"%s cannot be published yet: mend the %d findings of severity ERROR, or have an editor waive those that may stay", n, errs).
		With("resource", n.String()).WithDetail(&articlev1.CheckFailure{Findings: findings})
}
