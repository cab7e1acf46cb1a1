package ladder

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
)

// Waits of the queue.
const (
	firstRetry = time.Second
	maxRetry   = time.Minute
)

// Records is the part of the store that a Queue needs.
type Records interface {
	Queue(ctx context.Context) ([]photo.Name, error)
	Get(ctx context.Context, name photo.Name) (*mediav1.Photo, error)
	Finish(ctx context.Context, name photo.Name, state mediav1.Photo_State, renditions []*mediav1.Rendition) error
}

// Queue finishes photos in state PROCESSING. What is to be done is in the
// store, so that it survives; the queue only remembers what is in work.
type Queue struct {
	maker   *Maker
	objects *blobs.Store
	records Records
	spool   string
	limit   int64
	log     *slog.Logger
	busy    *busy
	wake    chan struct{}
}

// QueueConfig is what a Queue needs; everything is required.
type QueueConfig struct {
	Maker   *Maker
	Objects *blobs.Store
	Records Records
	// SpoolDir takes originals while they are decoded.
	SpoolDir string
	// MaxBytes is the largest original.
	MaxBytes int64
	Log      *slog.Logger
}

// NewQueue returns a Queue that does nothing until Run.
func NewQueue(c QueueConfig) *Queue {
	return &Queue{
		maker: c.Maker, objects: c.Objects, records: c.Records, spool: c.SpoolDir, limit: c.MaxBytes, log: c.Log,
		busy: newBusy(), wake: make(chan struct{}, 1),
	}
}

// Claim keeps the queue away from a photo that somebody else is working on,
// until release is called; then the queue looks at it again. The photo must
// be claimed before its record is created.
func (q *Queue) Claim(name photo.Name) (release func()) {
	q.busy.add(name)
	return func() {
		q.busy.remove(name)
		select {
		case q.wake <- struct{}{}:
		default:
		}
	}
}

// Run works until the context ends. Photos that fail for a reason that may
// pass are tried again, after longer and longer waits.
func (q *Queue) Run(ctx context.Context) {
	wait := firstRetry
	for {
		err := q.drain(ctx)
		if ctx.Err() != nil {
			return
		}
		var retry <-chan time.Time
		if err != nil {
			q.log.Warn("photos wait for their remaining sizes", slog.Any("error", err), slog.Duration("retry", wait))
			retry = time.After(wait)
			wait = min(2*wait, maxRetry)
		} else {
			wait = firstRetry
		}
		select {
		case <-ctx.Done():
			return
		case <-q.wake:
		case <-retry:
		}
	}
}

// drain does what there is to do and returns the errors that may pass.
func (q *Queue) drain(ctx context.Context) error {
	names, err := q.records.Queue(ctx)
	if err != nil {
		return fmt.Errorf("read the queue: %w", err)
	}
	var errs []error
	for _, name := range names {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !q.busy.take(name) {
			continue
		}
		err := q.do(ctx, name)
		q.busy.remove(name)
		if err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// do makes what is missing of one photo and ends its PROCESSING, unless the
// error may pass.
func (q *Queue) do(ctx context.Context, name photo.Name) error {
	p, err := q.records.Get(ctx, name)
	if err != nil {
		return describe(name, "read the record", err)
	}
	if p.GetState() != mediav1.Photo_STATE_PROCESSING {
		return nil
	}
	formats := []pixels.Format{pixels.WebP}
	if photo.Generation(p) != Generation {
		formats = []pixels.Format{pixels.JPEG, pixels.WebP}
	}
	made, err := q.fromOriginal(ctx, p, formats)
	return q.Settle(ctx, name, made, err)
}

// fromOriginal makes renditions from the original in the object store.
func (q *Queue) fromOriginal(ctx context.Context, p *mediav1.Photo, formats []pixels.Format) (Ladder, error) {
	spool, err := blobs.NewSpool(q.spool, q.limit)
	if err != nil {
		return Ladder{}, err
	}
	defer func() { _ = spool.Close() }()
	if err := q.objects.Fetch(ctx, blobs.Original(p.GetSha256()), spool); err != nil {
		return Ladder{}, err
	}
	if spool.SHA256() != p.GetSha256() {
		return Ladder{}, fault.New(faultv1.Reason_REASON_IMAGE_DAMAGED, "the stored original has other bytes than were uploaded")
	}
	return q.maker.Make(ctx, Original{Reader: spool.Reader(), Size: spool.Size(), SHA256: p.GetSha256()}, formats, Steps{})
}

// Settle ends the PROCESSING of a photo after an attempt: READY with the
// renditions there are and those that were made, or FAILED with those there
// are when err is the photo's fault. Any other err is returned, and the photo
// stays in the queue.
func (q *Queue) Settle(ctx context.Context, name photo.Name, made Ladder, err error) error {
	if err != nil && !final(err) && !errors.Is(err, blobs.ErrNotFound) {
		return describe(name, "finish the sizes", err)
	}
	p, getErr := q.records.Get(ctx, name)
	if getErr != nil {
		return describe(name, "read the record", getErr)
	}
	if err != nil {
		q.log.Error("a photo stays without some sizes", slog.String("photo", name.String()), slog.Any("error", err))
		return q.records.Finish(ctx, name, mediav1.Photo_STATE_FAILED, p.GetRenditions())
	}
	return q.records.Finish(ctx, name, mediav1.Photo_STATE_ACTIVE, merge(name, p, made.Made))
}

// merge adds what was made to the renditions of the same generation.
func merge(name photo.Name, p *mediav1.Photo, made []Made) []*mediav1.Rendition {
	all := made
	if photo.Generation(p) == Generation {
		for _, r := range p.GetRenditions() {
			all = append(all, Made{Format: r.GetFormat(), Width: r.GetWidth(), Height: r.GetHeight(), Size: r.GetSizeBytes()})
		}
	}
	return dedupe(Renditions(name, all))
}
