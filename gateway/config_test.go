package gateway_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/gateway"
	"github.com/skaitykla/skaitykla/internal/run"
)

func TestConfig(t *testing.T) {
	cases := []struct {
		name    string
		env     map[string]string
		problem string // part of it; empty when there is none
	}{
		{"defaults", nil, ""},
		{"proxies and origins", map[string]string{
			"SKAITYKLA_TRUSTED_PROXIES": "10.0.0.0/8,::1/128", "SKAITYKLA_CORS_ORIGINS": "https://app.example,*",
		}, ""},
		{"an address is no prefix", map[string]string{"SKAITYKLA_TRUSTED_PROXIES": "10.0.0.1"}, "TrustedProxies"},
		{"an origin with a path", map[string]string{"SKAITYKLA_CORS_ORIGINS": "https://app.example/x"}, "SKAITYKLA_CORS_ORIGINS"},
		{"no time", map[string]string{"SKAITYKLA_CALL_TIMEOUT": "0s"}, "SKAITYKLA_CALL_TIMEOUT"},
		{"half a certificate", map[string]string{"SKAITYKLA_GATEWAY_TLS_KEY_FILE": "key.pem"}, "set both or neither"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			config, err := run.Load[gateway.Config](func(name string) string { return c.env[name] })
			if c.problem == "" {
				if err != nil || config.Address != "127.0.0.1:8080" || config.MaxBody != 1<<20 {
					t.Errorf("%v: %+v", err, config)
				}
				return
			}
			if _, ok := errors.AsType[*run.ConfigError](err); !ok || !strings.Contains(err.Error(), c.problem) {
				t.Errorf("got %v, want a problem with %s", err, c.problem)
			}
		})
	}
}
