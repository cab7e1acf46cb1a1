package published

import (
	"slices"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/internal/richtext"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// Site is a site and where its pages are found.
type Site struct {
	// Resource is the site. It is not changed.
	Resource *articlev1.Site
	// PublicURI is the origin of the suite, which stands in for the site's
	// own while it has none: scheme and host without a slash at the end. When
	// it is empty too, addresses begin with a slash.
	PublicURI string
	// Zone is its time zone where somebody has read it already; nil to read it
	// when it is needed.
	Zone *time.Location
}

// Title returns the name of the site.
func (s Site) Title() string { return richtext.Line(s.Resource.GetTitle()) }

// Description returns the sentence on what the site is; its title when it has
// none.
func (s Site) Description() string {
	if text := richtext.Line(s.Resource.GetDescription()); text != "" {
		return text
	}
	return s.Title()
}

// Publisher returns the name of who answers for the site.
func (s Site) Publisher() string {
	if name := richtext.Line(s.Resource.GetPublisher().GetTitle()); name != "" {
		return name
	}
	return s.Title()
}

// Absolute returns the address of a reference that begins with a slash, and
// an absolute http or https URI as it is. Anything else, which no service of
// the suite gives, becomes the address of the front page: a reference such as
// "//elsewhere" must not lead away from the site.
func (s Site) Absolute(reference string) string {
	origin := s.Resource.GetBaseUri()
	if origin == "" {
		origin = s.PublicURI
	}
	switch {
	case strings.HasPrefix(reference, "https://"), strings.HasPrefix(reference, "http://"):
		return reference
	case !strings.HasPrefix(reference, "/"), strings.HasPrefix(reference, "//"), strings.ContainsAny(reference, "\\\t\r\n"):
		return origin + "/"
	}
	return origin + reference
}

// Home returns the reference of the front page in a language, as articles in
// that language begin: "/" or "/en/".
func (s Site) Home(language string) string {
	if language == "" || language == s.Resource.GetDefaultLanguageCode() {
		return "/"
	}
	return "/" + language + "/"
}

// Location returns the time zone of the site; UTC when it is not known here.
func (s Site) Location() *time.Location {
	if s.Zone != nil {
		return s.Zone
	}
	location, err := time.LoadLocation(s.Resource.GetTimeZone())
	if err != nil {
		return time.UTC
	}
	return location
}

// Language returns the language of the site that a code (BCP 47) asks for, as
// the site writes it: "lt-LT" asks for "lt", an empty code for the default. It
// returns false when the site does not publish in it.
func (s Site) Language(code string) (string, bool) {
	if code == "" {
		return s.Resource.GetDefaultLanguageCode(), true
	}
	if slices.Contains(s.Resource.GetLanguageCodes(), code) {
		return code, true
	}
	known, ok := lang.For(code)
	if !ok || !slices.Contains(s.Resource.GetLanguageCodes(), known.Code()) {
		return "", false
	}
	return known.Code(), true
}
