package rest

import (
	"bytes"
	"context"
	"net/http"
	"strconv"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
)

// setEtag gives callers with a token the etag of a resource to send back in
// If-Match. For the public, fresh replaces it by a validator of the bytes,
// because the published projection can change within one etag.
func setEtag(_ context.Context, w http.ResponseWriter, m proto.Message) error {
	if m == nil {
		return nil
	}
	if resource, ok := m.(interface{ GetEtag() string }); ok && resource.GetEtag() != "" {
		w.Header().Set("ETag", strconv.Quote(resource.GetEtag()))
	}
	return nil
}

// fresh sets how long answers keep. What a caller with a token reads is kept
// nowhere. What anyone may read can be kept but must be asked about before it
// is used again, which costs a 304.
func fresh(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		h.Add("Vary", "Authorization, Accept-Language")
		if r.Method == http.MethodHead {
			// net/http leaves the body out of the answer to the real request.
			r = r.Clone(r.Context())
			r.Method = http.MethodGet
		}
		switch {
		case r.Method != http.MethodGet, isStream(r):
			h.Set("Cache-Control", "no-store")
			next.ServeHTTP(w, r)
		case r.Header.Get("Authorization") != "":
			h.Set("Cache-Control", "private, no-store")
			next.ServeHTTP(w, r)
		default:
			held := &heldWriter{ResponseWriter: w}
			next.ServeHTTP(held, r)
			held.release(r)
		}
	})
}

// heldWriter keeps an answer until its validator is known.
type heldWriter struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader implements http.ResponseWriter.
func (h *heldWriter) WriteHeader(status int) {
	if h.status == 0 {
		h.status = status
	}
}

// Write implements http.ResponseWriter.
func (h *heldWriter) Write(data []byte) (int, error) {
	h.WriteHeader(http.StatusOK)
	return h.body.Write(data)
}

// release sends the answer, or 304 when the caller has these very bytes.
func (h *heldWriter) release(r *http.Request) {
	w := h.ResponseWriter
	h.WriteHeader(http.StatusOK)
	if h.status != http.StatusOK {
		w.WriteHeader(h.status)
		_, _ = w.Write(h.body.Bytes()) // the client may be gone
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=0, must-revalidate")
	reply.Bytes(w, r, h.body.Bytes())
}
