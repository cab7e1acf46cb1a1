package permissions_test

import (
	"context"

	"github.com/google/uuid"

	"github.com/skaitykla/skaitykla/internal/auth"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// linkRows is the part of the table about addresses.
func linkRows() []row {
	return []row{
		{"CreateArticle", "taking a slug over", nil, "tddyyydd", createTakingOver},
		{"UpdateArticle", "taking a slug over", nil, "tddyyydd", updateTakingOver},
		{"UpdateArticle", "its old addresses", nil, "tydyyydd", updateAliases},
		{"ResolvePath", "an old address of a draft", nil, "hhhhhhhh", resolveAlias},
		{"ResolvePath", "an old address of a published one", published, "yyyyyyyy", resolveAlias},
	}
}

// oncePublic returns a slug under which nobody is public any more.
func oncePublic(ctx context.Context, s *suite) string {
	editor := s.as(person(auth.Editor, library))
	a, err := editor.CreateArticle(ctx, &articlev1.CreateArticleRequest{Parent: library, Article: &articlev1.Article{Title: "S " + uuid.NewString()}})
	must(s.t, err)
	return unpublished(s, a).GetSlug()
}

func createTakingOver(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
	_, err := c.CreateArticle(ctx, &articlev1.CreateArticleRequest{
		Parent: library, Article: &articlev1.Article{Title: secret, Slug: oncePublic(ctx, s)}, TakeOverSlug: true,
	})
	return err
}

func updateTakingOver(ctx context.Context, s *suite, c caller, a *articlev1.Article) error {
	_, err := c.UpdateArticle(ctx, &articlev1.UpdateArticleRequest{
		Article: &articlev1.Article{Name: a.GetName(), Etag: a.GetEtag(), Slug: oncePublic(ctx, s)}, TakeOverSlug: true,
	})
	return err
}

func updateAliases(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
	_, err := c.UpdateArticle(ctx, &articlev1.UpdateArticleRequest{
		Article: &articlev1.Article{Name: a.GetName(), Etag: a.GetEtag(), Aliases: []string{"/?p=" + uuid.NewString()}},
	})
	return err
}

// resolveAlias gives the article an old address and asks for that.
func resolveAlias(ctx context.Context, s *suite, c caller, a *articlev1.Article) error {
	alias := "/?p=" + uuid.NewString()
	changed, err := s.as(person(auth.Editor, library)).UpdateArticle(ctx, &articlev1.UpdateArticleRequest{
		Article: &articlev1.Article{Name: a.GetName(), Etag: a.GetEtag(), Aliases: []string{alias}},
	})
	must(s.t, err)
	a.Aliases = changed.GetAliases()
	_, err = c.ResolvePath(ctx, &articlev1.ResolvePathRequest{Site: library, Path: alias})
	return err
}
