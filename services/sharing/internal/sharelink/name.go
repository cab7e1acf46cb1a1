package sharelink

import (
	"strings"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// AnySite stands in a name for a site that is not known beforehand (AIP-159).
const AnySite = "-"

// Name is the name of a link; its parts have no slash.
type Name struct {
	// Site is the id of the site, or AnySite.
	Site string
	// ID is the code or the words.
	ID string
}

// String returns the resource name, "sites/{site}/shareLinks/{share_link}".
func (n Name) String() string { return published.SiteName(n.Site) + "/shareLinks/" + n.ID }

// ParseName reads a resource name given in a field of a request. The id is
// taken as it is: what it can be is for package shortcode to say. It fails with
// INVALID_FIELD.
func ParseName(field, text string) (Name, error) {
	parent, id, found := strings.Cut(text, "/shareLinks/")
	site, isSite := strings.CutPrefix(parent, "sites/")
	if !found || !isSite || site == "" || strings.Contains(site, "/") || id == "" || strings.Contains(id, "/") {
		return Name{}, fault.InvalidField(field, "%.100q is not the name of a share link, sites/{site}/shareLinks/{share_link}", text)
	}
	return Name{Site: site, ID: id}, nil
}
