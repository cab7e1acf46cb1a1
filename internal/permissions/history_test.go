package permissions_test

import (
	"context"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// historyRows is the part of the table about what was before.
func historyRows() []row {
	const staff = "tyyyyyyd"
	return []row{
		{"GetArticle", "as readers saw it", published, staff, func(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
			_, err := c.GetArticle(ctx, &articlev1.GetArticleRequest{Name: a.GetName(), ReadTime: timestamppb.Now()})
			return err
		}},
		{"ListArticleRevisions", "", nil, staff, func(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
			_, err := c.ListArticleRevisions(ctx, &articlev1.ListArticleRevisionsRequest{Parent: a.GetName()})
			return err
		}},
		{"GetArticleRevision", "", nil, staff, func(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
			_, err := c.GetArticleRevision(ctx, &articlev1.GetArticleRevisionRequest{Name: a.GetName() + "/revisions/1"})
			return err
		}},
		{"GetArticleRevision", "of a published one", published, staff, func(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
			_, err := c.GetArticleRevision(ctx, &articlev1.GetArticleRevisionRequest{Name: a.GetName() + "/revisions/1"})
			return err
		}},
		{"DiffArticleRevisions", "", nil, staff, func(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
			_, err := c.DiffArticleRevisions(ctx, &articlev1.DiffArticleRevisionsRequest{Parent: a.GetName()})
			return err
		}},
		{"RollbackArticle", "a draft", revised, "tydyyydd", rollbackArticle},
		{"RollbackArticle", "one that was public", republished, "tddyyydd", rollbackArticle},
		{"ListAuditEvents", "", nil, "tdddyydd", func(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
			_, err := c.ListAuditEvents(ctx, &articlev1.ListAuditEventsRequest{Parent: library})
			return err
		}},
	}
}

func revised(s *suite, a *articlev1.Article) *articlev1.Article {
	s.t.Helper()
	a, err := s.as(person(auth.Editor, library)).UpdateArticle(s.t.Context(), &articlev1.UpdateArticleRequest{
		Article: &articlev1.Article{Name: a.GetName(), Etag: a.GetEtag(), Title: secret + " kita"},
	})
	must(s.t, err)
	return a
}

func republished(s *suite, a *articlev1.Article) *articlev1.Article {
	s.t.Helper()
	return revised(s, published(s, a))
}

func rollbackArticle(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
	_, err := c.RollbackArticle(ctx, &articlev1.RollbackArticleRequest{Name: a.GetName(), Etag: a.GetEtag(), RevisionId: "1"})
	return err
}
