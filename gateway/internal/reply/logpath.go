package reply

import (
	"net/http"
	"strings"
)

// LogPath returns the path of r as it may stand in a log: of previews without
// the key, which opens them, of short links without the code, so that no log
// tells when somebody opened one, and never with the query, which may hold a
// signature.
func LogPath(r *http.Request) string {
	const previews = "/preview/"
	switch {
	case strings.HasPrefix(r.URL.Path, previews):
		return previews + "-"
	case IsShortLink(r):
		return "/s/-"
	}
	return r.URL.Path
}

// IsShortLink reports whether r is for what stands below /s/ or /S/, in any
// spelling that may be meant so. Of who asks for that nothing is written down.
func IsShortLink(r *http.Request) bool {
	path := strings.TrimLeft(r.URL.Path, "/")
	return len(path) < len(r.URL.Path) && len(path) > 1 && path[0]|0x20 == 's' && path[1] == '/'
}
