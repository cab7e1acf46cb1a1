package importer

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/manuscript"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// write creates the article or updates it where the manuscript differs.
func write(ctx context.Context, suite Suite, name string, m *manuscript.Manuscript, o Options, result *Result) (*articlev1.Article, error) {
	current, err := suite.Articles.GetArticle(ctx, &articlev1.GetArticleRequest{Name: name, View: articlev1.ArticleView_ARTICLE_VIEW_WORKING})
	if notFound(err) {
		if o.DryRun {
			result.Outcome = Created
			return nil, nil //nolint:nilnil // a dry run has no article
		}
		return create(ctx, suite, name, m, o, result)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if current.GetState() == articlev1.Article_STATE_DELETED {
		return nil, fmt.Errorf("%s was deleted since; restore it, or give the file another `id:`", name)
	}
	wanted, mask := wish(current, m)
	result.Changes = differences(current, wanted, mask)
	wanted.Etag = current.GetAnnotations()[AnnotationEtag]
	known := wanted.GetEtag() == current.GetEtag()
	if len(result.Changes) == 0 {
		result.Outcome = Unchanged
		if known || o.DryRun {
			return current, nil
		}
		// The file says what the article says: the import was killed before it
		// could remember, or somebody carried an edit into the file.
		return remember(ctx, suite, current)
	}
	if o.Force {
		wanted.Etag = current.GetEtag()
	}
	switch conflict := (&ConflictError{Article: name, Time: current.GetUpdateTime().AsTime()}); {
	case wanted.GetEtag() == "":
		conflict.Editor = current.GetCreator() // no import ever wrote it
		return nil, conflict
	case o.DryRun && !known && !o.Force:
		return nil, conflict
	}
	if o.DryRun {
		result.Outcome = Updated
		return current, nil
	}
	updated, err := suite.Articles.UpdateArticle(ctx, &articlev1.UpdateArticleRequest{
		Article: wanted, UpdateMask: &fieldmaskpb.FieldMask{Paths: mask}, RequireCurrent: true,
	})
	if conflict := detail[*faultv1.EditConflict](err); conflict != nil {
		return nil, &ConflictError{
			Article: name, Editor: conflict.GetCurrentAuthor(), Time: conflict.GetCurrentTime().AsTime(),
			Blocks: conflict.GetTheirs().GetBlockIds(), Fields: conflict.GetTheirs().GetFields(),
		}
	}
	if err != nil {
		return nil, fmt.Errorf("update %s: %w", name, err)
	}
	result.Outcome = Updated
	return remember(ctx, suite, updated)
}

func create(ctx context.Context, suite Suite, name string, m *manuscript.Manuscript, o Options, result *Result) (*articlev1.Article, error) {
	site := o.Site.GetName()
	created, err := suite.Articles.CreateArticle(ctx, &articlev1.CreateArticleRequest{
		Parent: site, ArticleId: name[len(site+"/articles/"):], Article: m.Article,
	})
	if err != nil {
		return nil, fmt.Errorf("create %s: %w", name, err)
	}
	result.Outcome = Created
	return remember(ctx, suite, created)
}

// remember keeps the etag that the import wrote. It is state, not content, so
// it makes no revision.
func remember(ctx context.Context, suite Suite, a *articlev1.Article) (*articlev1.Article, error) {
	annotations := map[string]string{AnnotationEtag: ""}
	maps.Copy(annotations, a.GetAnnotations())
	annotations[AnnotationEtag] = a.GetEtag()
	remembered, err := suite.Articles.UpdateArticle(ctx, &articlev1.UpdateArticleRequest{
		Article:    &articlev1.Article{Name: a.GetName(), Etag: a.GetEtag(), Annotations: annotations},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"annotations"}},
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s was written, but the next import will not know it as its own", a.GetName()), err)
	}
	return remembered, nil
}

// wish is the article as the manuscript wants it, with the fields it speaks
// of. A slug that the file does not name is left alone, so that a mended title
// does not move the page; old addresses are added and never taken away, for
// links lead there.
func wish(current *articlev1.Article, m *manuscript.Manuscript) (*articlev1.Article, []string) {
	wanted := proto.CloneOf(m.Article)
	wanted.Name = current.GetName()
	wanted.LanguageCode = ""
	wanted.Blocks = align(current.GetBlocks(), wanted.GetBlocks())
	mask := []string{"title", "lead", "blocks", "cover", "tags"}
	if wanted.GetSlug() != "" {
		mask = append(mask, "slug")
	}
	if wanted.GetTranslationGroup() != "" {
		mask = append(mask, "translation_group")
	}
	if len(m.Matter.Aliases) > 0 {
		mask = append(mask, "aliases")
		wanted.Aliases = slices.Clone(current.GetAliases())
		for _, alias := range m.Matter.Aliases {
			if !slices.Contains(wanted.GetAliases(), alias) {
				wanted.Aliases = append(wanted.Aliases, alias)
			}
		}
	}
	return wanted, mask
}
