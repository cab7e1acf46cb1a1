package article

import (
	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Sibling is the article that has a language of a translation group.
type Sibling struct {
	Name         Name
	LanguageCode string
	// Working is what its working copy shows, Public what readers see; nil where
	// it is not in the group.
	Working, Public *recordv1.GroupMember
}

// Member returns one side of the sibling.
func (s Sibling) Member(public bool) *recordv1.GroupMember {
	if public {
		return s.Public
	}
	return s.Working
}

// MemberOf returns how content stands in its translation group; nil when it is
// in none.
func MemberOf(content *articlev1.Article) *recordv1.GroupMember {
	if content.GetTranslationGroup() == "" {
		return nil
	}
	return &recordv1.GroupMember{Group: content.GetTranslationGroup(), Title: content.GetTitle(), Slug: content.GetSlug()}
}

// Translations returns the language versions of an article besides itself: those
// that readers see, or all, in the order of siblings.
func Translations(site *articlev1.Site, self Name, siblings []Sibling, public bool) []*articlev1.Translation {
	var all []*articlev1.Translation
	for _, s := range siblings {
		m := s.Member(public)
		if m == nil || s.Name == self {
			continue
		}
		all = append(all, &articlev1.Translation{
			Article: s.Name.String(), LanguageCode: s.LanguageCode,
			Title: m.GetTitle(), Path: Path(site, s.LanguageCode, m.GetSlug()),
		})
	}
	return all
}

// TranslationTaken returns the error for a language of a group that another
// article has.
func TranslationTaken(group, code string, holder Name) error {
	return fault.New(faultv1.Reason_REASON_TRANSLATION_TAKEN,
		"%s is the %s version in the translation group %q already; give one of them another group", holder, code, group).
		With("holder", holder.String()).With("translation_group", group).With("language_code", code)
}
