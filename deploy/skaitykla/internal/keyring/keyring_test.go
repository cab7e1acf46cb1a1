package keyring_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
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

// TestRevokeAtOnce revokes many tokens at the same time; none may be forgotten.
func TestRevokeAtOnce(t *testing.T) {
	dir := t.TempDir()
	var all []auth.Token
	var done sync.WaitGroup
	for range 20 {
		keys, err := keyring.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		token, err := keys.Issuer.Issue(auth.Principal{ID: "ona", Kind: auth.Person, Roles: map[string][]auth.Role{auth.EverySite: {auth.Operator}}}, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, token)
		named := []string{token.ID, token.Text}[len(all)%2]
		done.Go(func() {
			if err := keys.Revoke(named); err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	list, err := os.ReadFile(filepath.Join(dir, "keys", "revoked.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range all {
		if !strings.Contains(string(list), token.ID) {
			t.Errorf("%s is not on the list", token.ID)
		}
	}
}

func TestRevokeRefusesWhatIsNoID(t *testing.T) {
	keys, err := keyring.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "ona@example.lt", "eyJhbGciOiJFZERTQSJ9.x.y"} {
		if _, ok := errors.AsType[*keyring.IDError](keys.Revoke(text)); !ok {
			t.Errorf("revoke %q is no *IDError", text)
		}
	}
}

// TestOpenAtOnce opens a new keyring from several places; all must get the
// same key.
func TestOpenAtOnce(t *testing.T) {
	dir := t.TempDir()
	var done sync.WaitGroup
	for range 8 {
		done.Go(func() {
			if _, err := keyring.Open(dir); err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
}

// TestOpenAfterALoss names the file that a full disk or a bad copy emptied.
func TestOpenAfterALoss(t *testing.T) {
	dir := t.TempDir()
	if _, err := keyring.Open(dir); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "keys", "installation")
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := keyring.Open(dir); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("an empty id = %v, want an error with the file", err)
	}
}
