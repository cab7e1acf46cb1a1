package sweep

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// expired gives up uploads in pieces whose time is over and returns how many
// objects it removed. The record goes first: what a crash leaves then is found
// as a part without an upload.
func (s *Sweeper) expired(ctx context.Context, now time.Time) (int, error) {
	removed := 0
	for {
		over, err := s.Records.ExpireUploads(ctx, now)
		if err != nil {
			return removed, fmt.Errorf("give up uploads: %w", err)
		}
		if len(over) == 0 {
			return removed, nil
		}
		for name, parts := range over {
			for _, part := range parts {
				if err := s.Objects.Remove(ctx, blobs.Part(name.Site, name.ID, part.GetId())); err != nil {
					return removed, err
				}
				removed++
			}
		}
	}
}

// parts removes parts without an upload: of calls that were cut off between
// the object and its record. Those of one upload come together.
func (s *Sweeper) parts(ctx context.Context, now time.Time) (int, error) {
	removed := 0
	var last photo.UploadName
	var known []string
	for object, err := range s.Objects.List(ctx, blobs.PartPrefix) {
		if err != nil {
			return removed, err
		}
		site, id, part, ours := object.Key.Upload()
		if !ours || now.Sub(object.Modified) < s.Grace {
			continue
		}
		if name := (photo.UploadName{Site: site, ID: id}); name != last {
			if known, err = s.Records.UploadParts(ctx, name); err != nil {
				return removed, fmt.Errorf("look up %s: %w", name, err)
			}
			last = name
		}
		if slices.Contains(known, part) {
			continue
		}
		if err := s.Objects.Remove(ctx, object.Key); err != nil {
			return removed, err
		}
		removed++
	}
	return removed, nil
}
