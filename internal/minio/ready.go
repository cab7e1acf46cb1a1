package minio

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// awaitReady polls the server until it says that it serves. It gives up when
// the child ends or the context does.
func awaitReady(ctx context.Context, base string, c *child) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if probe(ctx, base) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("minio: not ready in time; it said: %s: %w", c.lastWords(), context.Cause(ctx))
		case <-c.ended:
			return fmt.Errorf("minio: ended while starting; it said: %s", c.lastWords())
		case <-tick.C:
		}
	}
}

// probe reports whether the server answers that it is ready.
func probe(ctx context.Context, base string) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/minio/health/ready", http.NoBody)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}
