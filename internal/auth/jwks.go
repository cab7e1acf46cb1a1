package auth

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// maxKeys is how many public keys a set has: the current one and, during a
// rotation, the one before it.
const maxKeys = 2

// keySet is a JSON Web Key Set (RFC 7517) of Ed25519 keys (RFC 8037).
type keySet struct {
	Keys []webKey `json:"keys"`
}

type webKey struct {
	Type  string `json:"kty"`
	Curve string `json:"crv"`
	X     string `json:"x"`
	ID    string `json:"kid"`
	Alg   string `json:"alg,omitempty"`
	Use   string `json:"use,omitempty"`
}

// PublishKey puts the issuer's public key at the head of the key set in the
// file, which it makes if needed, and keeps the newest other key: publish a
// new key, wait until the services have read it, then issue with it. Tokens of
// the key before it stay good until they expire or the next rotation.
func PublishKey(path string, issuer *Issuer) error {
	set := keySet{Keys: []webKey{issuer.webKey()}}
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
		var old keySet
		if err := json.Unmarshal(text, &old); err != nil {
			return fmt.Errorf("read key set %s: %w; mend or remove it", path, err)
		}
		for _, k := range old.Keys {
			if k.ID != issuer.id && len(set.Keys) < maxKeys {
				set.Keys = append(set.Keys, k)
			}
		}
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("read key set: %w", err)
	}
	return writeJSON(path, set)
}

// parseKeys returns the public keys of a set by id. Keys of other types are
// refused rather than skipped: our own issuer makes no others.
func parseKeys(text []byte) (map[string]ed25519.PublicKey, error) {
	var set keySet
	if err := json.Unmarshal(text, &set); err != nil {
		return nil, fmt.Errorf("parse key set: %w", err)
	}
	if len(set.Keys) == 0 || len(set.Keys) > maxKeys {
		return nil, fmt.Errorf("key set has %d keys instead of 1 to %d", len(set.Keys), maxKeys)
	}
	keys := make(map[string]ed25519.PublicKey, len(set.Keys))
	for _, k := range set.Keys {
		x, err := base64.RawURLEncoding.DecodeString(k.X)
		if err != nil || k.Type != "OKP" || k.Curve != "Ed25519" || len(x) != ed25519.PublicKeySize {
			return nil, fmt.Errorf("key %q of the set is not an Ed25519 key", k.ID)
		}
		if k.ID != keyID(x) {
			return nil, fmt.Errorf("key %q of the set does not have its thumbprint as kid", k.ID)
		}
		keys[k.ID] = x
	}
	return keys, nil
}

// writeJSON replaces the file at once, so that readers never see half of it.
func writeJSON(path string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("encode %s: %w", path, err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(f.Name()) // gone already when all went well
	_, err = f.Write(append(text, '\n'))
	if err := errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("replace %s: %w", path, err)
	}
	return nil
}
