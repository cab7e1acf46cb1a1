package reply

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
)

// Bytes answers with body and a strong validator made of it, or with 304 when
// r shows that the caller has these very bytes. Content-Type and Cache-Control
// are the caller's.
func Bytes(w http.ResponseWriter, r *http.Request, body []byte) {
	sum := sha256.Sum256(body)
	Validated(w, r, base64.RawURLEncoding.EncodeToString(sum[:12]), body)
}

// Validated is Bytes with a strong validator, without quotation marks, that is
// known already.
func Validated(w http.ResponseWriter, r *http.Request, etag string, body []byte) {
	h := w.Header()
	h.Set("ETag", strconv.Quote(etag))
	if Matches(r.Header.Get("If-None-Match"), etag) {
		h.Del("Content-Length")
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client may be gone
	}
}

// Matches reports whether an If-None-Match header names the etag, given without
// quotation marks. Weak marks do not matter there (RFC 9110, section 13.1.2).
func Matches(header, etag string) bool {
	for item := range strings.SplitSeq(header, ",") {
		item = strings.TrimPrefix(strings.TrimSpace(item), "W/")
		if item == "*" || item == strconv.Quote(etag) {
			return true
		}
	}
	return false
}
