package server

import (
	"context"
	"fmt"
	"strconv"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Repairer repairs what there is but one way to repair.
type Repairer interface {
	Fixable(rule string) bool
	Fix(m article.Manuscript, rules []string) (*articlev1.Article, []*articlev1.Repair)
}

// FixArticle implements the ArticleService. The repairs are made in the revision
// that the caller saw and saved as an update of it, so that they are merged with
// what others did since.
func (s *Server) FixArticle(ctx context.Context, req *articlev1.FixArticleRequest) (*articlev1.FixArticleResponse, error) {
	n, err := article.ParseName("name", req.GetName())
	if err != nil {
		return nil, err
	}
	etag, err := rpc.Etag(ctx, req.GetEtag())
	if err != nil {
		return nil, err
	}
	for i, rule := range req.GetRules() {
		if !s.Repairer.Fixable(rule) {
			return nil, fault.InvalidField(fmt.Sprintf("rules[%d]", i), "%q is no rule whose findings can be repaired; docs/check.md lists them", rule)
		}
	}
	w, err := write(ctx, "FixArticle", n.String(), etag, req, now())
	if err != nil {
		return nil, err
	}
	replay := func(record *recordv1.Request) (*articlev1.FixArticleResponse, error) {
		return s.replayFix(ctx, n, req, etag, record)
	}
	return once(ctx, s, w, replay, func() (*articlev1.FixArticleResponse, error) {
		l, err := s.Store.Load(ctx, n, 0)
		if err == nil {
			err = allow(ctx, l, auth.ArticleUpdate)
		}
		if err == nil {
			err = article.Allow(l.State, article.StepSave)
		}
		if err != nil {
			return nil, err
		}
		return s.fix(ctx, w, l, req, etag)
	})
}

func (s *Server) fix(ctx context.Context, w article.Write, l article.Loaded, req *articlev1.FixArticleRequest, etag string) (*articlev1.FixArticleResponse, error) {
	fixed, repairs, err := s.repairs(ctx, l, req, etag)
	if err != nil {
		return nil, err
	}
	if len(repairs) == 0 {
		return &articlev1.FixArticleResponse{Article: s.working(ctx, l)}, nil
	}
	update := &articlev1.UpdateArticleRequest{
		Article: &articlev1.Article{Name: req.GetName()}, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"title", "lead", "blocks"}},
	}
	if req.GetValidateOnly() {
		next, err := s.edit(ctx, l, update, fixed, etag)
		if err != nil {
			return nil, err
		}
		l.Revision = proto.CloneOf(l.Revision)
		l.Revision.Article = article.Content(next)
		return &articlev1.FixArticleResponse{Article: s.working(ctx, l), Repairs: repairs}, nil
	}
	w.Note = fixNote(l.Site.GetSite(), len(repairs))
	saved, err := s.save(ctx, w, l, update, fixed, etag)
	if err != nil {
		return nil, err
	}
	return &articlev1.FixArticleResponse{Article: saved, Repairs: repairs}, nil
}

// repairs repairs the revision of an etag, or fails with EDIT_CONFLICT when it
// is not known.
func (s *Server) repairs(ctx context.Context, l article.Loaded, req *articlev1.FixArticleRequest, etag string) (*articlev1.Article, []*articlev1.Repair, error) {
	base := l
	if etag != article.Etag(l.State, l.State.GetRevision()) {
		number, ok := article.RevisionOf(l.State, etag)
		if !ok {
			return nil, nil, s.conflict(ctx, l, etag, nil)
		}
		var err error
		base, err = s.Store.Load(ctx, l.Name, number)
		if thinned(err) {
			return nil, nil, s.conflict(ctx, l, etag, nil)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	fixed, repairs := s.Repairer.Fix(article.Manuscript{
		Site: l.Site.GetSite(), LanguageCode: l.State.GetLanguageCode(), Content: base.Content(),
	}, req.GetRules())
	return fixed, repairs, nil
}

// replayFix answers as the first call did: the same repairs are found again in
// the revision that it repaired.
func (s *Server) replayFix(ctx context.Context, n article.Name, req *articlev1.FixArticleRequest, etag string, record *recordv1.Request) (*articlev1.FixArticleResponse, error) {
	l, err := s.Store.Load(ctx, n, record.GetRevision())
	if err != nil {
		return nil, err
	}
	if err := allow(ctx, l, auth.ArticleUpdate); err != nil {
		return nil, err
	}
	_, repairs, err := s.repairs(ctx, l, req, etag)
	if err != nil && !fault.Has(err, faultv1.Reason_REASON_EDIT_CONFLICT) { // the revision may have been thinned out
		return nil, err
	}
	return &articlev1.FixArticleResponse{Article: s.working(ctx, l), Repairs: repairs}, nil
}

// fixNote is the note of the revision, in the language that the library works in.
func fixNote(site *articlev1.Site, count int) string {
	language, ok := lang.For(site.GetDefaultLanguageCode())
	if !ok {
		language = lang.Default()
	}
	return language.Message("revision.repaired", "count", strconv.Itoa(count))
}
