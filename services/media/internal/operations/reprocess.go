package operations

import (
	"context"
	"time"

	"github.com/skaitykla/skaitykla/internal/filter"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/fields"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// ParseFilter reads the filter of ReprocessPhotos. It fails with
// INVALID_FILTER.
func ParseFilter(text string) (filter.Filter[photo.Item], error) {
	known := fields.WorkingPhotos()
	delete(known, "duplicate") // that is known of the photos of a list only
	return filter.Parse(text, known)
}

// reprocess returns what wants renditions of a photo anew.
func (j *job) reprocess(r *mediav1.ReprocessPhotosRequest) (func(context.Context, photo.Name, *mediav1.Photo) error, error) {
	match, err := ParseFilter(r.GetFilter())
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, name photo.Name, p *mediav1.Photo) error {
		photo.Judge(p, time.Now())
		if !match.Match(photo.Item{Photo: p}) {
			return nil
		}
		if err := j.enqueue(ctx, name, recordv1.Task_PRIORITY_BACKGROUND, r.GetForce()); err != nil {
			return err
		}
		j.op.Redone.PhotoCount++
		return nil
	}, nil
}
