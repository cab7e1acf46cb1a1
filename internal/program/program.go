// Package program gets hold of programs of others that run beside ours as
// processes of their own, never linked in: such as an S3 server. Each is a Go
// program of a pinned module. It is found on PATH, or built once and kept in
// the user's cache folder, outside the working tree.
package program

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// Source says what a program is and how it is built.
type Source struct {
	// Name is the name of the executable.
	Name string
	// Title names the program in sentences, such as "MinIO server".
	Title string
	// Package is the import path of its main package, Version that of its
	// module, the same as in the go.mod of Folder.
	Package, Version string
	// Folder is the folder below deploy/ that pins its dependencies.
	Folder string
	// Cost says what building takes: "this takes ... and downloads ...".
	Cost string
	// Instead is what to do where it can neither be found nor built.
	Instead string
}

// Finder gets hold of one program.
type Finder struct {
	Source
	// ModuleDir is Source.Folder of a checkout, as [Source.ModuleDir] finds
	// it. When empty, the program is built from the same version without the
	// checksums that the checkout pins for its dependencies.
	ModuleDir string
	// CacheDir is where a built program is kept; empty means a folder of its
	// name in the folder skaitykla of the user's cache.
	CacheDir string
	// Progress is told, in whole lines, what takes long. It may be nil.
	Progress io.Writer
}

// Find returns the path of the executable: of one on PATH, else of one that
// was built earlier, else it builds one, which takes minutes and needs the Go
// toolchain. Processes that do so at the same time build it once. The error
// says what to do instead when it cannot be built.
func (f Finder) Find(ctx context.Context) (string, error) {
	if path, err := exec.LookPath(f.Name); err == nil {
		return path, nil
	}
	if f.Progress == nil {
		f.Progress = io.Discard
	}
	if f.CacheDir == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("no %s is on PATH and there is no folder to keep a built one in: set HOME, %s: %w",
				f.Title, f.Instead, err)
		}
		f.CacheDir = filepath.Join(dir, "skaitykla", f.Name)
	}
	path := filepath.Join(f.CacheDir, f.Version, f.Name)
	if executable(path) {
		return path, nil
	}
	if err := f.buildOnce(ctx, path); err != nil {
		return "", fmt.Errorf("no %s was found and none could be built: %s: %w", f.Title, f.Instead, err)
	}
	return path, nil
}

// ModuleDir looks for the source's folder in the folder deploy of dir and of
// the folders above it. It returns "" when there is none.
func (s Source) ModuleDir(dir string) string {
	for {
		candidate := filepath.Join(dir, "deploy", s.Folder)
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
