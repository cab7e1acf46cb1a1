package host

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/pause"
	"github.com/skaitykla/skaitykla/internal/rpc"
)

// Worker is what a service does by itself. It returns soon after ctx ended.
type Worker = func(ctx context.Context)

// Serve answers calls on the listener, and lets the workers work beside, until
// ctx ends or the server fails. It returns when all of them have ended, so what
// they use is closed by defers of the caller. It returns nil when ctx ended.
func Serve(ctx context.Context, srv *rpc.Server, l net.Listener, workers ...Worker) error {
	var working sync.WaitGroup
	defer working.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for _, work := range workers {
		working.Go(func() { work(ctx) })
	}
	return srv.Serve(ctx, l)
}

// healthEvery is how often a store is asked whether it serves.
const healthEvery = 2 * time.Second

// ReportHealth returns a worker that says to those who ask for the health of
// the named service whether its store can serve.
func ReportHealth(records kv.Store, srv *rpc.Server, service string) Worker {
	return func(ctx context.Context) {
		if health, ok := records.(kv.Health); ok {
			pause.Every(ctx, healthEvery, func() { srv.SetServing(service, health.Err() == nil) })
		}
	}
}
