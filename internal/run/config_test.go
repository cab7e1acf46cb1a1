package run_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/run"
)

// config is shaped like those of the binaries.
type config struct {
	Addr  string        `env:"ADDR" envDefault:"127.0.0.1:7001"`
	Store string        `env:"STORE,required"`
	Grace time.Duration `env:"GRACE" envDefault:"10s"`
	Limit int           `env:"LIMIT" envDefault:"4"`
	Key   run.Secret    `env:"PAGE_KEY_FILE,file"`
	Pass  run.Secret    `env:"PASS"`
	TLS   tlsConfig     `envPrefix:"TLS_"`
}

type tlsConfig struct {
	Cert string `env:"CERT"`
}

// Check is called by Load.
func (c *config) Check() error {
	var errs []error
	if c.Limit < 1 {
		errs = append(errs, errors.New("SKAITYKLA_LIMIT: give 1 or more"))
	}
	if c.Grace > time.Minute {
		errs = append(errs, errors.New("SKAITYKLA_GRACE: give at most 1m"))
	}
	return errors.Join(errs...)
}

func (c config) LogValue() slog.Value { return run.LogValue(c) }

func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if run.Prefix+pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func TestLoad(t *testing.T) {
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte("hush\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := run.Load[config](environment("STORE", "bolt:///x", "GRACE", "3s", "PAGE_KEY_FILE", key, "LIMIT", "", "TLS_CERT", "c.pem"))
	if err != nil {
		t.Fatal(err)
	}
	want := config{Addr: "127.0.0.1:7001", Store: "bolt:///x", Grace: 3 * time.Second, Limit: 4, Key: "hush\n", TLS: tlsConfig{"c.pem"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("config (-want +got):\n%s", diff)
	}
	if got.Key.Reveal() != "hush" {
		t.Errorf("got secret %q", got.Key.Reveal())
	}
}

func TestLoadNamesEveryProblem(t *testing.T) {
	for name, test := range map[string]struct {
		getenv func(string) string
		want   []string
	}{
		"values": {environment("GRACE", "soon", "LIMIT", "many", "PAGE_KEY_FILE", "/absent"), []string{"GRACE", "LIMIT", "STORE", "/absent"}},
		"check":  {environment("STORE", "x", "LIMIT", "0", "GRACE", "2m"), []string{"SKAITYKLA_LIMIT", "SKAITYKLA_GRACE"}},
	} {
		_, err := run.Load[config](test.getenv)
		e, isConfig := errors.AsType[*run.ConfigError](err)
		if !isConfig || len(e.Problems) != len(test.want) {
			t.Errorf("%s: got %v, want %d problems", name, err, len(test.want))
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(strings.ToUpper(err.Error()), strings.ToUpper(want)) {
				t.Errorf("%s: %q does not name %s", name, err, want)
			}
		}
	}
}

// Every secret may be given by file.
func TestLoadSecretByFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pass")
	if err := os.WriteFile(path, []byte("hush\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := run.Load[config](environment("STORE", "x", "PASS_FILE", path))
	if err != nil || got.Pass.Reveal() != "hush" {
		t.Errorf("Load = %q, %v", got.Pass.Reveal(), err)
	}
	for want, getenv := range map[string]func(string) string{
		"not both": environment("STORE", "x", "PASS_FILE", path, "PASS", "loud"),
		"/absent":  environment("STORE", "x", "PASS_FILE", "/absent"),
	} {
		if _, err := run.Load[config](getenv); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("Load = %v, want a word about %s", err, want)
		}
	}
}

func TestSecretsStayHidden(t *testing.T) {
	c := config{Addr: "a", Key: "hush", TLS: tlsConfig{"c.pem"}}
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("start", "config", c)
	fmt.Fprintf(&out, "%v %+v %#v %s", c, c, c.Key, c.Key)
	if strings.Contains(out.String(), "hush") {
		t.Errorf("the secret is in: %s", out.String())
	}
	for _, want := range []string{"config.ADDR=a", "config.PAGE_KEY_FILE=(hidden)", "config.TLS_CERT=c.pem"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in: %s", want, out.String())
		}
	}
}

func TestSecretBytes(t *testing.T) {
	for text, good := range map[string]bool{
		"AAECAwQFBgc=": true, "AAECAwQFBgc": true, "_-ECAwQFBgc\n": true, "/+ECAwQFBgc=": true,
		"": false, "AAEC": false, "not base64!!": false,
	} {
		b, err := run.Secret(text).Bytes(8)
		if (err == nil) != good || (good && len(b) != 8) {
			t.Errorf("%q: got %d bytes, %v", text, len(b), err)
		}
		if err != nil && text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("the error shows the secret: %v", err)
		}
	}
}

func TestLogger(t *testing.T) {
	var out bytes.Buffer
	log, err := run.Logger(&out, "warn", "json")
	if err != nil {
		t.Fatal(err)
	}
	log.Info("quiet")
	log.Warn("loud")
	if got := out.String(); strings.Contains(got, "quiet") || !strings.HasPrefix(got, "{") || !strings.Contains(got, "loud") {
		t.Errorf("got %s", got)
	}
	for _, wrong := range [][2]string{{"loud", "text"}, {"info", "xml"}} {
		if _, err := run.Logger(&out, wrong[0], wrong[1]); err == nil {
			t.Errorf("%v was taken", wrong)
		}
	}
}
