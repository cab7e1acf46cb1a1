package article

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/skaitykla/skaitykla/internal/lang"
)

// MaxTags is how many tags an article may have: each is a row of the store, and
// a transaction has room for so many to come and go at once.
const MaxTags = 20

// Tag is a tag of published articles.
type Tag struct {
	// ID is made of the text and always the same for it; see TagID.
	ID string
	// Text is the tag as articles have it.
	Text string
	// Count is how many published articles have it.
	Count int64
}

// TagID returns the id of a tag: what a slug leaves of the text, and eight
// characters of its checksum, so that tags which look alike in ASCII are not
// taken for one.
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

// TagName returns the resource name of a tag.
func TagName(site, id string) string { return SiteName(site) + "/tags/" + id }
