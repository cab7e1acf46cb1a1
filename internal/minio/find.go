package minio

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// Version is the pinned version of the MinIO server, the same as in
// deploy/minio/go.mod.
const Version = "v0.0.0-20260212201848-7aac2a2c5b7c"

// module is the import path of the server's main package.
const module = "github.com/minio/minio"

// Finder gets hold of a MinIO binary.
type Finder struct {
	// ModuleDir is the folder deploy/minio of a checkout, as [ModuleDir]
	// finds it. When empty, the server is built from the same version without
	// the checksums that the checkout pins for its dependencies.
	ModuleDir string
	// CacheDir is where a built server is kept; empty means the folder
	// skaitykla/minio in the user's cache folder.
	CacheDir string
	// Progress is told, in whole lines, what takes long. It may be nil.
	Progress io.Writer
}

// Find returns the path of a MinIO binary: of one on PATH, else of one that
// was built earlier, else it builds one, which takes minutes and needs the Go
// toolchain. Processes that do so at the same time build it once. The error
// says what to do instead when it cannot be built.
func (f Finder) Find(ctx context.Context) (string, error) {
	if path, err := exec.LookPath("minio"); err == nil {
		return path, nil
	}
	if f.Progress == nil {
		f.Progress = io.Discard
	}
	if f.CacheDir == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("minio: no server is on PATH and there is no folder to keep a built one in: "+
				"set HOME, put a minio binary on PATH, or configure the address of an S3 server: %w", err)
		}
		f.CacheDir = filepath.Join(dir, "skaitykla", "minio")
	}
	path := filepath.Join(f.CacheDir, Version, "minio")
	if executable(path) {
		return path, nil
	}
	if err := f.buildOnce(ctx, path); err != nil {
		return "", fmt.Errorf("minio: no server was found and none could be built: "+
			"put a minio binary on PATH, or configure the address of an S3 server: %w", err)
	}
	return path, nil
}

// ModuleDir looks for the folder deploy/minio in dir and the folders above it.
// It returns "" when there is none.
func ModuleDir(dir string) string {
	for {
		candidate := filepath.Join(dir, "deploy", "minio")
		if _, err := os.Stat(filepath.Join(candidate, "go.mod")); err == nil {
			return candidate
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

// executable reports whether path is a file that can be run.
func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o100 != 0
}
