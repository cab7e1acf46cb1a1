package suite

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/skaitykla/skaitykla/internal/minio"
)

// objects is the S3 server: the one that is configured, or our own child.
type objects struct {
	endpoint, accessKey, secretKey string
	stop                           func()
}

// stopTime is how long the MinIO server may take to end.
const stopTime = 15 * time.Second

// openObjects uses the configured S3 server, or starts MinIO: one on PATH, or
// the one of the pinned module, built once.
func openObjects(ctx context.Context, c Config) (*objects, error) {
	if endpoint := c.Getenv("SKAITYKLA_S3_ENDPOINT"); endpoint != "" {
		return &objects{stop: func() {}}, nil
	}
	binary, err := minio.Finder{ModuleDir: moduleDir(), Progress: c.Out}.Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("the object store: %w", err)
	}
	server, err := minio.Start(ctx, minio.Options{Binary: binary, Dir: filepath.Join(c.Data, "minio"), Log: c.Log})
	if err != nil {
		return nil, fmt.Errorf("the object store: %w", err)
	}
	stop := func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer cancel()
		server.Stop(ctx)
	}
	return &objects{endpoint: server.Endpoint, accessKey: server.AccessKey, secretKey: server.SecretKey, stop: stop}, nil
}

// moduleDir finds deploy/minio near the program or the working folder.
func moduleDir() string {
	if program, err := os.Executable(); err == nil {
		if dir := minio.ModuleDir(filepath.Dir(program)); dir != "" {
			return dir
		}
	}
	working, err := os.Getwd()
	if err != nil {
		return ""
	}
	return minio.ModuleDir(working)
}
