package suite

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health/grpc_health_v1"

	"github.com/skaitykla/skaitykla/internal/rpc"
)

// patience is how often a server that does not answer yet is asked again.
const patience = 20 * time.Millisecond

// answering returns when every server answers, or with the reason of the
// first that does not before the context ends or a part fails.
func (p *parts) answering(ctx context.Context, http string, services ...string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-p.failed:
			cancel()
		case <-ctx.Done():
		}
	}()
	for _, address := range services {
		if err := p.until(ctx, func() error { return healthy(ctx, address) }); err != nil {
			return fmt.Errorf("wait for %s: %w", address, err)
		}
	}
	if err := p.until(ctx, func() error { return fetched(ctx, http+"/healthz") }); err != nil {
		return fmt.Errorf("wait for %s: %w", http, err)
	}
	return nil
}

// until repeats try until it succeeds.
func (p *parts) until(ctx context.Context, try func() error) error {
	again := time.NewTicker(patience)
	defer again.Stop()
	for {
		err := try()
		if err == nil {
			return nil
		}
		select {
		case <-p.failed:
			return errors.New("a part of the suite ended")
		case <-ctx.Done():
			return errors.Join(context.Cause(ctx), err)
		case <-again.C:
		}
	}
}

func healthy(ctx context.Context, address string) error {
	conn, err := rpc.Dial(rpc.Target{Address: address})
	if err != nil {
		return err
	}
	defer conn.Close()
	reply, err := grpc_health_v1.NewHealthClient(conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{}, grpc.WaitForReady(true))
	if err != nil {
		return err
	}
	if s := reply.GetStatus(); s != grpc_health_v1.HealthCheckResponse_SERVING {
		return fmt.Errorf("health is %s", s)
	}
	return nil
}

func fetched(ctx context.Context, uri string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, uri, http.NoBody)
	if err != nil {
		return err
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", uri, reply.Status)
	}
	return nil
}
