package gateway_test

import (
	"context"
	"net"
	"net/http"
	"testing"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/gateway"
	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// suite is a gateway in front of three services in memory, each behind the
// production chain of interceptors, everything over loopback.
type suite struct {
	kit      *testkit.Kit
	articles *articleService
	media    *mediaService
	sharing  *sharingService
	base     string // of the gateway
	stop     map[string]func()
}

// newSuite starts a suite.
func newSuite(t *testing.T) *suite {
	t.Helper()
	return newSuiteWith(t, func(*suite, *gateway.Config) {})
}

// newSuiteWith starts a suite whose gateway has another configuration.
func newSuiteWith(t *testing.T, change func(*suite, *gateway.Config)) *suite {
	t.Helper()
	s := &suite{
		kit: testkit.New(t), articles: newArticleService(), media: newMediaService(), sharing: &sharingService{links: newLinkTable()},
		stop: map[string]func(){},
	}
	config := gateway.Config{
		CallTimeout: 5e9, MaxBody: 1 << 20, MaxUpload: 8 << 20, MaxInFlight: 64, Grace: 2e9,
		Log: testkit.Log(t), Listener: listen(t),
	}
	config.ArticleAddress = s.serve(t, "article", func(r grpc.ServiceRegistrar) {
		articlev1.RegisterArticleServiceServer(r, s.articles)
	})
	config.MediaAddress = s.serve(t, "media", func(r grpc.ServiceRegistrar) {
		mediav1.RegisterMediaServiceServer(r, s.media)
	})
	config.SharingAddress = s.serve(t, "sharing", func(r grpc.ServiceRegistrar) {
		sharingv1.RegisterSharingServiceServer(r, s.sharing)
	})
	s.base = "http://" + config.Listener.Addr().String()
	change(s, &config)
	s.run(t, "gateway", func(ctx context.Context) error { return gateway.Run(ctx, config) })
	return s
}

// serve starts one service and returns its address.
func (s *suite) serve(t *testing.T, name string, register func(grpc.ServiceRegistrar)) string {
	t.Helper()
	server, err := rpc.NewServer(rpc.Config{
		Log: testkit.Log(t), Verifier: s.kit.Verifier(), Messages: messages,
	}, register)
	if err != nil {
		t.Fatal(err)
	}
	l := listen(t)
	s.run(t, name, func(ctx context.Context) error { return server.Serve(ctx, l) })
	return l.Addr().String()
}

// run keeps something going until the test ends, or stop[name] is called.
func (s *suite) run(t *testing.T, name string, serve func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := serve(ctx); err != nil {
			t.Errorf("%s ended with: %v", name, err)
		}
	}()
	s.stop[name] = func() { cancel(); <-ended }
	t.Cleanup(s.stop[name])
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func messages(language, key string, pairs ...string) string {
	words, ok := lang.For(language)
	if !ok {
		return ""
	}
	return words.Message(key, pairs...)
}

// client follows no redirects and asks for no compression.
func client() *http.Client {
	return &http.Client{
		Transport:     &http.Transport{DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
