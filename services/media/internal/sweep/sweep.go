// Package sweep removes what nobody refers to any more: objects of uploads
// that did not end well, renditions of older settings, social cards that were
// drawn anew, uploads in pieces that nobody went on with, and requests that were
// answered more than a day ago. In a bucket that belongs to another store it
// removes nothing.
package sweep

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/skaitykla/skaitykla/internal/pause"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// Records is the part of the store that a Sweeper needs.
type Records interface {
	Card(ctx context.Context, article string) (*recordv1.Card, error)
	Generations(ctx context.Context, sha256 string, now time.Time) (kept []string, exists bool, err error)
	CondemnStale(ctx context.Context, sha256 string, now time.Time) (kept []string, condemned bool, err error)
	Condemn(ctx context.Context, sha256 string, now time.Time) (bool, error)
	Acquit(ctx context.Context, sha256 string) error
	Secret(ctx context.Context, name string, fresh []byte) ([]byte, error)
	ForgetRequests(ctx context.Context, now time.Time) (int, error)
	ExpireUploads(ctx context.Context, now time.Time) (map[photo.UploadName][]*recordv1.UploadPart, error)
	UploadParts(ctx context.Context, name photo.UploadName) ([]string, error)
}

// Sweeper sweeps one bucket.
type Sweeper struct {
	// Objects and Records belong together: an object that no record in
	// Records refers to is removed.
	Objects *blobs.Store
	Records Records
	// Grace is how old an object must be.
	Grace time.Duration
	// KeepOrphans leaves what no photo refers to where it is; VerifyPhotos
	// reports it.
	KeepOrphans bool
	// Every is the time between sweeps.
	Every time.Duration
	Log   *slog.Logger
}

// Run sweeps again and again until the context ends, for the first time after
// one interval.
func (s *Sweeper) Run(ctx context.Context) {
	pause.Every(ctx, s.Every, func() {
		n, err := s.Sweep(ctx, time.Now())
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			s.Log.Warn("sweeping did not end", slog.Any("error", err))
		}
		if n > 0 {
			s.Log.Info("removed objects that no photo refers to", slog.Int("objects", n))
		}
	})
}

// Sweep sweeps once and returns how many objects it removed. It fails with a
// *ForeignError when the bucket is not ours.
func (s *Sweeper) Sweep(ctx context.Context, now time.Time) (int, error) {
	removed := 0
	if err := s.Owned(ctx); err != nil {
		n, failed := s.expired(ctx, now) // their parts are ours by name
		return n, errors.Join(err, failed, s.requests(ctx, now))
	}
	var errs []error
	for _, prefix := range []string{blobs.OriginalPrefix, blobs.RenditionPrefix} {
		n, err := s.objects(ctx, prefix, now)
		removed += n
		errs = append(errs, err)
	}
	for _, others := range []func(context.Context, time.Time) (int, error){s.cards, s.expired, s.parts} {
		n, err := others(ctx, now)
		removed += n
		errs = append(errs, err)
	}
	return removed, errors.Join(append(errs, s.requests(ctx, now))...)
}

// objects sweeps the objects with a prefix. Keys come in order, so those of
// one content come together.
func (s *Sweeper) objects(ctx context.Context, prefix string, now time.Time) (int, error) {
	removed := 0
	var last string
	var kept []string
	var exists bool
	for object, err := range s.Objects.List(ctx, prefix) {
		if err != nil {
			return removed, err
		}
		sha256, generation, ours := object.Key.Parts()
		if !ours || now.Sub(object.Modified) < s.Grace {
			continue
		}
		if sha256 != last {
			if kept, exists, err = s.Records.Generations(ctx, sha256, now); err != nil {
				return removed, fmt.Errorf("look up %s: %w", object.Key, err)
			}
			last = sha256
			if !exists {
				n, err := s.orphans(ctx, sha256, now)
				removed += n
				if err != nil {
					return removed, err
				}
			}
		}
		if exists && generation != "" && !slices.Contains(kept, generation) {
			n, err := s.stale(ctx, sha256, now)
			removed += n
			if err != nil {
				return removed, err
			}
			exists = false // all that is stale of this content was seen to
		}
	}
	return removed, nil
}

// stale removes the renditions of a photo that stays which nobody is told of
// any more.
func (s *Sweeper) stale(ctx context.Context, sha256 string, now time.Time) (int, error) {
	kept, condemned, err := s.Records.CondemnStale(ctx, sha256, now)
	if err != nil || !condemned {
		return 0, err
	}
	removed := 0
	for object, err := range s.Objects.List(ctx, blobs.RenditionPrefix+sha256+"/") {
		if err != nil {
			return removed, err
		}
		_, generation, ours := object.Key.Parts()
		if !ours || slices.Contains(kept, generation) || now.Sub(object.Modified) < s.Grace {
			continue
		}
		if err := s.Objects.Remove(ctx, object.Key); err != nil {
			return removed, err
		}
		removed++
	}
	return removed, s.Records.Acquit(ctx, sha256)
}

// orphans removes all objects of a content that no photo has, unless one is
// about to.
func (s *Sweeper) orphans(ctx context.Context, sha256 string, now time.Time) (int, error) {
	if s.KeepOrphans {
		return 0, nil
	}
	condemned, err := s.Records.Condemn(ctx, sha256, now)
	if err != nil || !condemned {
		return 0, err
	}
	removed := 0
	for _, prefix := range []string{string(blobs.Original(sha256)), blobs.RenditionPrefix + sha256 + "/"} {
		for object, err := range s.Objects.List(ctx, prefix) {
			if err == nil {
				err = s.Objects.Remove(ctx, object.Key)
			}
			if err != nil {
				return removed, err
			}
			removed++
		}
	}
	return removed, s.Records.Acquit(ctx, sha256)
}

// requests forgets expired requests.
func (s *Sweeper) requests(ctx context.Context, now time.Time) error {
	for {
		n, err := s.Records.ForgetRequests(ctx, now)
		if err != nil {
			return fmt.Errorf("forget requests: %w", err)
		}
		if n == 0 {
			return nil
		}
	}
}
