package blobs

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/skaitykla/skaitykla/internal/fault"
)

// probeKey is the object that Ready puts and removes.
const probeKey = Key("probe")

// Ready makes the bucket when it does not exist and finds out whether the
// server lets us list, put, read and remove. made reports that the bucket is
// new.
func (s *Store) Ready(ctx context.Context) (made bool, err error) {
	for _, err := range s.list(ctx, string(probeKey), "") {
		switch {
		case codeOf(err) == "NoSuchBucket":
			if err := s.makeBucket(ctx); err != nil {
				return false, err
			}
			made = true
		case err != nil:
			return false, explain(ctx, fmt.Errorf("list the bucket %s: %w", s.bucket, err))
		}
	}
	if err := s.Put(ctx, probeKey, strings.NewReader("probe"), 5, "text/plain"); err != nil {
		return made, err
	}
	body, _, err := s.Get(ctx, probeKey, 0, 0)
	if err != nil {
		return made, err
	}
	if err := body.Close(); err != nil {
		return made, err
	}
	return made, s.Remove(ctx, probeKey)
}

// Waits between attempts of Prepare.
const (
	firstWait = time.Second
	maxWait   = time.Minute
)

// Prepare calls Ready until it succeeds or ctx ends, and tells the log, which
// is told of each trouble once, with what to do about it. Calls need not wait
// for it: an object store that comes later is used as soon as it is there.
func (s *Store) Prepare(ctx context.Context, log *slog.Logger) {
	said := ""
	for wait := firstWait; ; wait = min(2*wait, maxWait) {
		made, err := s.Ready(ctx)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			log.Info("the object store is ready", slog.String("bucket", s.bucket), slog.Bool("made", made))
			return
		}
		e, ok := fault.Of(err)
		if !ok || e.Message != said {
			log.Error("photos can neither be stored nor read", slog.Any("error", err))
		}
		if ok {
			said = e.Message
			if e.Retry == 0 {
				wait = maxWait // it does not pass by itself
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// makeBucket makes the bucket; that it is there already is no error.
func (s *Store) makeBucket(ctx context.Context) error {
	call, cancel := s.within(ctx, 0)
	defer cancel()
	err := timely(call, s.core.MakeBucket(call, s.bucket, minio.MakeBucketOptions{Region: s.region}))
	switch codeOf(err) {
	case "BucketAlreadyOwnedByYou", "BucketAlreadyExists":
		return nil // another process was faster
	}
	if err != nil {
		return explain(ctx, fmt.Errorf("make the bucket %s: %w", s.bucket, err))
	}
	return nil
}
