package keyring_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/keyring"
	"github.com/skaitykla/skaitykla/internal/auth"
)

func TestOpenKeepsTheKey(t *testing.T) {
	dir := t.TempDir()
	first, err := keyring.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	second, err := keyring.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if first.Installation != second.Installation {
		t.Error("the installation's id changed when the folder was opened again")
	}
	token, err := first.Issuer.Issue(auth.Principal{ID: "ona", Kind: auth.Person, Roles: map[string][]auth.Role{auth.EverySite: {auth.Operator}}}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := auth.OpenTokens(t.Context(), auth.TokensConfig{
		Issuer: keyring.IssuerName, Audience: second.Installation, Keys: second.PublicKeys(), Revocations: second.Revocations(),
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	if who, err := tokens.Verify(t.Context(), token.Text); err != nil || who.ID != "ona" {
		t.Errorf("a token of the first keyring is %q, %v with the second", who.ID, err)
	}
}

func TestSecretsAreForTheirOwnerOnly(t *testing.T) {
	dir := t.TempDir()
	if _, err := keyring.Open(dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"issuer.key", "installation"} {
		info, err := os.Stat(filepath.Join(dir, "keys", name))
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has mode %o, want 600", name, mode)
		}
	}
}
