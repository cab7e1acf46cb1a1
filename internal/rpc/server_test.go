package rpc_test

import (
	"context"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/run"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// serveTCP serves on a free port until the test ends and returns the address.
func serveTCP(t *testing.T, server *rpc.Server, wrap func(net.Listener) net.Listener) string {
	t.Helper()
	l, err := run.Listen(t.Context(), "127.0.0.1:0")
	ok(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, wrap(l)) }()
	t.Cleanup(func() { cancel(); ok(t, <-ended) })
	return l.Addr().String()
}

// anywhere is a listener on all addresses.
type anywhere struct{ net.Listener }

func (anywhere) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4zero, Port: 7001} }

func TestPlaintextOffLoopbackIsRefused(t *testing.T) {
	server, err := rpc.NewServer(rpc.Config{Log: testkit.Log(t)}, (&articles{}).register)
	ok(t, err)
	l := bufconn.Listen(1)
	if err := server.Serve(t.Context(), anywhere{l}); err == nil || !strings.Contains(err.Error(), "refused without TLS") {
		t.Errorf("got error %v", err)
	}
	if _, err := l.Accept(); err == nil {
		t.Error("the listener was left open")
	}
}

func TestHealthAndReflectionNeedNoPermission(t *testing.T) {
	kit := testkit.New(t)
	server := kit.Serve(rpc.Config{}, (&articles{}).register)
	conn := server.As("anonymous")
	health := healthv1.NewHealthClient(conn)
	check := func(want healthv1.HealthCheckResponse_ServingStatus) {
		t.Helper()
		for _, service := range []string{"", "skaitykla.article.v1.ArticleService"} {
			got, err := health.Check(t.Context(), &healthv1.HealthCheckRequest{Service: service})
			ok(t, err)
			if got.GetStatus() != want {
				t.Errorf("%q: got %v, want %v", service, got.GetStatus(), want)
			}
		}
	}
	check(healthv1.HealthCheckResponse_SERVING)
	server.RPC().SetServing("", false)
	server.RPC().SetServing("skaitykla.article.v1.ArticleService", false)
	check(healthv1.HealthCheckResponse_NOT_SERVING)

	if names := services(t, conn); !slices.Contains(names, "skaitykla.article.v1.ArticleService") {
		t.Errorf("reflection lists %v", names)
	}
}

func services(t *testing.T, conn *grpc.ClientConn) []string {
	t.Helper()
	stream, err := reflectionv1.NewServerReflectionClient(conn).ServerReflectionInfo(t.Context())
	ok(t, err)
	ok(t, stream.Send(&reflectionv1.ServerReflectionRequest{
		MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{},
	}))
	reply, err := stream.Recv()
	ok(t, err)
	var names []string
	for _, s := range reply.GetListServicesResponse().GetService() {
		names = append(names, s.GetName())
	}
	return names
}

func TestReflectionCanBeTurnedOff(t *testing.T) {
	conn := testkit.New(t).Serve(rpc.Config{NoReflection: true}, (&articles{}).register).As("anonymous")
	stream, err := reflectionv1.NewServerReflectionClient(conn).ServerReflectionInfo(t.Context())
	ok(t, err)
	_, err = stream.Recv()
	testkit.WantFault(t, err, codes.Unimplemented, faultv1.Reason_REASON_UNIMPLEMENTED)
}

func TestUnknownMethod(t *testing.T) {
	conn := testkit.Start(t, (&articles{}).register).As("anonymous")
	err := conn.Invoke(t.Context(), "/skaitykla.article.v1.ArticleService/Burn", &articlev1.GetArticleRequest{}, &articlev1.Article{})
	testkit.WantFault(t, err, codes.Unimplemented, faultv1.Reason_REASON_UNIMPLEMENTED)
}

// stopping starts a server whose GetArticle hangs until its call is cut off or
// the release channel closes, and returns the client and what ends the server.
func stopping(t *testing.T, release <-chan struct{}) (articlev1.ArticleServiceClient, healthv1.HealthClient, func() <-chan error) {
	t.Helper()
	a := &articles{get: func(ctx context.Context, _ *articlev1.GetArticleRequest) (*articlev1.Article, error) {
		select {
		case <-release:
			return &articlev1.Article{Title: "done"}, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}}
	server, err := rpc.NewServer(rpc.Config{Log: testkit.Log(t), Grace: 5 * time.Second}, a.register)
	ok(t, err)
	l := bufconn.Listen(1 << 16)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, l) }()
	conn, err := rpc.Dial(rpc.Target{Address: "passthrough:///bufconn"},
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return l.DialContext(ctx) }))
	ok(t, err)
	t.Cleanup(func() { ok(t, conn.Close()) })
	return articlev1.NewArticleServiceClient(conn), healthv1.NewHealthClient(conn), func() <-chan error {
		cancel()
		return ended
	}
}

func TestStopLetsCallsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		client, health, stop := stopping(t, release)
		watch, err := health.Watch(t.Context(), &healthv1.HealthCheckRequest{})
		ok(t, err)
		_, err = watch.Recv()
		ok(t, err)
		reply := make(chan error, 1)
		go func() {
			_, err := get(t, client)
			reply <- err
		}()
		synctest.Wait()
		ended := stop()
		synctest.Wait()
		if got, err := watch.Recv(); err != nil || got.GetStatus() != healthv1.HealthCheckResponse_NOT_SERVING {
			t.Errorf("health says %v, %v", got, err)
		}
		close(release)
		ok(t, <-reply)
		// The health watch never ends by itself; it is cut off after the grace.
		ok(t, <-ended)
	})
}

func TestStopCutsCallsOffAfterTheGrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, _, stop := stopping(t, nil)
		reply := make(chan error, 1)
		go func() {
			_, err := get(t, client)
			reply <- err
		}()
		synctest.Wait()
		began := time.Now()
		ended := stop()
		if code := status.Code(<-reply); code == codes.OK {
			t.Error("a call that hung succeeded")
		}
		ok(t, <-ended)
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("stopped after %v, want the grace of 5s", took)
		}
	})
}
