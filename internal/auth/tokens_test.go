package auth_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

const (
	iss = "skaitykla"
	aud = "vilkaviskis"
)

// installation is an issuer with its files.
type installation struct {
	dir, key, keys, revoked string
	issuer                  *auth.Issuer
}

func install(tb testing.TB) *installation {
	tb.Helper()
	dir := tb.TempDir()
	in := &installation{
		dir: dir, key: filepath.Join(dir, "issuer.pem"),
		keys: filepath.Join(dir, "keys.json"), revoked: filepath.Join(dir, "revoked.json"),
	}
	ok(tb, auth.GenerateKey(in.key))
	in.issuer = in.load(tb, in.key, iss, aud)
	ok(tb, auth.PublishKey(in.keys, in.issuer))
	return in
}

func (in *installation) load(tb testing.TB, key, issuer, audience string) *auth.Issuer {
	tb.Helper()
	i, err := auth.LoadIssuer(key, issuer, audience)
	ok(tb, err)
	return i
}

func (in *installation) open(tb testing.TB) *auth.Tokens {
	tb.Helper()
	tokens, err := auth.OpenTokens(tb.Context(), auth.TokensConfig{
		Issuer: iss, Audience: aud, Keys: in.keys, Revocations: in.revoked,
		Log: slog.New(slog.NewTextHandler(tb.Output(), nil)),
	})
	ok(tb, err)
	return tokens
}

func ok(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func ona() auth.Principal {
	return auth.Principal{ID: "ona@example.lt", Kind: auth.Person, Roles: map[string][]auth.Role{
		"sites/biblioteka": {auth.Editor},
	}}
}

func issue(tb testing.TB, i *auth.Issuer) auth.Token {
	tb.Helper()
	token, err := i.Issue(ona(), time.Hour)
	ok(tb, err)
	return token
}

func TestIssueAndVerify(t *testing.T) {
	in := install(t)
	token := issue(t, in.issuer)
	tokens := in.open(t)
	want := ona()
	want.TokenID, want.Expires = token.ID, token.Expires
	for _, round := range []string{"checked", "remembered"} {
		got, err := tokens.Verify(t.Context(), token.Text)
		ok(t, err)
		got.Expires = got.Expires.UTC()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: principal (-want +got):\n%s", round, diff)
		}
	}
}

func TestIssueRefuses(t *testing.T) {
	in := install(t)
	machine := auth.Principal{ID: "gateway", Kind: auth.Machine, Roles: map[string][]auth.Role{"*": {auth.Service}}}
	with := func(change func(*auth.Principal)) auth.Principal {
		p := ona()
		change(&p)
		return p
	}
	roles := func(site string, role auth.Role) auth.Principal {
		return with(func(p *auth.Principal) { p.Roles = map[string][]auth.Role{site: {role}} })
	}
	tests := []struct {
		name string
		p    auth.Principal
		life time.Duration
		want string // in the error; "" for success
	}{
		{"person 12 hours", ona(), 12 * time.Hour, ""},
		{"person longer", ona(), 12*time.Hour + time.Second, "up to 12h0m0s"},
		{"machine 90 days", machine, 90 * 24 * time.Hour, ""},
		{"machine longer", machine, 91 * 24 * time.Hour, "up to 2160h0m0s"},
		{"no life", ona(), 0, "not 0s"},
		{"no id", with(func(p *auth.Principal) { p.ID = "" }), time.Hour, "0 characters"},
		{"no kind", with(func(p *auth.Principal) { p.Kind = "" }), time.Hour, "kind"},
		{"anonymous role", roles("sites/biblioteka", auth.Anonymous), time.Hour, "cannot be given"},
		{"unknown role", roles("sites/biblioteka", "owner"), time.Hour, "cannot be given"},
		{"operator of one site", roles("sites/biblioteka", auth.Operator), time.Hour, "whole suite"},
		{"all sites by hyphen", roles("sites/-", auth.Editor), time.Hour, "name a site"},
		{"not a site", roles("biblioteka", auth.Editor), time.Hour, "name a site"},
		{"site with a path", roles("sites/biblioteka/articles/a", auth.Editor), time.Hour, "name a site"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := in.issuer.Issue(test.p, test.life)
			switch {
			case test.want == "" && err != nil:
				t.Errorf("got error %v, want a token", err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
		})
	}
}

// forge signs anything with any key, as an attacker would.
func forge(t *testing.T, method jwt.SigningMethod, key any, header, claims map[string]any) string {
	t.Helper()
	token := jwt.NewWithClaims(method, jwt.MapClaims(claims))
	maps.Copy(token.Header, header)
	text, err := token.SignedString(key)
	ok(t, err)
	return text
}

func TestVerifyRefuses(t *testing.T) {
	in := install(t)
	tokens := in.open(t)
	good := issue(t, in.issuer).Text
	kid, public, private := keyOf(t, in)
	_, stranger, err := ed25519.GenerateKey(rand.Reader)
	ok(t, err)
	claims := func(change map[string]any) map[string]any {
		now := time.Now().Unix()
		c := map[string]any{
			"iss": iss, "aud": aud, "sub": "ona@example.lt", "jti": "j1", "iat": now, "exp": now + 3600,
			"kind": "person", "roles": map[string]any{"sites/biblioteka": []string{"editor"}},
		}
		maps.Copy(c, change)
		maps.DeleteFunc(c, func(_ string, value any) bool { return value == nil })
		return c
	}
	signed := func(change map[string]any) string {
		return forge(t, jwt.SigningMethodEdDSA, private, map[string]any{"kid": kid}, claims(change))
	}
	header := func(h map[string]any) string { return forge(t, jwt.SigningMethodEdDSA, private, h, claims(nil)) }
	past := time.Now().Add(-2 * time.Hour).Unix()
	invalid, expired := faultv1.Reason_REASON_TOKEN_INVALID, faultv1.Reason_REASON_TOKEN_EXPIRED
	parts := strings.Split(good, ".")
	tests := []struct {
		name, token string
		want        faultv1.Reason // unspecified for success
	}{
		{"the forger can make a good one", signed(nil), 0},
		{"empty", "", invalid},
		{"noise", "a.b.c", invalid},
		{"too long", strings.Repeat("a", 9000), invalid},
		{"cut signature", good[:len(good)-4], invalid},
		{"no signature", parts[0] + "." + parts[1] + ".", invalid},
		{"padded", good + "==", invalid},
		{"other signature", parts[0] + "." + parts[1] + "." + strings.Split(signed(nil), ".")[2], invalid},
		{"none", forge(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, map[string]any{"kid": kid}, claims(nil)), invalid},
		{"public key as HMAC secret", forge(t, jwt.SigningMethodHS256, []byte(public), map[string]any{"kid": kid}, claims(nil)), invalid},
		{"signed by a stranger", forge(t, jwt.SigningMethodEdDSA, stranger, map[string]any{"kid": kid}, claims(nil)), invalid},
		{"no kid", header(nil), invalid},
		{"unknown kid", header(map[string]any{"kid": "x"}), invalid},
		{"kid that is no text", header(map[string]any{"kid": 7}), invalid},
		{"critical header", header(map[string]any{"kid": kid, "crit": []string{"b64"}}), invalid},
		{"other issuer", signed(map[string]any{"iss": "other"}), invalid},
		{"other installation", signed(map[string]any{"aud": "other"}), invalid},
		{"no audience", signed(map[string]any{"aud": nil}), invalid},
		{"no expiry", signed(map[string]any{"exp": nil}), invalid},
		{"no jti", signed(map[string]any{"jti": nil}), invalid},
		{"no iat", signed(map[string]any{"iat": nil}), invalid},
		{"no subject", signed(map[string]any{"sub": nil}), invalid},
		{"not yet", signed(map[string]any{"nbf": time.Now().Add(time.Hour).Unix()}), invalid},
		{"made in the future", signed(map[string]any{"iat": time.Now().Add(time.Hour).Unix()}), invalid},
		{"person for a year", signed(map[string]any{"exp": time.Now().AddDate(1, 0, 0).Unix()}), invalid},
		{"unknown kind", signed(map[string]any{"kind": "god"}), invalid},
		{"unknown role", signed(map[string]any{"roles": map[string]any{"*": []string{"god"}}}), invalid},
		{"operator of one site", signed(map[string]any{"roles": map[string]any{"sites/biblioteka": []string{"operator"}}}), invalid},
		{"expired", signed(map[string]any{"iat": past - 60, "exp": past}), expired},
		{"expired elsewhere", signed(map[string]any{"aud": "other", "iat": past - 60, "exp": past}), invalid},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, err := tokens.Verify(t.Context(), test.token)
			if got := fault.ReasonOf(err); got != test.want {
				t.Errorf("got %v, want %v; principal %v, error %v", got, test.want, p, err)
			}
			if test.want != 0 && !p.Anonymous() {
				t.Errorf("got principal %v beside the error", p)
			}
		})
	}
}

// keyOf returns the kid and the keys of the installation.
func keyOf(t *testing.T, in *installation) (string, ed25519.PublicKey, ed25519.PrivateKey) {
	t.Helper()
	text, err := os.ReadFile(in.keys)
	ok(t, err)
	var set struct{ Keys []struct{ Kid, X string } }
	ok(t, json.Unmarshal(text, &set))
	public, err := base64.RawURLEncoding.DecodeString(set.Keys[0].X)
	ok(t, err)
	return set.Keys[0].Kid, public, readPrivate(t, in.key)
}

func TestRevocationArrivesInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := install(t)
		tokens := in.open(t)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go tokens.Run(ctx)
		token, other := issue(t, in.issuer), issue(t, in.issuer)
		wantReason(t, tokens, token, 0)

		<-time.After(7 * time.Second) // somewhere between two reloads
		ok(t, auth.Revoke(in.revoked, token.ID, token.Expires))
		<-time.After(auth.MaxPropagation)
		synctest.Wait()
		wantReason(t, tokens, token, faultv1.Reason_REASON_TOKEN_REVOKED)
		wantReason(t, tokens, other, 0)

		// A list that is lost or damaged does not bring the token back.
		ok(t, os.WriteFile(in.revoked, []byte("{"), 0o600))
		<-time.After(auth.MaxPropagation)
		synctest.Wait()
		wantReason(t, tokens, token, faultv1.Reason_REASON_TOKEN_REVOKED)
		ok(t, os.Remove(in.revoked))
		<-time.After(auth.MaxPropagation)
		synctest.Wait()
		wantReason(t, tokens, token, faultv1.Reason_REASON_TOKEN_REVOKED)
	})
}

func TestTokenExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := install(t)
		tokens := in.open(t)
		token := issue(t, in.issuer)
		<-time.After(59 * time.Minute)
		wantReason(t, tokens, token, 0)
		<-time.After(2 * time.Minute)
		wantReason(t, tokens, token, faultv1.Reason_REASON_TOKEN_EXPIRED)
	})
}

func wantReason(t *testing.T, tokens *auth.Tokens, token auth.Token, want faultv1.Reason) {
	t.Helper()
	_, err := tokens.Verify(t.Context(), token.Text)
	if got := fault.ReasonOf(err); got != want || (want == 0 && err != nil) {
		t.Fatalf("got %v (%v), want %v", got, err, want)
	}
}
