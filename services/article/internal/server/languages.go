package server

import (
	"context"
	"slices"

	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// translations returns the other language versions of an article in a group.
func (s *Server) translations(ctx context.Context, site *articlev1.Site, n article.Name, group string, public bool) ([]*articlev1.Translation, error) {
	if group == "" {
		return nil, nil
	}
	siblings, err := s.Store.Siblings(ctx, n.Site, group)
	return article.Translations(site, n, siblings, public), err
}

// languages are those that a caller reads, best first.
type languages struct{ codes []string }

// wantedLanguages returns the languages of a request, nil when it names none.
// One that nobody writes in here is no language of anything.
func wantedLanguages(codes []string) *languages {
	if len(codes) == 0 {
		return nil
	}
	wanted := &languages{}
	for _, code := range codes {
		if l, ok := lang.For(code); ok && !slices.Contains(wanted.codes, l.Code()) {
			wanted.codes = append(wanted.codes, l.Code())
		}
	}
	return wanted
}

// best reports whether an article is the version to list: in a language that
// is wanted, and in none of its group is there a better one. Which versions
// there are is read from the store, so that a projection which is not made again
// yet leads to nothing doubled.
func (l *listing) best(ctx context.Context, a *articlev1.Article, public bool) (bool, error) {
	if l.wanted == nil {
		return true, nil
	}
	rank := slices.Index(l.wanted.codes, a.GetLanguageCode())
	if rank <= 0 || a.GetTranslationGroup() == "" {
		return rank >= 0, nil
	}
	siblings, err := l.Store.Siblings(ctx, l.id, a.GetTranslationGroup())
	if err != nil {
		return false, err
	}
	better := slices.ContainsFunc(siblings, func(s article.Sibling) bool {
		return s.Member(public) != nil && slices.Contains(l.wanted.codes[:rank], s.LanguageCode)
	})
	return !better, nil
}
