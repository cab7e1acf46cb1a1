package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
)

// Limits of the HTTP server. Uploads, files and watches set their own deadlines
// where these are too short for them; bodies have deadlines where they are read.
const (
	readHeaderTimeout = 10 * time.Second
	writeTimeout      = time.Minute
	idleTimeout       = 2 * time.Minute
	maxHeader         = 32 << 10
)

// maxReconnect is the longest wait before a service that was away is tried
// again: its restart must not be felt for long.
const maxReconnect = 3 * time.Second

// healthTimeout limits what one service may take to say how it is.
const healthTimeout = time.Second

func newServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaderTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
	}
}

func connectParams() grpc.DialOption {
	reconnect := backoff.DefaultConfig
	reconnect.MaxDelay = maxReconnect
	return grpc.WithConnectParams(grpc.ConnectParams{Backoff: reconnect, MinConnectTimeout: maxReconnect})
}

// health answers 200 while the article service can serve, without which there
// is nothing to show, and 503 otherwise. The body tells of each service.
type health struct{ services *connections }

// ServeHTTP implements http.Handler.
func (h health) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	states := map[string]string{
		"article": h.state(r.Context(), h.services.article),
		"media":   h.state(r.Context(), h.services.media),
		"sharing": h.state(r.Context(), h.services.sharing),
	}
	code := http.StatusOK
	if states["article"] != healthv1.HealthCheckResponse_SERVING.String() {
		code = http.StatusServiceUnavailable
		w.Header().Set("Retry-After", "2")
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(map[string]any{"services": states}) // the client may be gone
}

func (h health) state(ctx context.Context, conn *grpc.ClientConn) string {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	answer, err := healthv1.NewHealthClient(conn).Check(ctx, &healthv1.HealthCheckRequest{})
	if err != nil {
		return "UNREACHABLE"
	}
	return answer.GetStatus().String()
}
