// Package article is the noun of the service: what an article and a site are,
// and what may happen to them. Everything here is a pure function of its
// arguments, apart from the making of ids.
//
// An article is content and state. Content is what authors write; each save
// makes a revision, numbered from 1, that never changes. State is the rest: a
// draft is published, which pins one revision for readers, unpublished,
// deleted and restored (see Next). Saving never changes what readers see.
//
// Content travels as an articlev1.Article that holds content fields only (see
// Content), state as a recordv1.State. Functions that change a State change the
// one they are given; callers pass a copy.
package article

import (
	"strings"

	"github.com/skaitykla/skaitykla/internal/fault"
)

// Name names an article.
type Name struct{ Site, ID string }

// ParseName reads "sites/{site}/articles/{article}". It fails with
// INVALID_FIELD on the field called field.
func ParseName(field, name string) (Name, error) {
	parts := strings.Split(name, "/")
	if len(parts) != 4 || parts[0] != "sites" || parts[2] != "articles" || !ValidID(parts[1]) || !ValidID(parts[3]) {
		return Name{}, fault.InvalidField(field, "%q is not a name like sites/my-library/articles/my-article", clip(name))
	}
	return Name{Site: parts[1], ID: parts[3]}, nil
}

// String returns the resource name.
func (n Name) String() string { return "sites/" + n.Site + "/articles/" + n.ID }

// ParseSite returns the id in "sites/{site}". It fails with INVALID_FIELD on
// the field called field.
func ParseSite(field, name string) (string, error) {
	id, ok := strings.CutPrefix(name, "sites/")
	if !ok || !ValidID(id) {
		return "", fault.InvalidField(field, "%q is not a name like sites/my-library", clip(name))
	}
	return id, nil
}

// SiteName returns the resource name of a site.
func SiteName(id string) string { return "sites/" + id }

// ValidID reports whether s can be the id of a resource.
func ValidID(s string) bool {
	if len(s) < 3 || len(s) > 63 || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

// clip keeps a hostile value from filling a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}
