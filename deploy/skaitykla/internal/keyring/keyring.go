// Package keyring keeps what tokens of one installation are made and checked
// with, in its data folder: the key that signs, the public keys, the list of
// revoked tokens and the id of the installation. What is missing is made.
package keyring

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"github.com/skaitykla/skaitykla/internal/auth"
)

// IssuerName is the iss of tokens that this program makes.
const IssuerName = "skaitykla"

const (
	dirMode    = 0o700
	secretMode = 0o600
)

// Keyring is an open folder of secrets.
type Keyring struct {
	// Issuer makes tokens.
	Issuer *auth.Issuer
	// Installation is the aud of tokens: they work here and nowhere else.
	Installation string
	dir          string
}

// Open opens the folder of secrets in the data folder, and makes it first
// where there is none.
func Open(data string) (*Keyring, error) {
	k := &Keyring{dir: filepath.Join(data, "keys")}
	if err := os.MkdirAll(k.dir, dirMode); err != nil {
		return nil, err
	}
	installation, err := k.text("installation", uuid.NewString)
	if err != nil {
		return nil, err
	}
	k.Installation = installation
	path := filepath.Join(k.dir, "issuer.key")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := auth.GenerateKey(path); err != nil {
			return nil, err
		}
	}
	if k.Issuer, err = auth.LoadIssuer(path, IssuerName, k.Installation); err != nil {
		return nil, err
	}
	if err := auth.PublishKey(k.PublicKeys(), k.Issuer); err != nil {
		return nil, err
	}
	return k, nil
}

// PublicKeys is the file of the public keys (JWKS).
func (k *Keyring) PublicKeys() string { return filepath.Join(k.dir, "public.json") }

// Revocations is the file with the revoked tokens; it may not exist yet.
func (k *Keyring) Revocations() string { return filepath.Join(k.dir, "revoked.json") }

// text reads a small file, or makes it. A second maker at the same moment
// loses and reads what the first wrote.
func (k *Keyring) text(name string, initial func() string) (string, error) {
	path := filepath.Join(k.dir, name)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		half, err := os.CreateTemp(k.dir, name+".*")
		if err != nil {
			return "", err
		}
		defer os.Remove(half.Name())
		_, err = half.WriteString(initial() + "\n")
		if err := errors.Join(err, half.Chmod(secretMode), half.Sync(), half.Close()); err != nil {
			return "", err
		}
		if err := os.Link(half.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
			return "", err
		}
		text, err = os.ReadFile(path)
		if err != nil {
			return "", err
		}
		return strings.TrimSpace(string(text)), nil
	}
	if err != nil {
		return "", fmt.Errorf("read the installation's secret: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}
