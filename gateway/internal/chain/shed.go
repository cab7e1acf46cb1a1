package chain

import (
	"net/http"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// shed refuses requests above limit at once, so that those in progress end.
// Watches wait for most of their life and are limited by the services.
func shed(limit int, next http.Handler) http.Handler {
	if limit <= 0 {
		return next
	}
	places := make(chan struct{}, limit)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		watch := strings.HasPrefix(r.URL.Path, "/v1/") && strings.HasSuffix(r.URL.Path, ":watch") && r.Method == http.MethodGet
		if watch || r.URL.Path == "/healthz" {
			next.ServeHTTP(w, r)
			return
		}
		select {
		case places <- struct{}{}:
			defer func() { <-places }()
			next.ServeHTTP(w, r)
		default:
			reply.Error(w, r, fault.New(faultv1.Reason_REASON_SERVICE_UNAVAILABLE,
				"too many requests are in progress; try again").RetryAfter(time.Second))
		}
	})
}
