package sharing_test

import (
	"context"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/host"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/run"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := run.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// background runs f until the test ends and reports its error.
func background(t *testing.T, f func(ctx context.Context) error) context.CancelFunc {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := f(ctx); err != nil {
			t.Errorf("ended with: %v", err)
		}
	}()
	stop := func() { cancel(); <-ended }
	t.Cleanup(stop)
	return stop
}

func serveArticles(t *testing.T, l net.Listener) context.CancelFunc {
	t.Helper()
	articles := sharingtest.NewArticleService(sharingtest.Site(), sharingtest.Article(), sharingtest.Short())
	server, err := rpc.NewServer(rpc.Config{Log: testkit.Log(t)}, func(r grpc.ServiceRegistrar) {
		articlev1.RegisterArticleServiceServer(r, articles)
	})
	if err != nil {
		t.Fatal(err)
	}
	return background(t, func(ctx context.Context) error {
		defer context.AfterFunc(ctx, func() { articles.Interrupt(false) })()
		return server.Serve(ctx, l)
	})
}

// serveSharing runs the service over TCP and returns a client of it.
func serveSharing(t *testing.T, articles net.Addr) sharingv1.SharingServiceClient {
	t.Helper()
	listener, dir := listen(t), t.TempDir()
	background(t, func(ctx context.Context) error {
		return sharing.Run(ctx, sharing.Config{
			Store:          "bolt://" + filepath.Join(dir, "sharing.db"),
			ArticleAddress: articles.String(), ArticleTimeout: 5 * time.Second,
			MediaAddress: "127.0.0.1:1", MediaTimeout: time.Second, // nobody is there
			Config: host.Config{Log: testkit.Log(t), Listener: listener},
		})
	})
	conn, err := rpc.Dial(rpc.Target{Address: listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	})
	return sharingv1.NewSharingServiceClient(conn)
}

// wantAway expects the error that says to try again later.
func wantAway(t *testing.T, err error) {
	t.Helper()
	e := testkit.WantFault(t, err, codes.Unavailable, faultv1.Reason_REASON_SERVICE_UNAVAILABLE)
	if e.Retry < time.Second {
		t.Errorf("advice is to retry after %s", e.Retry)
	}
}

// TestRun loses the article service and finds it again.
func TestRun(t *testing.T) {
	upstream := listen(t)
	stop := serveArticles(t, upstream)
	client := serveSharing(t, upstream.Addr())
	request := &sharingv1.RenderPreviewRequest{Article: sharingtest.ArticleName}

	preview, err := client.RenderPreview(t.Context(), request, grpc.WaitForReady(true))
	if err != nil || preview.GetTitle() != sharingtest.Article().GetTitle() {
		t.Fatalf("preview = %v, %v", preview, err)
	}
	stop()
	// One that was read before may still be answered from memory.
	request.Article = sharingtest.ShortName
	_, err = client.RenderPreview(t.Context(), request)
	wantAway(t, err)
	again, err := run.Listen(t.Context(), upstream.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	serveArticles(t, again)
	for ctx := t.Context(); ; {
		_, err := client.RenderPreview(ctx, request)
		if err == nil {
			return
		}
		wantAway(t, err)
		select {
		case <-ctx.Done():
			t.Fatal("the article service came back and was not found")
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// TestRunAlone starts without an article service.
func TestRunAlone(t *testing.T) {
	gone := listen(t)
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
	client := serveSharing(t, gone.Addr())
	_, err := client.RenderFeed(t.Context(), &sharingv1.RenderFeedRequest{Site: sharingtest.SiteName}, grpc.WaitForReady(true))
	wantAway(t, err)
}

// TestArticleServiceHangs has an article service that accepts and is silent.
func TestArticleServiceHangs(t *testing.T) {
	silent := listen(t)
	t.Cleanup(func() {
		if err := silent.Close(); err != nil {
			t.Error(err)
		}
	})
	listener, dir := listen(t), t.TempDir()
	background(t, func(ctx context.Context) error {
		return sharing.Run(ctx, sharing.Config{
			Store:          "bolt://" + filepath.Join(dir, "sharing.db"),
			ArticleAddress: silent.Addr().String(), ArticleTimeout: 100 * time.Millisecond,
			MediaAddress: silent.Addr().String(), MediaTimeout: 100 * time.Millisecond,
			Config: host.Config{Log: testkit.Log(t), Listener: listener},
		})
	})
	conn, err := rpc.Dial(rpc.Target{Address: listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	})
	_, err = sharingv1.NewSharingServiceClient(conn).RenderFeed(t.Context(),
		&sharingv1.RenderFeedRequest{Site: sharingtest.SiteName}, grpc.WaitForReady(true))
	wantAway(t, err)
}

func TestStartRefuses(t *testing.T) {
	tests := []struct {
		name string
		env  map[string]string
		want string
	}{
		{"path in the address", map[string]string{"SKAITYKLA_PUBLIC_URI": "https://a.lt/b"}, "SKAITYKLA_PUBLIC_URI"},
		{"slash at the end", map[string]string{"SKAITYKLA_PUBLIC_URI": "https://a.lt/"}, "SKAITYKLA_PUBLIC_URI"},
		{"script for an address", map[string]string{"SKAITYKLA_PUBLIC_URI": "javascript:alert(1)"}, "SKAITYKLA_PUBLIC_URI"},
		{"user in the address", map[string]string{"SKAITYKLA_PUBLIC_URI": "https://a@b.lt"}, "SKAITYKLA_PUBLIC_URI"},
		{"no timeout", map[string]string{"SKAITYKLA_ARTICLE_TIMEOUT": "-1s"}, "SKAITYKLA_ARTICLE_TIMEOUT"},
		{"no timeout for media", map[string]string{"SKAITYKLA_SHARING_MEDIA_TIMEOUT": "2m"}, "SKAITYKLA_SHARING_MEDIA_TIMEOUT"},
		{"no store", nil, "SKAITYKLA_SHARING_STORE"},
		{"log level", map[string]string{"SKAITYKLA_LOG_LEVEL": "loud"}, "log level"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := sharing.Start(t.Context(), func(key string) string {
				if key == "SKAITYKLA_SHARING_STORE" && test.env != nil {
					return "bolt:///nowhere/sharing.db"
				}
				return test.env[key]
			}, io.Discard)
			if _, ok := errors.AsType[*run.ConfigError](err); !ok || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Start() = %v, want a ConfigError about %s", err, test.want)
			}
		})
	}
}

// TestStart runs the service as its command does and stops it.
func TestStart(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	file := "bolt://" + filepath.Join(t.TempDir(), "sharing.db")
	log := &watcher{text: "sharing serves", seen: cancel}
	err := sharing.Start(ctx, func(key string) string {
		return map[string]string{
			"SKAITYKLA_SHARING_ADDR": "127.0.0.1:0", "SKAITYKLA_PUBLIC_URI": "http://[::1]:8080", "SKAITYKLA_SHARING_STORE": file,
		}[key]
	}, log)
	if err != nil {
		t.Errorf("Start() = %v", err)
	}
}

// watcher calls seen when a line of a log holds the text.
type watcher struct {
	text string
	seen func()
}

func (w *watcher) Write(p []byte) (int, error) {
	if strings.Contains(string(p), w.text) {
		w.seen()
	}
	return len(p), nil
}
