package rest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// bodyTimeout is how long a JSON body may take to arrive.
const bodyTimeout = 20 * time.Second

type bodyKey struct{}

// limitBody stops reading a body at limit bytes. A request without one gets no
// deadline: nobody would take it back, and it would end a call that lasts.
func limitBody(limit int64, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body == nil || r.Body == http.NoBody {
			next.ServeHTTP(w, r)
			return
		}
		body := &limitedBody{ReadCloser: http.MaxBytesReader(w, r.Body, limit), conn: http.NewResponseController(w)}
		_ = body.conn.SetReadDeadline(time.Now().Add(bodyTimeout)) // without a connection there is nothing to wait for
		r = r.WithContext(context.WithValue(r.Context(), bodyKey{}, body))
		r.Body = body
		next.ServeHTTP(w, r)
	})
}

// bodyTooLarge reports whether the body of r was cut off at its limit.
func bodyTooLarge(r *http.Request) bool {
	body, ok := r.Context().Value(bodyKey{}).(*limitedBody)
	return ok && body.exceeded
}

// limitedBody remembers that the limit was hit, because the generated handlers
// forget the type of the error.
type limitedBody struct {
	io.ReadCloser
	conn     *http.ResponseController
	exceeded bool
}

// Read implements io.Reader.
func (b *limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		b.exceeded = true
	}
	if err != nil {
		// A deadline that passes after the body would end the request.
		_ = b.conn.SetReadDeadline(time.Time{})
	}
	return n, err
}
