package server

import (
	"context"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// UpdateArticle implements the ArticleService.
func (s *Server) UpdateArticle(ctx context.Context, req *articlev1.UpdateArticleRequest) (*articlev1.Article, error) {
	n, err := article.ParseName("article.name", req.GetArticle().GetName())
	if err != nil {
		return nil, err
	}
	etag, err := rpc.Etag(ctx, req.GetArticle().GetEtag())
	if err != nil {
		return nil, err
	}
	w, err := write(ctx, "UpdateArticle", n.String(), etag, req, now())
	if err != nil {
		return nil, err
	}
	change, err := cleanArticle(req.GetArticle())
	if err != nil {
		return nil, err
	}
	if err := mayTakeOver(ctx, n.Site, req.GetTakeOverSlug()); err != nil {
		return nil, err
	}
	return s.changeArticle(ctx, w, n, auth.ArticleUpdate, func(l article.Loaded) (*articlev1.Article, error) {
		return s.save(ctx, w, l, req, change, etag)
	})
}

// save stores the caller's change of an article as a new revision, if it
// changes anything.
func (s *Server) save(ctx context.Context, w article.Write, l article.Loaded, req *articlev1.UpdateArticleRequest,
	change *articlev1.Article, etag string,
) (*articlev1.Article, error) {
	if err := article.Allow(l.State, article.StepSave); err != nil {
		return nil, err
	}
	if code := req.GetArticle().GetLanguageCode(); code != "" && code != l.State.GetLanguageCode() {
		return nil, fault.InvalidField("article.language_code",
			"the language of an article cannot be changed; make a new article and join them by translation_group")
	}
	next, err := s.edit(ctx, l, req, change, etag)
	if err != nil {
		return nil, err
	}
	beside := takeNotes(next)
	if err := s.checkAliases(ctx, l.Site.GetSite(), l.Name, l.State.GetUid(), l.State.GetAliases(), beside.aliases); err != nil {
		return nil, err
	}
	before := l.Content()
	derived := next.GetSlug() == ""
	changed := !article.Same(next, before)
	if changed {
		d := draft{name: l.Name, code: l.State.GetLanguageCode(), at: w.Time, takeOver: req.GetTakeOverSlug()}
		if err := s.finish(ctx, d, next, before); err != nil {
			return nil, err
		}
		changed = !article.Same(next, before) // an emptied slug may have been made again
	}
	retake, err := s.lostSlug(ctx, l, next.GetSlug(), req.GetTakeOverSlug())
	if err != nil {
		return nil, err
	}
	if !changed && !retake && beside.same(l.State) {
		return s.working(ctx, l), nil
	}
	err = s.commitSave(ctx, w, &l, req, saved{content: next, notes: beside, changed: changed, retake: retake})
	if derived && fault.Has(err, faultv1.Reason_REASON_SLUG_TAKEN) {
		err = article.ErrOvertaken
	}
	if err != nil {
		return nil, err
	}
	return s.working(ctx, l), nil
}

// edit returns the content, with notes, that the caller wants the article
// to have: their change applied to the newest revision, which must be the one
// they edited, unless the result is what is there already or both sides can be
// merged.
func (s *Server) edit(ctx context.Context, l article.Loaded, req *articlev1.UpdateArticleRequest,
	change *articlev1.Article, etag string,
) (*articlev1.Article, error) {
	apply := func(content *articlev1.Article) (*articlev1.Article, error) {
		base := proto.CloneOf(content)
		base.Annotations, base.Aliases = l.State.GetAnnotations(), l.State.GetAliases()
		return article.ApplyMask(base, change, req.GetUpdateMask(), article.MutableFields())
	}
	next, err := apply(l.Content())
	if err != nil || etag == article.Etag(l.State, l.State.GetRevision()) {
		return next, err
	}
	number, ok := article.RevisionOf(l.State, etag)
	if article.Same(article.Content(next), l.Content()) && (ok || notesOf(next).same(l.State)) {
		return next, nil
	}
	if ok && !req.GetRequireCurrent() {
		base, err := s.Store.Load(ctx, l.Name, number)
		if thinned(err) {
			return nil, s.conflict(ctx, l, etag, nil)
		}
		if err != nil {
			return nil, err
		}
		mine, err := apply(base.Content())
		if err != nil {
			return nil, err
		}
		if err := article.AssignBlockIDs(mine); err != nil {
			return nil, err
		}
		if merged, ok := article.Merge(base.Content(), l.Content(), article.Content(mine)); ok {
			merged.Annotations, merged.Aliases = mine.GetAnnotations(), mine.GetAliases()
			return merged, nil
		}
	}
	return nil, s.conflict(ctx, l, etag, func(base *articlev1.Article) (*articlev1.Article, error) {
		mine, err := apply(base)
		return article.Content(mine), err
	})
}

// saved is what a save makes of an article.
type saved struct {
	notes

	content *articlev1.Article
	changed bool // content is not what it was
	retake  bool // takes a slug over that content has had all along
}

// commitSave stores a save, and brings l up to date.
func (s *Server) commitSave(ctx context.Context, w article.Write, l *article.Loaded, req *articlev1.UpdateArticleRequest, next saved) error {
	after := proto.CloneOf(l.State)
	after.Annotations, after.Aliases = next.annotations, next.aliases
	c := article.Change{
		Write: w, Name: l.Name, Before: l.State, After: after, TakeSlug: req.GetTakeOverSlug(),
		Kind: articlev1.WatchArticlesResponse_KIND_UPDATED,
	}
	slug := next.content.GetSlug()
	if next.changed || next.retake {
		former, err := s.slugFormer(ctx, l.Name, after, slug, req.GetTakeOverSlug())
		if err != nil {
			return err
		}
		s.summarize(ctx, l, after, next.content, former)
	}
	if next.changed {
		after.Revision++
		c.Revision = &recordv1.Revision{
			Article: next.content, Author: w.Principal, CreateTime: timestamppb.New(w.Time),
			Note: w.Note, EditSession: req.GetEditSession(),
		}
		if old := l.Content().GetSlug(); old != slug {
			c.Slug, c.OldSlug = slug, old
		}
	}
	if next.retake {
		c.Slug = slug
	}
	if err := s.Store.Commit(ctx, c); err != nil {
		return err
	}
	l.State = after
	if next.changed {
		l.Revision, l.Number = c.Revision, after.GetRevision()
	}
	return nil
}
