package miniotest

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Small is a server on a disk of 32 MB that can be made larger.
type Small struct {
	*Own

	grow string
}

// onSmallDisk runs a server on a file system in memory. That is in a name
// space of its own, where everybody may mount, and so gone with the server. It
// grows when a file appears.
const onSmallDisk = `#!/bin/sh
for drive; do :; done
export drive
exec unshare --user --map-root-user --mount sh -c '
	mount -t tmpfs -o size=32m tmpfs "$drive" || exit 1
	(while [ ! -e "GROW" ]; do sleep 0.05; done; mount -o remount,size=256m "$drive") &
	exec "$0" "$@"' "BINARY" "$@"
`

// StartSmall starts a server that ends with the test. It reports false where
// the machine lets us mount nothing.
func StartSmall(tb testing.TB) (*Small, bool) {
	tb.Helper()
	allowed := exec.CommandContext(tb.Context(), "unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/tmp")
	if err := allowed.Run(); err != nil {
		return nil, false
	}
	dir := tb.TempDir()
	s := &Small{Own: &Own{dir: filepath.Join(dir, "data")}, grow: filepath.Join(dir, "grow")}
	script := filepath.Join(dir, "minio-on-a-small-disk")
	text := strings.NewReplacer("GROW", s.grow, "BINARY", binary(tb)).Replace(onSmallDisk)
	if err := os.WriteFile(script, []byte(text), 0o700); err != nil { //nolint:gosec // it is to be run
		tb.Fatal(err)
	}
	s.Server = startBinary(tb, script, s.dir, "", slog.New(slog.DiscardHandler))
	tb.Cleanup(func() { s.Stop(context.WithoutCancel(tb.Context())) })
	return s, true
}

// Grow makes room on the disk, within a moment.
func (s *Small) Grow(tb testing.TB) {
	tb.Helper()
	if err := os.WriteFile(s.grow, nil, 0o600); err != nil {
		tb.Fatal(err)
	}
}
