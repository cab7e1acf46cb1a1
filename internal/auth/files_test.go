package auth_test

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/skaitykla/skaitykla/internal/auth"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

func readPrivate(t *testing.T, path string) ed25519.PrivateKey {
	t.Helper()
	text, err := os.ReadFile(path)
	ok(t, err)
	block, _ := pem.Decode(text)
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	ok(t, err)
	key, isEd := parsed.(ed25519.PrivateKey)
	if !isEd {
		t.Fatalf("got a %T", parsed)
	}
	return key
}

// TestKeyFileAppearsWhole reads the key while it is made, as a command beside a
// suite that starts does.
func TestKeyFileAppearsWhole(t *testing.T) {
	for range 50 {
		path := filepath.Join(t.TempDir(), "issuer.pem")
		made := make(chan error, 1)
		go func() { made <- auth.GenerateKey(path) }()
		for {
			_, err := auth.LoadIssuer(path, iss, aud)
			if err == nil {
				break
			}
			if !errors.Is(err, fs.ErrNotExist) {
				t.Fatalf("a key that is being made: %v", err)
			}
		}
		ok(t, <-made)
	}
}

func TestKeyFileIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "issuer.pem")
	ok(t, auth.GenerateKey(path))
	info, err := os.Stat(path)
	ok(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("got mode %04o, want 0600", info.Mode().Perm())
	}
	if err := auth.GenerateKey(path); err == nil {
		t.Error("a second GenerateKey overwrote the key")
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o620, 0o601} {
		ok(t, os.Chmod(path, mode))
		if _, err := auth.LoadIssuer(path, iss, aud); err == nil || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("mode %04o: got error %v, want advice", mode, err)
		}
	}
}

func TestLoadIssuerRefusesOtherKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "issuer.pem")
	for name, content := range map[string]string{
		"empty": "", "text": "hello", "pem of noise": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
	} {
		ok(t, os.WriteFile(path, []byte(content), 0o600))
		if _, err := auth.LoadIssuer(path, iss, aud); err == nil {
			t.Errorf("%s: loaded", name)
		}
	}
}

func TestRotation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := install(t)
		tokens := in.open(t)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go tokens.Run(ctx)

		issuers := []*auth.Issuer{in.issuer}
		for _, name := range []string{"second.pem", "third.pem"} {
			path := filepath.Join(in.dir, name)
			ok(t, auth.GenerateKey(path))
			issuers = append(issuers, in.load(t, path, iss, aud))
		}
		wants := func(reasons ...faultv1.Reason) {
			t.Helper()
			for i, want := range reasons {
				wantReason(t, tokens, issue(t, issuers[i]), want)
			}
		}
		const invalid = faultv1.Reason_REASON_TOKEN_INVALID
		wants(0, invalid, invalid)
		ok(t, auth.PublishKey(in.keys, issuers[1]))
		<-time.After(auth.MaxPropagation)
		synctest.Wait()
		wants(0, 0, invalid)
		ok(t, auth.PublishKey(in.keys, issuers[2]))
		<-time.After(auth.MaxPropagation)
		synctest.Wait()
		wants(invalid, 0, 0)
	})
}

func TestOpenTokensRefusesBadKeySets(t *testing.T) {
	in := install(t)
	good, err := os.ReadFile(in.keys)
	ok(t, err)
	for name, content := range map[string]string{
		"empty": "", "no keys": `{"keys":[]}`, "other type": strings.Replace(string(good), "OKP", "RSA", 1),
		"kid of another key": strings.Replace(string(good), `"kid": "`, `"kid": "x`, 1),
		"short key":          `{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AAAA","kid":"a"}]}`,
	} {
		path := filepath.Join(t.TempDir(), "keys.json")
		ok(t, os.WriteFile(path, []byte(content), 0o600))
		if _, err := openKeys(t, path, ""); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
	if _, err := openKeys(t, filepath.Join(t.TempDir(), "absent"), ""); err == nil {
		t.Error("absent: opened")
	}
	if _, err := openKeys(t, "http://keys.example.lt/", ""); err == nil || !strings.Contains(err.Error(), "https") {
		t.Errorf("plain http: got error %v", err)
	}
}

func openKeys(t *testing.T, keys, revoked string) (*auth.Tokens, error) {
	t.Helper()
	return auth.OpenTokens(t.Context(), auth.TokensConfig{
		Issuer: iss, Audience: aud, Keys: keys, Revocations: revoked, Log: slog.New(slog.DiscardHandler),
	})
}

func TestKeysByAddress(t *testing.T) {
	in := install(t)
	token := issue(t, in.issuer)
	ok(t, auth.Revoke(in.revoked, "another", time.Now().Add(time.Hour)))
	server := httptest.NewServer(http.FileServer(http.Dir(in.dir)))
	defer server.Close()
	tokens, err := openKeys(t, server.URL+"/keys.json", server.URL+"/revoked.json")
	ok(t, err)
	wantReason(t, tokens, token, 0)
}

func TestRevokeDropsExpiredEntries(t *testing.T) {
	in := install(t)
	ok(t, auth.Revoke(in.revoked, "old", time.Now().Add(-time.Hour)))
	ok(t, auth.Revoke(in.revoked, "new", time.Now().Add(time.Hour)))
	ok(t, auth.Revoke(in.revoked, "new", time.Now().Add(time.Hour)))
	text, err := os.ReadFile(in.revoked)
	ok(t, err)
	var list struct{ Revoked []struct{ JTI string } }
	ok(t, json.Unmarshal(text, &list))
	if len(list.Revoked) != 1 || list.Revoked[0].JTI != "new" {
		t.Errorf("got %v, want only new", list.Revoked)
	}
}

func TestSourcesOfTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := install(t)
		renewing := auth.NewRenewing(in.issuer, ona(), time.Hour)
		first, err := renewing.Token(t.Context())
		ok(t, err)
		<-time.After(30 * time.Minute)
		if same, _ := renewing.Token(t.Context()); same != first {
			t.Error("a token with half its life left was replaced")
		}
		<-time.After(15 * time.Minute)
		if next, _ := renewing.Token(t.Context()); next == first || next == "" {
			t.Errorf("a token at its end was not replaced: %q", next)
		}

		path := filepath.Join(in.dir, "token")
		file := auth.NewTokenFile(path)
		if _, err := file.Token(t.Context()); err == nil {
			t.Error("a token came from no file")
		}
		for _, want := range []string{"one", "two"} {
			ok(t, os.WriteFile(path, []byte(want+"\n"), 0o600))
			<-time.After(auth.MaxPropagation)
			if got, err := file.Token(t.Context()); got != want || err != nil {
				t.Errorf("got %q, %v; want %q", got, err, want)
			}
		}
	})
}
