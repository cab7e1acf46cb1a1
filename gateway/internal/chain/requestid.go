package chain

import (
	"net/http"

	"github.com/google/uuid"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
)

// maxRequestID is the longest request id that is taken from a caller.
const maxRequestID = 128

// requestID names the request: by the caller's id if it is harmless in a log,
// else by a new one, as for short links, where an id could bring an address into
// the log. The name travels to the services and back to the caller.
func requestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(reply.RequestIDHeader)
		if !harmless(id) || reply.IsShortLink(r) {
			id = uuid.NewString()
		}
		name := []string{id}
		r.Header[reply.RequestIDHeader] = name // it is in canonical form
		w.Header()[reply.RequestIDHeader] = name
		next.ServeHTTP(w, r)
	})
}

func harmless(id string) bool {
	if id == "" || len(id) > maxRequestID {
		return false
	}
	for _, r := range id {
		switch {
		case '0' <= r && r <= '9', 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', r == '-', r == '_', r == '.':
		default:
			return false
		}
	}
	return true
}
