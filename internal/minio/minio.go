// Package minio runs a MinIO server as a child process, for the one-machine
// installation and for tests, and gets hold of its binary.
//
// MinIO is licensed under the AGPL and is never linked into our programs. It
// is found on PATH or built once from its pinned module and kept in the user's
// cache folder; see [Finder]. We talk plain S3 to it, as to any other server,
// and whoever has an S3 server already needs nothing of this package.
package minio

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Options say where and how a server runs.
type Options struct {
	// Binary is the MinIO executable, as [Finder.Find] returns it.
	Binary string
	// Dir holds the objects and the credentials. It is made when missing,
	// readable by this user only.
	Dir string
	// Addr is where it listens, host:port; port 0 means a free one. Empty
	// means a free port of 127.0.0.1.
	Addr string
	// Log receives what the server says, at debug level, and what we do about
	// it when it ends by itself.
	Log *slog.Logger
}

// Server is a running MinIO. It is started again, at the same address, when
// it ends by itself, and it ends with the process that started it.
type Server struct {
	// Endpoint is its address, host:port.
	Endpoint string
	// AccessKey and SecretKey are the credentials of its one user.
	AccessKey, SecretKey string

	child *child
}

// Start starts a server and returns when it is ready to serve, or with what it
// said when it ended instead. Credentials are made the first time and kept in
// the directory. The context bounds the start only.
func Start(ctx context.Context, o Options) (*Server, error) {
	drive, err := prepare(o.Dir)
	if err != nil {
		return nil, err
	}
	keys, err := loadCredentials(filepath.Join(o.Dir, "credentials.json"))
	if err != nil {
		return nil, err
	}
	for attempt := 1; ; attempt++ {
		endpoint, chosen, err := freeAddr(ctx, o.Addr)
		if err != nil {
			return nil, err
		}
		c, err := startAt(ctx, o, endpoint, drive, keys)
		if err == nil {
			return &Server{Endpoint: endpoint, AccessKey: keys.AccessKey, SecretKey: keys.SecretKey, child: c}, nil
		}
		// Somebody may have taken a port that was free a moment ago.
		if !chosen || attempt == maxAttempts || ctx.Err() != nil {
			return nil, err
		}
	}
}

// maxAttempts is how many free ports are tried.
const maxAttempts = 3

func startAt(ctx context.Context, o Options, endpoint, drive string, keys credentials) (*child, error) {
	c := &child{
		log:  o.Log.With(slog.String("child", "minio")),
		path: o.Binary,
		args: []string{"server", "--quiet", "--address", endpoint, "--certs-dir", filepath.Join(o.Dir, "certs"), drive},
		env:  environment(o.Dir, keys),
	}
	c.start()
	if err := awaitReady(ctx, "http://"+endpoint, c); err != nil {
		c.stop(context.WithoutCancel(ctx))
		return nil, err
	}
	return c, nil
}

// Stop asks the server to end and returns when it has. It is killed when the
// context ends first, and after ten seconds in any case. A second Stop does
// nothing.
func (s *Server) Stop(ctx context.Context) { s.child.stop(ctx) }

// prepare makes the directories and returns the one that holds the objects.
func prepare(dir string) (drive string, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return "", fmt.Errorf("minio: find the data directory: %w", err)
	}
	drive = filepath.Join(dir, "drive")
	for _, d := range []string{drive, filepath.Join(dir, "certs")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return "", fmt.Errorf("minio: make the data directory: %w", err)
		}
	}
	return drive, nil
}

// environment is all the child is given: nothing of ours, no console, no call
// home, and a soft memory limit, without which it grows past 500 MB.
func environment(dir string, keys credentials) []string {
	return []string{
		"HOME=" + dir,
		"MINIO_ROOT_USER=" + keys.AccessKey,
		"MINIO_ROOT_PASSWORD=" + keys.SecretKey,
		"MINIO_BROWSER=off",
		"MINIO_UPDATE=off",
		"GOMEMLIMIT=256MiB",
	}
}

// freeAddr chooses a port where addr leaves it open. The port is free at that
// moment.
func freeAddr(ctx context.Context, addr string) (free string, chosen bool, err error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", false, fmt.Errorf("minio: address must be host:port: %w", err)
	}
	if port != "0" {
		return addr, false, nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return "", false, fmt.Errorf("minio: choose a port: %w", err)
	}
	defer func(c io.Closer) { _ = c.Close() }(listener)
	return listener.Addr().String(), true, nil
}

// readyTimeout bounds the wait for a server that neither serves nor ends.
const readyTimeout = time.Minute
