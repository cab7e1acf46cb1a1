package published

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/lang"
)

// Name is the name of an article; its parts have no slash.
type Name struct {
	// Site is the id of the site.
	Site string
	// ID is the id of the article.
	ID string
}

// String returns the resource name, "sites/{site}/articles/{article}".
func (n Name) String() string { return SiteName(n.Site) + "/articles/" + n.ID }

// SiteName returns the resource name of a site.
func SiteName(id string) string { return "sites/" + id }

// ParseName reads a resource name given in a field of a request. It fails with
// INVALID_FIELD.
func ParseName(field, text string) (Name, error) {
	rest, isName := strings.CutPrefix(text, "sites/")
	site, id, cut := strings.Cut(rest, "/articles/")
	if !isName || !cut || !isID(site) || !isID(id) {
		return Name{}, fault.InvalidField(field, "%.100q is not the name of an article, sites/{site}/articles/{article}", text)
	}
	return Name{Site: site, ID: id}, nil
}

// ParseSite reads the resource name of a site given in a field of a request
// and returns its id. It fails with INVALID_FIELD.
func ParseSite(field, text string) (string, error) {
	id, isName := strings.CutPrefix(text, "sites/")
	if !isName || !isID(id) {
		return "", fault.InvalidField(field, "%.100q is not the name of a site, sites/{site}", text)
	}
	return id, nil
}

// isID reports whether id can be one of a site or an article: 3 to 63
// characters of [a-z0-9-] that begin with a letter.
func isID(id string) bool {
	if len(id) < 3 || len(id) > 63 || id[0] < 'a' || id[0] > 'z' {
		return false
	}
	for _, c := range []byte(id) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

// TagID returns the id of a tag, the last part of its resource name and of the
// address of its page: what a slug leaves of the text, and eight characters of
// its checksum. The article service makes it by the same rule.
func TagID(text string) string {
	text = norm.NFC.String(text)
	sum := sha256.Sum256([]byte(text))
	slug := lang.Default().Slug(text)
	if slug == "" || slug[0] < 'a' || slug[0] > 'z' {
		slug = strings.Trim("t-"+slug, "-")
	}
	const room = 54 // of 63, with a hyphen and the checksum
	return strings.TrimRight(slug[:min(len(slug), room)], "-") + "-" + hex.EncodeToString(sum[:4])
}
