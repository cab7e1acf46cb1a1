package server

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// RollbackArticle implements the ArticleService.
func (s *Server) RollbackArticle(ctx context.Context, req *articlev1.RollbackArticleRequest) (*articlev1.Article, error) {
	n, err := article.ParseName("name", req.GetName())
	if err != nil {
		return nil, err
	}
	number, err := article.ParseRevisionID("revision_id", req.GetRevisionId())
	if err != nil {
		return nil, err
	}
	etag, err := rpc.Etag(ctx, req.GetEtag())
	if err != nil {
		return nil, err
	}
	w, err := write(ctx, "RollbackArticle", n.String(), etag, req, now())
	if err != nil {
		return nil, err
	}
	return s.changeArticle(ctx, w, n, auth.ArticleUpdate, func(l article.Loaded) (*articlev1.Article, error) {
		if err := article.Allow(l.State, article.StepSave); err != nil {
			return nil, err
		}
		old, err := s.Store.Load(ctx, n, number)
		if err != nil {
			return nil, err
		}
		return s.rollback(ctx, w, l, old, etag)
	})
}

// rollback saves the content of an old revision, unless it is there already. A
// stale etag is not merged: going back means to exactly that content. Photos of
// it that are gone meanwhile do not stop it; they stop publishing.
func (s *Server) rollback(ctx context.Context, w article.Write, l, old article.Loaded, etag string) (*articlev1.Article, error) {
	next := article.Content(old.Content())
	same := article.Same(next, l.Content())
	_, known := article.RevisionOf(l.State, etag)
	switch {
	case etag != article.Etag(l.State, l.State.GetRevision()) && (!known || !same):
		return nil, s.conflict(ctx, l, etag, func(*articlev1.Article) (*articlev1.Article, error) { return next, nil })
	case same:
		return s.working(ctx, l), nil
	}
	d := draft{name: l.Name, code: l.State.GetLanguageCode(), at: w.Time}
	lost, err := s.oldSlug(ctx, d, next, l.Content())
	switch {
	case err != nil:
		return nil, err
	case article.Same(next, l.Content()): // the slug was all that differed
		return s.working(ctx, l), nil
	}
	w.Note = rollbackNote(l.Site.GetSite(), w.Note, old.Number, lost, next.GetSlug())
	beside := notes{annotations: l.State.GetAnnotations(), aliases: l.State.GetAliases()}
	err = s.commitSave(ctx, w, &l, &articlev1.UpdateArticleRequest{}, saved{content: next, notes: beside, changed: true})
	if fault.Has(err, faultv1.Reason_REASON_SLUG_TAKEN) {
		err = article.ErrOvertaken // another article took the slug that was just free
	}
	if err != nil {
		return nil, err
	}
	return s.working(ctx, l), nil
}

// oldSlug leaves next the slug of before when its own cannot be had any more,
// which it returns then: the caller of a rollback cannot choose another one.
func (s *Server) oldSlug(ctx context.Context, d draft, next, before *articlev1.Article) (lost string, err error) {
	wanted := next.GetSlug()
	err = s.chooseSlug(ctx, d, next, before)
	reserved := article.ReservedSlug(wanted) // as a later version of the suite may have it
	if !fault.Has(err, faultv1.Reason_REASON_SLUG_TAKEN) && (err == nil || !reserved) {
		return "", err
	}
	next.Slug = before.GetSlug()
	return wanted, nil
}

// maxRevisionNote is how many characters the note of a revision has.
const maxRevisionNote = 500

// rollbackNote adds to the caller's note what they cannot know, and without one
// says which revision was gone back to, in the language that the library works
// in. lost is the slug that did not come back, "" for none.
func rollbackNote(site *articlev1.Site, note string, number int64, lost, kept string) string {
	language, ok := lang.For(site.GetDefaultLanguageCode())
	if !ok {
		language = lang.Default()
	}
	if note == "" {
		note = language.Message("revision.rolled_back", "revision", strconv.FormatInt(number, 10))
	}
	if lost == "" {
		return note
	}
	told := language.Message("revision.slug_kept", "kept", kept, "lost", lost)
	if room := maxRevisionNote - utf8.RuneCountInString(told) - 2; utf8.RuneCountInString(note) > room {
		note = strings.TrimRight(string([]rune(note)[:room]), " ") + "…"
	}
	return note + "\n" + told
}
