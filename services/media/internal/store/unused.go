package store

import (
	"context"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// Unused returns photos that no kept revision of an article uses and that
// nobody changed since a time, at most limit of them. While it is not known
// which articles there are, because the article feed was never read to the end of
// a snapshot or is away, it returns none.
func (s *Store) Unused(ctx context.Context, before time.Time, limit int) ([]photo.Name, error) {
	var names []photo.Name
	known, err := s.usagesKnown(ctx)
	if err != nil || !known {
		return nil, err
	}
	err = s.view(ctx, func(r kv.Reader) error {
		names = names[:0]
		for entry, err := range r.Scan(kv.Prefix([]byte(unusedPrefix))) {
			if err != nil {
				return err
			}
			name, err := unusedName(entry.Key)
			if err != nil {
				return err
			}
			p, err := getPhoto(r, name)
			if err != nil {
				return err
			}
			if unusedSince(p, before) {
				names = append(names, name)
			}
			if len(names) == limit {
				return nil
			}
		}
		return nil
	})
	return names, err
}

// unusedName reads the name in a key of the form nu/{site}/{order}/{photo}.
func unusedName(key []byte) (photo.Name, error) {
	parts := strings.Split(strings.TrimPrefix(string(key), unusedPrefix), "/")
	if len(parts) != 3 {
		return photo.Name{}, kvrecord.UnexpectedKey(key)
	}
	return photo.Name{Site: parts[0], ID: parts[2]}, nil
}

func unusedSince(p *mediav1.Photo, before time.Time) bool {
	return !photo.Removed(p) && p.GetUsage() == mediav1.Photo_USAGE_UNSPECIFIED &&
		p.GetCreateTime().AsTime().Before(before) && p.GetUpdateTime().AsTime().Before(before)
}

// followerAge is after what silence of the follower the usages may be old.
const followerAge = 5 * time.Minute

func (s *Store) usagesKnown(ctx context.Context) (bool, error) {
	holder, last, err := s.Followed(ctx)
	if err != nil || holder == "" || time.Since(last) > followerAge {
		return false, err
	}
	token, err := s.ResumeToken(ctx, holder)
	return token != "", err
}

// DeleteUnused deletes a photo as its owner could, and returns it; nil when an
// article uses it meanwhile, or it is gone.
func (s *Store) DeleteUnused(ctx context.Context, name photo.Name, now time.Time) (*mediav1.Photo, error) {
	p, err := s.Remove(ctx, name, Removal{
		Kind: mediav1.WatchPhotosResponse_KIND_DELETED,
		Permit: func(p *mediav1.Photo) error {
			if p.GetUsage() != mediav1.Photo_USAGE_UNSPECIFIED {
				return fault.State(p.GetName(), "an article uses the photo")
			}
			return nil
		},
		Change: func(p *mediav1.Photo) (*mediav1.Photo, error) { return photo.Delete(p, now) },
	}, now)
	if fault.Has(err, faultv1.Reason_REASON_WRONG_STATE) || fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return nil, nil //nolint:nilnil // there is nothing to delete any more
	}
	return p, err
}
