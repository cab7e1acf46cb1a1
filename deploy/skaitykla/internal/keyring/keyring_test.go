package keyring_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/keyring"
)

func TestOpenKeepsSecrets(t *testing.T) {
	dir := t.TempDir()
	first, err := keyring.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := first.Secret("page")
	if err != nil {
		t.Fatal(err)
	}
	second, err := keyring.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	again, err := second.Secret("page")
	if err != nil {
		t.Fatal(err)
	}
	if secret != again || first.Installation != second.Installation {
		t.Error("secrets changed when the folder was opened again")
	}
	other, err := second.Secret("files")
	if err != nil {
		t.Fatal(err)
	}
	if other == secret {
		t.Error("two names share one secret")
	}
}

func TestSecretsAreForTheirOwnerOnly(t *testing.T) {
	dir := t.TempDir()
	k, err := keyring.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Secret("page"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"issuer.key", "page.key", "installation"} {
		info, err := os.Stat(filepath.Join(dir, "keys", name))
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has mode %o, want 600", name, mode)
		}
	}
}
