package projection

import (
	"regexp"
	"strings"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// licenseURI returns where a license can be read: the address that was written
// down, or else that of the identifier. Of Creative Commons this is the page for
// people, in the language of their browser.
func licenseURI(l *mediav1.License) string {
	id := l.GetSpdxId()
	switch {
	case l.GetUri() != "" || id == "":
		return l.GetUri()
	case strings.HasPrefix(id, "CC0-"):
		return "https://creativecommons.org/publicdomain/zero/" + strings.TrimPrefix(id, "CC0-") + "/"
	}
	if parts := regexp.MustCompile(`^CC-(BY(?:-(?:NC|SA|ND))*)-([0-9.]+)$`).FindStringSubmatch(id); parts != nil {
		return "https://creativecommons.org/licenses/" + strings.ToLower(parts[1]) + "/" + parts[2] + "/"
	}
	return "https://spdx.org/licenses/" + id + ".html"
}
