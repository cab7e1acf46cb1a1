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
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"golang.org/x/sys/unix"

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
	if installation == "" {
		return nil, fmt.Errorf("%s is empty; put it back from a copy, or remove it to begin with a new id that no token made so far is good for",
			filepath.Join(k.dir, "installation"))
	}
	k.Installation = installation
	path := filepath.Join(k.dir, "issuer.key")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := auth.GenerateKey(path); err != nil && !errors.Is(err, fs.ErrExist) {
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

// IDError is an argument that is not the id of a token.
type IDError struct{}

// Error says what to give instead.
func (*IDError) Error() string {
	return "this is not the id of a token; it looks like 0f0600d8-fa00-42f1-b56c-75b9783cba62, is printed when a token is made, and is the jti in it"
}

// Revoke puts the id of a token on the list, where it stays as long as any
// token can live. A token itself is taken for its id. Processes that revoke at
// the same time wait for each other. It fails with an *IDError.
func (k *Keyring) Revoke(token string) error {
	id := token
	if strings.Count(token, ".") == 2 {
		var claims jwt.RegisteredClaims
		if _, _, err := jwt.NewParser().ParseUnverified(token, &claims); err != nil {
			return &IDError{}
		}
		id = claims.ID
	}
	if _, err := uuid.Parse(id); err != nil {
		return &IDError{}
	}
	lock, err := os.OpenFile(filepath.Join(k.dir, "lock"), os.O_RDWR|os.O_CREATE, secretMode)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX); err != nil {
		return fmt.Errorf("lock the list of revoked tokens: %w", err)
	}
	return auth.Revoke(k.Revocations(), id, time.Now().Add(auth.MaxMachineLife))
}

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
