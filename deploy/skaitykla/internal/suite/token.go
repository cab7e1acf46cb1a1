package suite

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/keyring"
	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/pause"
)

// The operator's token on disk is for the commands on this machine. It is
// renewed long before it expires, so that a copy somebody took does not live
// long.
const (
	tokenLife    = 24 * time.Hour
	tokenRenewal = 6 * time.Hour
)

func operator() auth.Principal {
	return auth.Principal{ID: "operator", Kind: auth.Machine, Roles: map[string][]auth.Role{auth.EverySite: {auth.Operator}}}
}

// serving is the principal a service calls the others as.
func serving(name string) auth.Principal {
	return auth.Principal{ID: "service:" + name, Kind: auth.Machine, Roles: map[string][]auth.Role{auth.EverySite: {auth.Service}}}
}

// writeToken writes a fresh operator's token that only this user can read.
func writeToken(path string, keys *keyring.Keyring) error {
	token, err := keys.Issuer.Issue(operator(), tokenLife)
	if err != nil {
		return err
	}
	const dirMode, mode = 0o755, 0o600
	if err := os.MkdirAll(filepath.Dir(path), dirMode); err != nil {
		return err
	}
	half := path + ".tmp"
	if err := os.WriteFile(half, []byte(token.Text+"\n"), mode); err != nil {
		return err
	}
	return os.Rename(half, path)
}

// renewToken keeps the operator's token fresh until ctx ends.
func renewToken(ctx context.Context, path string, keys *keyring.Keyring, log *slog.Logger) {
	pause.Every(ctx, tokenRenewal, func() {
		if err := writeToken(path, keys); err != nil {
			log.Error("the operator's token was not renewed; commands will fail when it expires", "err", err)
		}
	})
}
