package chain

import (
	"net/http"
	"slices"
	"strings"
)

// Paths that scripts of other origins may call.
func shared(path string) bool {
	for _, prefix := range []string{"/v1/", "/upload/", "/media/", "/openapi.json"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

// cors lets scripts of the origins read answers of the API. Credentials of the
// browser are never allowed: tokens travel in Authorization only.
func cors(origins []string, next http.Handler) http.Handler {
	if len(origins) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !shared(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		h := w.Header()
		h.Add("Vary", "Origin")
		origin := r.Header.Get("Origin")
		if origin == "" || (!slices.Contains(origins, "*") && !slices.Contains(origins, origin)) {
			next.ServeHTTP(w, r)
			return
		}
		h.Set("Access-Control-Allow-Origin", origin)
		if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
			h.Set("Access-Control-Expose-Headers", "ETag, Retry-After, X-Request-Id, Content-Range, Location, "+
				"Tus-Resumable, Tus-Version, Tus-Extension, Tus-Max-Size, Upload-Offset, Upload-Length, Upload-Expires, Upload-Metadata, "+
				"Skaitykla-Photo")
			next.ServeHTTP(w, r)
			return
		}
		h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, PATCH, DELETE")
		h.Set("Access-Control-Allow-Headers",
			"Authorization, Content-Type, Accept-Language, If-Match, If-None-Match, Last-Event-ID, Range, X-Request-Id, "+
				"Repr-Digest, Content-Digest, Tus-Resumable, Upload-Length, Upload-Offset, Upload-Metadata, X-HTTP-Method-Override")
		h.Set("Access-Control-Max-Age", "600")
		w.WriteHeader(http.StatusNoContent)
	})
}
