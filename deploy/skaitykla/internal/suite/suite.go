// Package suite runs the whole suite in one process on one machine: the three
// services and the gateway as goroutines that talk over loopback gRPC, and
// the MinIO server as a child process.
//
// The services are the same code as the separate binaries and read the same
// SKAITYKLA_ variables; this package only chooses their addresses, stores and
// keys, all below one data folder.
package suite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/keyring"
	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/ready"
	"github.com/skaitykla/skaitykla/internal/auth"
)

// Config says where and how the suite runs.
type Config struct {
	// Data is the folder of everything the suite keeps.
	Data string
	// HTTP, Article, Media and Sharing are addresses to listen on, host:port;
	// port 0 takes a free one.
	HTTP, Article, Media, Sharing string
	// ReadyFile is written in addition to the one in the data folder.
	ReadyFile string
	// Getenv reads what else can be configured.
	Getenv func(string) string
	// Out hears what a person should know, Log the rest.
	Out io.Writer
	Log *slog.Logger
	// Fill, if set, is called once everything answers and before the suite
	// says that it is ready.
	Fill func(context.Context, ready.File) error
}

// answerTime is how long the servers may take until they answer.
const answerTime = 2 * time.Minute

// Run runs the suite until ctx ends, and returns nil then.
func Run(ctx context.Context, c Config) (err error) {
	lock, err := c.claim()
	if err != nil {
		return err
	}
	defer lock.Close()
	keys, err := keyring.Open(c.Data)
	if err != nil {
		return err
	}
	doors, err := open(ctx, c)
	if err != nil {
		return err
	}
	objects, err := openObjects(ctx, c)
	if err != nil {
		doors.close()
		return stoppedOr(ctx, err)
	}
	defer objects.stop()
	running := newParts()
	defer func() { err = errors.Join(err, running.stop()) }()
	verifier, err := verify(ctx, running, keys, c.Log)
	if err != nil {
		doors.close()
		return err
	}
	if err := startServices(ctx, running, services{Config: c, keys: keys, objects: objects, doors: doors, verifier: verifier}); err != nil {
		doors.close()
		return err
	}
	return c.serve(ctx, running, keys, doors)
}

// claim takes the data folder for this process. What a killed run left to tell
// others where it was is removed: it would send them to nobody, or to strangers.
func (c *Config) claim() (lock *os.File, err error) {
	// The ready file is read by commands in other working folders.
	if c.Data, err = filepath.Abs(c.Data); err != nil {
		return nil, err
	}
	const dirMode = 0o755
	if err := os.MkdirAll(c.Data, dirMode); err != nil {
		return nil, fmt.Errorf("the data folder: %w; make it, or choose another with --data", err)
	}
	if lock, err = take(c.Data); err != nil {
		return nil, err
	}
	for _, path := range c.readyFiles() {
		if err := removeFile(path); err != nil {
			return nil, errors.Join(fmt.Errorf("the ready file: %w", err), lock.Close())
		}
	}
	return lock, nil
}

// removeFile removes a file that may not exist; a folder stays.
func removeFile(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.IsDir():
		return fmt.Errorf("%s is a folder; name a file", path)
	}
	return os.Remove(path)
}

func (c *Config) readyFiles() []string {
	files := []string{ready.Path(c.Data)}
	if c.ReadyFile != "" {
		files = append(files, c.ReadyFile)
	}
	return files
}

// serve tells where the suite is once everything answers, and waits.
func (c Config) serve(ctx context.Context, running *parts, keys *keyring.Keyring, doors *doors) error {
	began, cancel := context.WithTimeoutCause(ctx, answerTime, fmt.Errorf("no answer within %s", answerTime))
	defer cancel()
	at := doors.addresses()
	at.TokenFile = filepath.Join(c.Data, "run", "operator.token")
	if err := running.answering(began, at.HTTP, at.Article, at.Media, at.Sharing); err != nil {
		return stoppedOr(ctx, err)
	}
	if err := writeToken(at.TokenFile, keys); err != nil {
		return err
	}
	running.start(ctx, "token renewal", func(ctx context.Context) error {
		renewToken(ctx, at.TokenFile, keys, c.Log)
		return nil
	})
	if c.Fill != nil {
		if err := c.Fill(ctx, at); err != nil {
			return stoppedOr(ctx, err)
		}
	}
	for _, path := range c.readyFiles() {
		if err := ready.Write(path, at); err != nil {
			return err
		}
		defer os.Remove(path)
	}
	fmt.Fprintf(c.Out, "Skaitykla is ready: %s  (gRPC: article %s, media %s, sharing %s; data: %s)\n",
		at.HTTP, at.Article, at.Media, at.Sharing, c.Data)
	running.wait(ctx)
	if ctx.Err() != nil {
		fmt.Fprintln(c.Out, "Skaitykla stops")
	}
	return nil
}

// stoppedOr is nil when somebody asked the suite to stop in the meantime.
func stoppedOr(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return nil
}

// verify accepts the tokens of this installation and keeps the keys and the
// list of revoked tokens fresh.
func verify(ctx context.Context, running *parts, keys *keyring.Keyring, log *slog.Logger) (auth.Verifier, error) {
	tokens, err := auth.OpenTokens(ctx, auth.TokensConfig{
		Issuer: keyring.IssuerName, Audience: keys.Installation,
		Keys: keys.PublicKeys(), Revocations: keys.Revocations(), Log: log,
	})
	if err != nil {
		return nil, err
	}
	running.start(ctx, "keys", func(ctx context.Context) error {
		tokens.Run(ctx)
		return nil
	})
	return tokens, nil
}
