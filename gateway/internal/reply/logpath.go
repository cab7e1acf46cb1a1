package reply

import (
	"net/http"
	"strings"
)

// LogPath returns the path of r as it may stand in a log: of previews without
// the key, which opens them, and never with the query, which may hold a
// signature.
func LogPath(r *http.Request) string {
	const previews = "/preview/"
	if strings.HasPrefix(r.URL.Path, previews) {
		return previews + "-"
	}
	return r.URL.Path
}
