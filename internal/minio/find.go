package minio

import (
	"context"
	"fmt"
	"io"

	"github.com/skaitykla/skaitykla/internal/program"
)

// Version is the pinned version of the MinIO server, the same as in
// deploy/minio/go.mod.
const Version = "v0.0.0-20260212201848-7aac2a2c5b7c"

// Source is the pinned MinIO server.
func Source() program.Source {
	return program.Source{
		Name: "minio", Title: "MinIO server",
		Package: "github.com/minio/minio", Version: Version, Folder: "minio",
		Cost:    "this takes about 4 minutes and downloads about 300 MB of source",
		Instead: "put a minio binary on PATH, or configure the address of an S3 server",
	}
}

// Finder gets hold of a MinIO binary; see program.Finder for its fields.
type Finder struct {
	ModuleDir, CacheDir string
	Progress            io.Writer
}

// Find returns the path of a MinIO binary; see program.Finder.Find.
func (f Finder) Find(ctx context.Context) (string, error) {
	path, err := program.Finder{Source: Source(), ModuleDir: f.ModuleDir, CacheDir: f.CacheDir, Progress: f.Progress}.Find(ctx)
	if err != nil {
		return "", fmt.Errorf("minio: %w", err)
	}
	return path, nil
}

// ModuleDir looks for the folder deploy/minio in dir and the folders above it.
// It returns "" when there is none.
func ModuleDir(dir string) string { return Source().ModuleDir(dir) }
