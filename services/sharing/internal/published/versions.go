package published

import "github.com/skaitykla/skaitykla/internal/richtext"

// Version is one language version of an article.
type Version struct {
	// Language is its language (BCP 47).
	Language string
	// Title is its title.
	Title string
	// URI is the one address of its page.
	URI string
}

// Versions returns every public language version of the article, itself first;
// nil when it is the only one.
func (a Article) Versions() []Version {
	others := a.Resource.GetTranslations()
	if len(others) == 0 {
		return nil
	}
	versions := make([]Version, 0, len(others)+1)
	versions = append(versions, Version{Language: a.Language(), Title: a.Title(), URI: a.URI()})
	for _, other := range others {
		versions = append(versions, Version{
			Language: other.GetLanguageCode(),
			Title:    richtext.Line(other.GetTitle()),
			URI:      a.Site.Absolute(other.GetPath()),
		})
	}
	return versions
}

// DefaultURI returns the address for readers of languages in which the article
// is not: that of the version in the site's default language, or else of the
// article.
func (a Article) DefaultURI() string {
	for _, version := range a.Versions() {
		if version.Language == a.Site.Resource.GetDefaultLanguageCode() {
			return version.URI
		}
	}
	return a.URI()
}
