package chain

import (
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// journal writes one line for each request and turns a panic into a 500. The
// query is not logged: it may hold a signature.
func journal(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		rec := &recorder{ResponseWriter: w}
		defer func() {
			if cause := recover(); cause != nil {
				recovered(log, rec, r, cause)
			}
			level := levelOf(r, rec.status)
			if !log.Enabled(r.Context(), level) {
				return
			}
			log.LogAttrs(r.Context(), level, "request",
				slog.String("method", r.Method), slog.String("path", reply.LogPath(r)), slog.Int("status", rec.status),
				slog.Int64("bytes", rec.bytes), slog.Duration("took", time.Since(begin)),
				slog.String("request_id", w.Header().Get(reply.RequestIDHeader)))
		}()
		next.ServeHTTP(rec, r)
	})
}

// levelOf keeps defects apart, and visits of short links out of what is usually
// kept: how many came is counted elsewhere, and when each of them did is nobody's
// business.
func levelOf(r *http.Request, status int) slog.Level {
	switch {
	case status >= http.StatusInternalServerError && status != http.StatusServiceUnavailable:
		return slog.LevelError
	case reply.IsShortLink(r) && status < http.StatusInternalServerError:
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// recovered answers a request whose handler panicked. A handler that aborts on
// purpose has the connection closed, as net/http does.
func recovered(log *slog.Logger, rec *recorder, r *http.Request, cause any) {
	if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(http.ErrAbortHandler) //nolint:forbidigo // passed on to net/http, which closes the connection
	}
	log.ErrorContext(r.Context(), "panic in a handler", slog.Any("cause", cause),
		slog.String("stack", string(debug.Stack())))
	if rec.status == 0 {
		reply.Error(rec, r, fault.New(faultv1.Reason_REASON_INTERNAL, "panic"))
	}
}

// recorder notes what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (r *recorder) Write(data []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(data)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
