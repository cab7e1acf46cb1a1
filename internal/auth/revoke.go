package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// revocationList is the file of revoked tokens. Entries of tokens that have
// expired are dropped when it is next written.
type revocationList struct {
	Revoked []revocation `json:"revoked"`
}

type revocation struct {
	ID      string `json:"jti"`
	Expires int64  `json:"exp"` // seconds since 1970
}

// Revoke adds a token to the revocation list in the file, which it makes if
// needed. expires is when the token does; when it is not known, give a time
// MaxMachineLife from now. Every service refuses the token at most
// MaxPropagation later. Calls from several processes at once must not overlap.
func Revoke(path, tokenID string, expires time.Time) error {
	if tokenID == "" {
		return errors.New("revoke: the id (jti) of the token is needed")
	}
	var list revocationList
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
		if err := json.Unmarshal(text, &list); err != nil {
			return fmt.Errorf("read revocation list %s: %w; mend it, do not remove it", path, err)
		}
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("read revocation list: %w", err)
	}
	kept := revocationList{Revoked: []revocation{{tokenID, expires.Unix()}}}
	now := time.Now().Add(-leeway).Unix()
	for _, r := range list.Revoked {
		if r.Expires >= now && r.ID != tokenID {
			kept.Revoked = append(kept.Revoked, r)
		}
	}
	return writeJSON(path, kept)
}

// parseRevocations returns the ids on a list.
func parseRevocations(text []byte) (map[string]struct{}, error) {
	var list revocationList
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("parse revocation list: %w", err)
	}
	ids := make(map[string]struct{}, len(list.Revoked))
	for _, r := range list.Revoked {
		ids[r.ID] = struct{}{}
	}
	return ids, nil
}
