package gateway

import (
	"log/slog"
	"strings"
	"testing"
)

// TestErrorLog wants what net/http complains of without the addresses in it.
func TestErrorLog(t *testing.T) {
	for line, want := range map[string]string{
		"http: TLS handshake error from 203.0.113.7:5555: EOF":                   "http: TLS handshake error from (address): EOF",
		"http: TLS handshake error from [2001:db8::1]:5555: remote error: tls":   "http: TLS handshake error from (address): remote error: tls",
		"http2: server: error reading preface from client 203.0.113.7:5: bogus":  "http2: server: error reading preface from client (address): bogus",
		"read tcp 127.0.0.1:8080->203.0.113.7:5555: read: connection reset":      "read tcp (address)->(address): read: connection reset",
		"http: panic serving [::ffff:203.0.113.7]:1: boom":                       "http: panic serving (address): boom",
		"from fe80::1%eth0 and 2001:db8:1:2:3:4:5:6":                             "from (address) and (address)",
		"http: superfluous response.WriteHeader call from main.go:12 (server:7)": "http: superfluous response.WriteHeader call from main.go:12 (server:7)",
	} {
		var log strings.Builder
		errorLog(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))).Print(line)
		text := strings.NewReplacer(`\u003e`, ">").Replace(log.String())
		if !strings.Contains(text, `"text":"`+want+`"`) {
			t.Errorf("%q is logged as %s", line, text)
		}
	}
}
