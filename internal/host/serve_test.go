package host_test

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/test/bufconn"

	"github.com/skaitykla/skaitykla/internal/host"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

const service = "skaitykla.sharing.v1.SharingService"

func newServer(t *testing.T) *rpc.Server {
	t.Helper()
	srv, err := rpc.NewServer(rpc.Config{Log: testkit.Log(t)}, func(r grpc.ServiceRegistrar) {
		sharingv1.RegisterSharingServiceServer(r, sharingv1.UnimplementedSharingServiceServer{})
	})
	if err != nil {
		t.Fatal(err)
	}
	return srv
}

// lingerer is a worker that takes a minute to end.
func lingerer(ended *atomic.Bool) host.Worker {
	return func(ctx context.Context) {
		<-ctx.Done()
		<-time.After(time.Minute)
		ended.Store(true)
	}
}

func TestServeAwaitsWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		var ended atomic.Bool
		if err := host.Serve(ctx, newServer(t), bufconn.Listen(1), lingerer(&ended)); err != nil {
			t.Errorf("the end is the error %v", err)
		}
		if !ended.Load() {
			t.Error("a worker was left behind")
		}
	})
}

// broken is a listener that fails.
type broken struct{ net.Listener }

var errBroken = errors.New("broken")

// Accept implements net.Listener.
func (broken) Accept() (net.Conn, error) { return nil, errBroken }

func TestServeEndsWorkersWhenTheServerFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ended atomic.Bool
		err := host.Serve(t.Context(), newServer(t), broken{bufconn.Listen(1)}, lingerer(&ended))
		if !errors.Is(err, errBroken) || !ended.Load() {
			t.Errorf("Serve = %v; the worker has ended: %t", err, ended.Load())
		}
	})
}

// store is one that may be unable to serve.
type store struct {
	kv.Store

	err atomic.Pointer[error]
}

// Err implements kv.Health.
func (s *store) Err() error {
	if err := s.err.Load(); err != nil {
		return *err
	}
	return nil
}

func TestReportHealth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv, records, l := newServer(t), &store{}, bufconn.Listen(1<<10)
		ctx, cancel := context.WithCancel(t.Context())
		served := make(chan error, 1)
		go func() { served <- host.Serve(ctx, srv, l, host.ReportHealth(records, srv, service)) }()
		conn, err := rpc.Dial(rpc.Target{Address: "passthrough:///bufconn"},
			grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return l.DialContext(ctx) }))
		if err != nil {
			t.Fatal(err)
		}
		health := healthv1.NewHealthClient(conn)
		for _, state := range []struct {
			err  error
			want healthv1.HealthCheckResponse_ServingStatus
		}{
			{nil, healthv1.HealthCheckResponse_SERVING},
			{kv.ErrNoSpace, healthv1.HealthCheckResponse_NOT_SERVING},
			{nil, healthv1.HealthCheckResponse_SERVING},
		} {
			records.err.Store(&state.err)
			<-time.After(5 * time.Second)
			got, err := health.Check(ctx, &healthv1.HealthCheckRequest{Service: service})
			if err != nil || got.GetStatus() != state.want {
				t.Errorf("while the store says %v: %v, %v; want %v", state.err, got, err, state.want)
			}
		}
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
}
