package server

import (
	"context"
	"encoding/binary"

	"github.com/skaitykla/skaitykla/internal/list"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/diff"
	"github.com/skaitykla/skaitykla/services/article/internal/fields"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// ListArticleRevisions implements the ArticleService.
func (s *Server) ListArticleRevisions(ctx context.Context, req *articlev1.ListArticleRevisionsRequest) (*articlev1.ListArticleRevisionsResponse, error) {
	n, err := article.ParseName("parent", req.GetParent())
	if err != nil {
		return nil, err
	}
	p, err := list.NewPage(ctx, s.Sealer, req, article.SiteName(n.Site),
		articlev1.ArticleService_ListArticleRevisions_FullMethodName, fields.Revisions())
	if err != nil {
		return nil, err
	}
	revisions, next, err := p.Gather(func(after []byte, limit int) ([]list.Item[*articlev1.ArticleRevision], error) {
		heads, err := s.Store.Revisions(ctx, n, numberAt(after), limit)
		page := make([]list.Item[*articlev1.ArticleRevision], len(heads))
		for i, h := range heads {
			page[i] = list.Item[*articlev1.ArticleRevision]{Position: positionOf(h.GetNumber()), Value: revisionOf(n, h)}
		}
		return page, err
	})
	if err != nil {
		return nil, err
	}
	resp := &articlev1.ListArticleRevisionsResponse{ArticleRevisions: revisions, NextPageToken: next}
	return resp, s.tellPublications(ctx, n, revisions...)
}

// positionOf is where a revision stands in lists; numberAt reads it, 0 for none.
func positionOf(number int64) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(number)) //nolint:gosec // revisions count from 1
}

func numberAt(position []byte) int64 {
	if len(position) != 8 {
		return 0
	}
	return int64(binary.BigEndian.Uint64(position)) //nolint:gosec // positionOf wrote it
}

// revisionOf returns a revision as lists tell it, but for when it was shown.
func revisionOf(n article.Name, r *recordv1.Revision) *articlev1.ArticleRevision {
	return &articlev1.ArticleRevision{
		Name: article.RevisionName(n, r.GetNumber()), Revision: r.GetNumber(), Title: r.GetTitle(),
		Author: r.GetAuthor(), CreateTime: r.GetCreateTime(), Note: r.GetNote(),
		EditSession: r.GetEditSession(), RedactTime: r.GetRedactTime(),
	}
}

// tellPublications says of revisions when readers were shown them.
func (s *Server) tellPublications(ctx context.Context, n article.Name, revisions ...*articlev1.ArticleRevision) error {
	all, err := s.Store.Publications(ctx, n)
	for _, r := range revisions {
		for _, p := range all {
			if p.GetRevision() == r.GetRevision() {
				r.PublishTimes = append(r.PublishTimes, p.GetCreateTime())
			}
		}
	}
	return err
}

// GetArticleRevision implements the ArticleService.
func (s *Server) GetArticleRevision(ctx context.Context, req *articlev1.GetArticleRevisionRequest) (*articlev1.ArticleRevision, error) {
	n, number, err := article.ParseRevision("name", req.GetName())
	if err != nil {
		return nil, err
	}
	l, err := s.Store.Load(ctx, n, number)
	if err != nil {
		return nil, err
	}
	revision := revisionOf(n, l.Revision)
	revision.Article = s.working(ctx, l)
	return revision, s.tellPublications(ctx, n, revision)
}

// DiffArticleRevisions implements the ArticleService.
func (s *Server) DiffArticleRevisions(ctx context.Context, req *articlev1.DiffArticleRevisionsRequest) (*articlev1.DiffArticleRevisionsResponse, error) {
	n, err := article.ParseName("parent", req.GetParent())
	if err != nil {
		return nil, err
	}
	base, err := article.ParseRevisionID("base_revision_id", req.GetBaseRevisionId())
	if err != nil {
		return nil, err
	}
	number, err := article.ParseRevisionID("revision_id", req.GetRevisionId())
	if err != nil {
		return nil, err
	}
	to, err := s.Store.Load(ctx, n, number)
	if err != nil {
		return nil, err
	}
	if base == 0 {
		if base, err = s.before(ctx, n, to.Number); err != nil {
			return nil, err
		}
	}
	resp := &articlev1.DiffArticleRevisionsResponse{Revision: revisionOf(n, to.Revision)}
	told := []*articlev1.ArticleRevision{resp.GetRevision()}
	from := article.Loaded{}
	if base != 0 {
		if from, err = s.Store.Load(ctx, n, base); err != nil {
			return nil, err
		}
		resp.BaseRevision = revisionOf(n, from.Revision)
		told = append(told, resp.GetBaseRevision())
	}
	resp.Fields, resp.Blocks = diff.Articles(article.Content(from.Content()), article.Content(to.Content()))
	return resp, s.tellPublications(ctx, n, told...)
}

// before returns the number of the revision before one; 0 when there is none.
func (s *Server) before(ctx context.Context, n article.Name, number int64) (int64, error) {
	if number == 1 {
		return 0, nil
	}
	heads, err := s.Store.Revisions(ctx, n, number, 1)
	if err != nil || len(heads) == 0 {
		return 0, err
	}
	return heads[0].GetNumber(), nil
}
