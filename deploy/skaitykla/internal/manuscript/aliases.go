package manuscript

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/skaitykla/skaitykla/internal/address"
)

// maxAliases is how many addresses one save of an article can take.
const maxAliases = 20

// cleanAliases brings the addresses to the form in which the suite keeps them.
// Whole ones are taken too: the host was that of the older system.
func (m *Matter) cleanAliases() error {
	var aliases []string
	for _, written := range m.Aliases {
		path := strings.TrimSpace(written)
		if u, err := url.Parse(path); err == nil && u.IsAbs() && u.Host != "" {
			path = strings.TrimPrefix(path[strings.Index(path, "//")+2:], u.Host)
			if !strings.HasPrefix(path, "/") {
				path = "/" + path
			}
		}
		a, err := address.Parse(path)
		if err != nil {
			return &MatterError{Field: "aliases", Problem: fmt.Sprintf("%q: %v; write the path of a page, as /2024/06/07/title/ or /?p=123", written, err)}
		}
		if form := a.String(); !slices.Contains(aliases, form) {
			aliases = append(aliases, form)
		}
	}
	if len(aliases) > maxAliases {
		return &MatterError{Field: "aliases", Problem: fmt.Sprintf("there are %d addresses; one import can set at most %d", len(aliases), maxAliases)}
	}
	m.Aliases = aliases
	return nil
}
