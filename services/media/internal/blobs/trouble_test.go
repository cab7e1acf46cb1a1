package blobs_test

import (
	"context"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	"github.com/skaitykla/skaitykla/internal/versitytest"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
)

// TestMisconfigured spoils one thing after the other for both servers: each
// error names what the operator has to change, and does not ask to try again.
func TestMisconfigured(t *testing.T) {
	ca, cert, key := certificates(t)
	versity := versityConfig(versitytest.Start(t, versitytest.Options{}))
	secure := versityConfig(versitytest.Start(t, versitytest.Options{Cert: cert, Key: key}))
	readOnly := versityConfig(versitytest.Start(t, versitytest.Options{ReadOnly: true}))
	minio := minioConfig(t)
	https := httptest.NewTLSServer(http.NotFoundHandler())
	https.Config.ErrorLog = log.New(io.Discard, "", 0)
	defer https.Close()
	for _, test := range []struct {
		name   string
		config blobs.Config
		change func(c *blobs.Config)
		want   string
	}{
		{"MinIO, unknown access key", minio, func(c *blobs.Config) { c.AccessKey = "nobody" }, "SKAITYKLA_S3_ACCESS_KEY"},
		{"MinIO, wrong secret key", minio, func(c *blobs.Config) { c.SecretKey = "wrong-secret" }, "SKAITYKLA_S3_SECRET_KEY"},
		{"MinIO, HTTPS where it speaks HTTP", minio, func(c *blobs.Config) { c.Secure = true }, "SKAITYKLA_S3_SECURE=false"},
		{"Versity, unknown access key", versity, func(c *blobs.Config) { c.AccessKey = "nobody" }, "SKAITYKLA_S3_ACCESS_KEY"},
		{"Versity, wrong secret key", versity, func(c *blobs.Config) { c.SecretKey = "wrong-secret" }, "SKAITYKLA_S3_SECRET_KEY"},
		{"Versity, wrong region", versity, func(c *blobs.Config) { c.Region = "eu-north-1" }, "SKAITYKLA_S3_REGION"},
		{"Versity, HTTPS where it speaks HTTP", versity, func(c *blobs.Config) { c.Secure = true }, "SKAITYKLA_S3_SECURE=false"},
		{"a server of Go, HTTP where it speaks HTTPS", minio, func(c *blobs.Config) {
			c.Endpoint = strings.TrimPrefix(https.URL, "https://")
		}, "SKAITYKLA_S3_SECURE=true"},
		{"Versity, unknown authority", secure, func(c *blobs.Config) { c.Secure = true }, "SKAITYKLA_S3_CA_FILE"},
		{"Versity, certificate of another name", secure, func(c *blobs.Config) {
			c.Endpoint, c.Secure, c.CAFile = strings.Replace(c.Endpoint, "127.0.0.1", "localhost", 1), true, ca
		}, "SKAITYKLA_S3_CA_FILE"},
		{"Versity, no right to make the bucket", readOnly, func(*blobs.Config) {}, "s3:CreateBucket"},
		{"no such machine", minio, func(c *blobs.Config) { c.Endpoint = "s3.nera.invalid:9000" }, "SKAITYKLA_S3_ENDPOINT"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := test.config
			test.change(&c)
			s := open(t, c)
			_, err := s.Ready(t.Context())
			e, _ := fault.Of(err)
			if e == nil || e.Reason != faultv1.Reason_REASON_OBJECTS_UNAVAILABLE || e.Retry != 0 || !strings.Contains(e.Message, test.want) {
				t.Errorf("Ready = %v, want OBJECTS_UNAVAILABLE with %q and no retry", err, test.want)
			}
			if e != nil && strings.Contains(err.Error(), c.SecretKey) {
				t.Errorf("the error has the secret key: %v", err)
			}
		})
	}
}

// A server that ends connections without a word may speak HTTPS, or be ending:
// the caller is told to try again, the operator where to look.
func TestPlainToSecure(t *testing.T) {
	_, cert, key := certificates(t)
	s := open(t, versityConfig(versitytest.Start(t, versitytest.Options{Cert: cert, Key: key})))
	_, err := s.Ready(t.Context())
	e, _ := fault.Of(err)
	if e == nil || e.Retry == 0 || !strings.Contains(e.Message, "SKAITYKLA_S3_SECURE=true") {
		t.Errorf("Ready = %v, want a hint at HTTPS", err)
	}
}

// In a bubble it is the year 2000, and so requests are signed then.
func TestClocksDiffer(t *testing.T) {
	for _, server := range servers()[:2] {
		config := server.config(t)
		synctest.Test(t, func(t *testing.T) {
			s, err := blobs.Open(config)
			must(t, err)
			_, err = s.Ready(t.Context())
			e, _ := fault.Of(err)
			if e == nil || e.Retry != 0 || !strings.Contains(e.Message, "clocks") {
				t.Errorf("%s: Ready = %v, want advice about the clocks", server.name, err)
			}
			s.Close()
		})
	}
}

// What cannot be had from a real server on every machine.
func TestAnswers(t *testing.T) {
	for _, test := range []struct {
		code   string
		status int
		want   string
	}{
		{"XMinioStorageFull", http.StatusInsufficientStorage, "disk of the object store is full"},
		{"QuotaExceeded", http.StatusForbidden, "disk of the object store is full"},
		{"SlowDown", http.StatusServiceUnavailable, "try again in a moment"},
	} {
		s3 := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(test.status)
			_, _ = io.WriteString(w, "<Error><Code>"+test.code+"</Code></Error>")
		}))
		s := open(t, blobs.Config{Endpoint: s3.URL, AccessKey: "a", SecretKey: "b", Bucket: "photos"})
		err := s.Put(t.Context(), blobs.Original(strings.Repeat("a", 64)), strings.NewReader("x"), 1, "image/jpeg")
		if e, _ := fault.Of(err); e == nil || e.Retry == 0 || !strings.Contains(e.Message, test.want) {
			t.Errorf("%s: Put = %v, want %q and when to try again", test.code, err, test.want)
		}
		s3.Close()
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, c := range map[string]blobs.Config{
		"a path":                      {Bucket: "photos", Endpoint: "https://s3.example.lt/path"},
		"another scheme":              {Bucket: "photos", Endpoint: "ftp://s3.example.lt"},
		"no address":                  {Bucket: "photos", Endpoint: ""},
		"unknown addressing":          {Bucket: "photos", Endpoint: "s3.example.lt", Addressing: "sideways"},
		"authorities without HTTPS":   {Bucket: "photos", Endpoint: "s3.example.lt", CAFile: "ca.pem"},
		"authorities that are absent": {Bucket: "photos", Endpoint: "https://s3.example.lt", CAFile: "absent.pem"},
		"authorities that are none":   {Bucket: "photos", Endpoint: "https://s3.example.lt", CAFile: "trouble_test.go"},
		"a bucket that cannot be":     {Bucket: "Nuotraukos!", Endpoint: "s3.example.lt"},
	} {
		if _, err := blobs.Open(c); err == nil {
			t.Errorf("%s: Open succeeds", name)
		}
	}
}

// Prepare tells the log of a trouble once, however often it tries, and goes on
// by itself when the server is there.
func TestPrepareWaitsForTheServer(t *testing.T) {
	server := miniotest.Start(t)
	proxy := miniotest.NewProxy(t, server.Endpoint)
	proxy.Set(miniotest.Mode{Down: true})
	s := open(t, blobs.Config{Endpoint: proxy.Addr, AccessKey: server.AccessKey, SecretKey: server.SecretKey, Bucket: "photos"})
	var said journal
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan struct{})
	go func() { s.Prepare(ctx, slog.New(&said)); close(done) }()
	said.await(t, "photos can neither be stored nor read")
	proxy.Set(miniotest.Mode{})
	<-done
	if got := said.lines(); len(got) != 2 || !strings.Contains(got[1], "ready") {
		t.Errorf("the log says %q, want the trouble once and that it is over", got)
	}
	if _, err := s.Stat(t.Context(), "probe"); err == nil {
		t.Error("the probe was left behind")
	}
}

// journal is a log that can be looked at.
type journal struct {
	mu    sync.Mutex
	texts []string
}

func (j *journal) Enabled(context.Context, slog.Level) bool { return true }
func (j *journal) WithAttrs([]slog.Attr) slog.Handler       { return j }
func (j *journal) WithGroup(string) slog.Handler            { return j }
func (j *journal) Handle(_ context.Context, r slog.Record) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.texts = append(j.texts, r.Message)
	return nil
}

func (j *journal) lines() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.texts)
}

func (j *journal) await(t *testing.T, text string) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(30 * time.Second)
	for !slices.ContainsFunc(j.lines(), func(line string) bool { return strings.Contains(line, text) }) {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("the log never says %q: %q", text, j.lines())
		}
	}
}
