package chain

import (
	"crypto/tls"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"reflect"
	"testing"

	"github.com/skaitykla/skaitykla/internal/testkit"
)

// served sends a request through the chain to a handler that answers with the
// headers it was given.
func served(t *testing.T, config Config, change func(*http.Request)) *httptest.ResponseRecorder {
	t.Helper()
	config.Log = testkit.Log(t)
	h := New(config, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewEncoder(w).Encode(r.Header)
	}))
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/sites", nil)
	r.RemoteAddr = "192.0.2.7:1234"
	change(r)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// reached returns the headers that the handler saw.
func reached(t *testing.T, w *httptest.ResponseRecorder) http.Header {
	t.Helper()
	var h http.Header
	if err := json.Unmarshal(w.Body.Bytes(), &h); err != nil {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	return h
}

func TestTokensNeedAConfidentialWay(t *testing.T) {
	proxy := []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
	cases := []struct {
		name    string
		proxies []netip.Prefix
		change  func(*http.Request)
		want    int
	}{
		{"plaintext from afar", nil, func(*http.Request) {}, http.StatusForbidden},
		{"plaintext from this machine", nil, func(r *http.Request) { r.RemoteAddr = "127.0.0.1:1" }, http.StatusOK},
		{"mapped loopback", nil, func(r *http.Request) { r.RemoteAddr = "[::ffff:127.0.0.1]:1" }, http.StatusOK},
		{"TLS", nil, func(r *http.Request) { r.TLS = &tls.ConnectionState{} }, http.StatusOK},
		{"anybody says https", nil, func(r *http.Request) { r.Header.Set("X-Forwarded-Proto", "https") }, http.StatusForbidden},
		{"a proxy says https", proxy, func(r *http.Request) { r.Header.Set("X-Forwarded-Proto", "https") }, http.StatusOK},
		{"a proxy says http", proxy, func(r *http.Request) { r.Header.Set("X-Forwarded-Proto", "http") }, http.StatusForbidden},
		{"a proxy says nothing", proxy, func(*http.Request) {}, http.StatusForbidden},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := served(t, Config{TrustedProxies: c.proxies}, func(r *http.Request) {
				r.Header.Set("Authorization", "Bearer x")
				c.change(r)
			})
			if w.Code != c.want {
				t.Errorf("%d %s, want %d", w.Code, w.Body, c.want)
			}
		})
	}
}

func TestForwardedHeaders(t *testing.T) {
	names := []string{"X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-Ip"}
	set := func(r *http.Request) {
		for _, name := range names {
			r.Header.Set(name, "203.0.113.9")
		}
	}
	for _, trusted := range []bool{false, true} {
		config := Config{}
		if trusted {
			config.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.7/32")}
		}
		got := reached(t, served(t, config, set))
		for _, name := range names {
			if (got.Get(name) != "") != trusted {
				t.Errorf("trusted %v: %s reaches the handler as %q", trusted, name, got.Get(name))
			}
		}
	}
}

func TestRequestIDs(t *testing.T) {
	cases := []struct {
		name, given string
		kept        bool
	}{
		{"harmless", "abc-1.2_3", true},
		{"none", "", false},
		{"line break", "abc\r\nx", false},
		{"too long", string(make([]byte, 200)), false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := served(t, Config{}, func(r *http.Request) { r.Header["X-Request-Id"] = []string{c.given} })
			id := w.Header().Get("X-Request-Id")
			if id == "" || (id == c.given) != c.kept {
				t.Errorf("request id %q for %q", id, c.given)
			}
			if got := reached(t, w).Get("X-Request-Id"); got != id {
				t.Errorf("the handler sees %q, the caller %q", got, id)
			}
		})
	}
}

func TestCORS(t *testing.T) {
	ours := []string{"https://app.example"}
	cases := []struct {
		name, method, path, origin string
		origins                    []string
		status                     int
		allowed                    string
	}{
		{"off by default", "GET", "/v1/sites", "https://app.example", nil, 200, ""},
		{"an origin of ours", "GET", "/v1/sites", "https://app.example", ours, 200, "https://app.example"},
		{"another origin", "GET", "/v1/sites", "https://evil.example", ours, 200, ""},
		{"a longer one", "GET", "/v1/sites", "https://app.example.evil.example", ours, 200, ""},
		{"all", "GET", "/v1/sites", "https://any.example", []string{"*"}, 200, "https://any.example"},
		{"asking before", "OPTIONS", "/v1/sites", "https://app.example", ours, 204, "https://app.example"},
		{"pages are not shared", "GET", "/kelione", "https://app.example", ours, 200, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := served(t, Config{Origins: c.origins}, func(r *http.Request) {
				r.Method, r.URL.Path = c.method, c.path
				r.Header.Set("Origin", c.origin)
				r.Header.Set("Access-Control-Request-Method", "PATCH")
			})
			if got := w.Header().Get("Access-Control-Allow-Origin"); w.Code != c.status || got != c.allowed {
				t.Errorf("%d for %q, want %d for %q", w.Code, got, c.status, c.allowed)
			}
			if w.Header().Get("Access-Control-Allow-Credentials") != "" {
				t.Error("credentials of the browser are allowed")
			}
		})
	}
}

func TestShed(t *testing.T) {
	begun, release := make(chan struct{}), make(chan struct{})
	h := New(Config{Log: testkit.Log(t), MaxInFlight: 1}, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			close(begun)
			<-release
		}
	}))
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		return w
	}
	ended := make(chan struct{})
	go func() { defer close(ended); get("/slow") }()
	<-begun
	if w := get("/"); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "1" {
		t.Errorf("%d with Retry-After %q above the limit", w.Code, w.Header().Get("Retry-After"))
	}
	if w := get("/anything:watch"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("%d for what only looks like a watch", w.Code)
	}
	for _, path := range []string{"/v1/sites/-/articles:watch", "/healthz"} {
		if w := get(path); w.Code != http.StatusOK {
			t.Errorf("%s: %d, but it does not count", path, w.Code)
		}
	}
	close(release)
	<-ended
	if w := get("/"); w.Code != http.StatusOK {
		t.Errorf("%d after the slow request ended", w.Code)
	}
}

func TestPanic(t *testing.T) {
	h := New(Config{Log: testkit.Log(t)}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		reflect.ValueOf(1).Len()
	}))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	var body struct{ Message string }
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || w.Code != http.StatusInternalServerError {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if want := "something went wrong here, not in your request; tell the operator the request id"; body.Message != want {
		t.Errorf("message %q", body.Message)
	}
}
