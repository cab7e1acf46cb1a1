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
	const dirMode = 0o755
	if err := os.MkdirAll(c.Data, dirMode); err != nil {
		return err
	}
	lock, err := lock(c.Data)
	if err != nil {
		return err
	}
	defer lock.Close()
	keys, err := keyring.Open(c.Data)
	if err != nil {
		return err
	}
	objects, err := openObjects(ctx, c)
	if err != nil {
		return err
	}
	defer objects.stop()
	doors, err := open(ctx, c)
	if err != nil {
		return err
	}
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
	files := []string{ready.Path(c.Data)}
	if c.ReadyFile != "" {
		files = append(files, c.ReadyFile)
	}
	for _, path := range files {
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
