package server

import (
	"context"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// WaiveFinding implements the ArticleService.
func (s *Server) WaiveFinding(ctx context.Context, req *articlev1.WaiveFindingRequest) (*articlev1.WaiveFindingResponse, error) {
	reason, err := article.CleanNote("reason", req.GetReason())
	if err != nil {
		return nil, err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return nil, fault.InvalidField("reason", "say why it may stay, for those who come later")
	}
	findings, err := s.judge(ctx, "WaiveFinding", reason, req, func(a *recordv1.State, w article.Write, found []*articlev1.Finding) error {
		return article.Waive(a, found, article.NewWaiver(req.GetFingerprint(), reason, w.Principal, w.Time))
	})
	if err != nil {
		return nil, err
	}
	return &articlev1.WaiveFindingResponse{Findings: findings}, nil
}

// RestoreFinding implements the ArticleService.
func (s *Server) RestoreFinding(ctx context.Context, req *articlev1.RestoreFindingRequest) (*articlev1.RestoreFindingResponse, error) {
	findings, err := s.judge(ctx, "RestoreFinding", "", req, func(a *recordv1.State, _ article.Write, _ []*articlev1.Finding) error {
		return article.Restore(a, req.GetFingerprint())
	})
	if err != nil {
		return nil, err
	}
	return &articlev1.RestoreFindingResponse{Findings: findings}, nil
}

// judgment is a mutation of what stands of the findings of an article.
type judgment interface {
	mutation
	GetArticle() string
	GetEtag() string
}

// judge changes the waivers of an article and returns what is found then. It
// makes no revision.
func (s *Server) judge(ctx context.Context, method, reason string, req judgment,
	change func(*recordv1.State, article.Write, []*articlev1.Finding) error,
) ([]*articlev1.Finding, error) {
	n, err := article.ParseName("article", req.GetArticle())
	if err != nil {
		return nil, err
	}
	etag, err := rpc.Etag(ctx, req.GetEtag())
	if err != nil {
		return nil, err
	}
	w, err := write(ctx, method, n.String(), etag, req, now())
	if err != nil {
		return nil, err
	}
	w.Note = reason
	load := func() (article.Loaded, article.Manuscript, error) {
		l, err := s.Store.Load(ctx, n, 0)
		if err == nil {
			err = allow(ctx, l, auth.ArticleWaive)
		}
		if err != nil {
			return l, article.Manuscript{}, err
		}
		m, err := s.manuscript(ctx, l)
		return l, m, err
	}
	replay := func(*recordv1.Request) ([]*articlev1.Finding, error) {
		_, m, err := load()
		if err != nil {
			return nil, err
		}
		return s.Check(m), nil
	}
	return once(ctx, s, w, replay, func() ([]*articlev1.Finding, error) {
		l, m, err := load()
		if err != nil {
			return nil, err
		}
		if err := article.Allow(l.State, article.StepSave); err != nil {
			return nil, err
		}
		if err := s.checkEtag(ctx, l, etag); err != nil {
			return nil, err
		}
		after := proto.CloneOf(l.State)
		if err := change(after, w, s.Check(m)); err != nil {
			return nil, err
		}
		m.Waivers = after.GetWaivers()
		findings := s.Check(m)
		after.FindingsSummary = article.CountFindings(findings)
		return findings, s.Store.Commit(ctx, article.Change{
			Write: w, Name: l.Name, Before: l.State, After: after, Kind: articlev1.WatchArticlesResponse_KIND_UPDATED,
		})
	})
}
