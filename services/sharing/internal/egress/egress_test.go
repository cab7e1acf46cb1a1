package egress_test

import (
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/services/sharing/internal/egress"
)

// quiet is a TLS server that does not log what its clients do wrong.
func quiet(t *testing.T, handler http.HandlerFunc, config *tls.Config) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(handler)
	s.Config.ErrorLog, s.TLS = log.New(io.Discard, "", 0), config
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func noContent(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

func TestPost(t *testing.T) {
	var got *http.Request
	var body []byte
	s := quiet(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.Header().Set("Retry-After", "120")
		w.Header().Set("Set-Cookie", "a=b")
		w.WriteHeader(http.StatusServiceUnavailable)
	}, nil)
	c := client(t, egress.Config{Own: prefixes("127.0.0.0/8"), Roots: rootsOf(s), UserAgent: "Skaitykla/1.2 (+https://b.lt)"})
	header := http.Header{"Content-Type": {"application/json"}, "Webhook-Id": {"1"}}
	for range 2 {
		answer, err := c.Post(t.Context(), s.URL+"/hook?a=b", header, []byte("{}"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(egress.Answer{Status: 503, RetryAfter: 2 * time.Minute}, answer); diff != "" {
			t.Errorf("answer (-want +got):\n%s", diff)
		}
		want := http.Header{
			"Content-Type": {"application/json"}, "Webhook-Id": {"1"}, "Content-Length": {"2"}, "Connection": {"close"},
			"User-Agent": {"Skaitykla/1.2 (+https://b.lt)"},
		}
		if diff := cmp.Diff(want, got.Header); diff != "" || got.Method != http.MethodPost || got.RequestURI != "/hook?a=b" || string(body) != "{}" {
			t.Errorf("%s %s %q (-want +got):\n%s", got.Method, got.RequestURI, body, diff)
		}
	}
	if len(header) != 2 {
		t.Errorf("the caller's header was changed: %v", header)
	}
}

// TestRedirect has a receiver that redirects into a network that is allowed;
// it is not followed all the same.
func TestRedirect(t *testing.T) {
	port, connections := touched(t, "127.0.0.1:0")
	for _, status := range []int{301, 302, 303, 307, 308} {
		s := quiet(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:"+port+"/inside", status)
		}, nil)
		c := client(t, egress.Config{Own: prefixes("127.0.0.0/8"), Roots: rootsOf(s)})
		if answer, err := c.Post(t.Context(), s.URL, nil, nil); err != nil || answer.Status != status {
			t.Errorf("answer = %+v, %v, want status %d", answer, err, status)
		}
	}
	if n := connections(); n != 0 {
		t.Errorf("%d connections went where receivers redirected to", n)
	}
}

func TestRetryAfter(t *testing.T) {
	s := quiet(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Retry-After"] = []string{r.URL.Query().Get("after")}
	}, nil)
	c := client(t, egress.Config{Own: prefixes("127.0.0.0/8"), Roots: rootsOf(s)})
	for text, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, "-1": 0, "soon": 0, "99999999": 24 * time.Hour, "99999999999999999999": 0,
		"Mon,%2023%20Nov%202099%2000:00:00%20GMT": 24 * time.Hour, "Mon,%2023%20Nov%201999%2000:00:00%20GMT": 0,
	} {
		if answer, err := c.Post(t.Context(), s.URL+"?after="+text, nil, nil); err != nil || answer.RetryAfter != want {
			t.Errorf("%q: %+v, %v, want %s", text, answer, err, want)
		}
	}
}

// TestNames has DNS lead into networks that are not called, also after it led
// elsewhere before.
func TestNames(t *testing.T) {
	port, inside := touched(t, "127.0.0.1:0")
	_, allowed := touched(t, "127.0.0.2:"+port)
	own := prefixes("127.0.0.2/32")
	uri := "http://hook.example.org:" + port + "/"

	rebinding := client(t, egress.Config{Own: own, Resolver: resolver(t, []string{"127.0.0.2"}, []string{"127.0.0.1"})})
	if ready, err := rebinding.ParseURI(uri); err != nil || ready != uri {
		t.Fatalf("ParseURI() = %q, %v", ready, err)
	}
	if answer, err := rebinding.Post(t.Context(), uri, nil, nil); err != nil || answer.Status != 204 {
		t.Errorf("first call: %+v, %v", answer, err)
	}
	_, err := rebinding.Post(t.Context(), uri, nil, nil)
	wantClass(t, err, egress.ClassForbidden)

	both := client(t, egress.Config{Own: own, Resolver: resolver(t, []string{"127.0.0.1", "127.0.0.2"})})
	if answer, err := both.Post(t.Context(), uri, nil, nil); err != nil || answer.Status != 204 {
		t.Errorf("a name of two addresses: %+v, %v", answer, err)
	}
	missing := client(t, egress.Config{Own: own, Resolver: resolver(t)})
	_, err = missing.Post(t.Context(), uri, nil, nil)
	wantClass(t, err, egress.ClassName)
	if n := inside(); n != 0 {
		t.Errorf("%d connections went to an address that is not allowed", n)
	}
	if n := allowed(); n != 2 {
		t.Errorf("%d connections went to the address that is allowed, want 2", n)
	}
}

// TestNumbers has addresses in forms that ParseURI does not know for one.
func TestNumbers(t *testing.T) {
	port, inside := touched(t, "127.0.0.1:0")
	c := client(t, egress.Config{Own: prefixes("192.168.10.0/24"), Timeout: 2 * time.Second})
	for _, host := range []string{"localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::ffff:127.0.0.1]", "127.0.0.1"} {
		for _, scheme := range []string{"http", "https"} {
			if _, err := c.Post(t.Context(), scheme+"://"+host+":"+port+"/", nil, nil); err == nil {
				t.Errorf("%s://%s was called", scheme, host)
			}
		}
	}
	if n := inside(); n != 0 {
		t.Errorf("%d connections went to loopback", n)
	}
}

// TestProxy has the environment name a proxy, which must stay alone.
func TestProxy(t *testing.T) {
	proxy, asked := touched(t, "127.0.0.1:0")
	port, called := touched(t, "127.0.0.2:0")
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"} {
		t.Setenv(name, "http://127.0.0.1:"+proxy)
	}
	c := client(t, egress.Config{Own: prefixes("127.0.0.0/8"), Resolver: resolver(t, []string{"127.0.0.2"})})
	if answer, err := c.Post(t.Context(), "http://hook.example.org:"+port+"/", nil, nil); err != nil || answer.Status != 204 {
		t.Errorf("answer = %+v, %v", answer, err)
	}
	if asked() != 0 || called() != 1 {
		t.Errorf("the proxy had %d connections, the receiver %d", asked(), called())
	}
}

func TestTLS(t *testing.T) {
	good := quiet(t, noContent, nil)
	old := quiet(t, noContent, &tls.Config{MaxVersion: tls.VersionTLS11})
	plain := httptest.NewServer(http.HandlerFunc(noContent))
	defer plain.Close()
	own := prefixes("127.0.0.0/8")
	tests := []struct {
		name, uri string
		config    egress.Config
	}{
		{"unknown authority", good.URL, egress.Config{Own: own}},
		{"other name", "https://other.lt:" + good.URL[len("https://127.0.0.1:"):], egress.Config{
			Own: own, Roots: rootsOf(good), Resolver: resolver(t, []string{"127.0.0.1"}),
		}},
		{"old version", old.URL, egress.Config{Own: own, Roots: rootsOf(old)}},
		{"no TLS", "https" + plain.URL[len("http"):], egress.Config{Own: own}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := client(t, test.config).Post(t.Context(), test.uri, nil, nil)
			wantClass(t, err, egress.ClassTLS)
		})
	}
}
