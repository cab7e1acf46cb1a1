package ladder

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// look is how often the store is asked what is due; other instances put work
// there too.
const look = 5 * time.Second

// Records is the part of the store that a Queue needs.
type Records interface {
	Take(ctx context.Context, lease photo.Lease, now time.Time) (work *photo.Work, next time.Time, err error)
	Extend(ctx context.Context, name photo.Name, lease photo.Lease) error
	Deliver(ctx context.Context, name photo.Name, holder string, made []*mediav1.Rendition, now time.Time) error
	Return(ctx context.Context, name photo.Name, holder string, outcome photo.Outcome, now time.Time) error
	Enqueue(ctx context.Context, name photo.Name, priority recordv1.Task_Priority, force bool, now time.Time) (bool, error)
	Walk(ctx context.Context, site string) iter.Seq2[*mediav1.Photo, error]
}

// QueueConfig is what a Queue needs; what is not said to be optional is
// required.
type QueueConfig struct {
	Maker   *Maker
	Objects *blobs.Store
	Records Records
	// SpoolDir takes originals while they are decoded.
	SpoolDir string
	// MaxBytes is the largest original.
	MaxBytes int64
	// Lanes is how many photos are worked on at once besides uploads; 0 means
	// one.
	Lanes int
	// Lease is how long a photo stays reserved without a sign of life; 0 means
	// DefaultLease.
	Lease time.Duration
	Log   *slog.Logger
}

// Queue makes the renditions that the store says are wanted. Of several over
// one store each photo is worked on by one at a time.
type Queue struct {
	maker   *Maker
	objects *blobs.Store
	records Records
	spool   string
	limit   int64
	lanes   int
	lease   time.Duration
	log     *slog.Logger
	wake    chan struct{}
}

// NewQueue returns a Queue that does nothing until Run.
func NewQueue(c QueueConfig) *Queue {
	lanes := max(1, c.Lanes)
	return &Queue{
		maker: c.Maker, objects: c.Objects, records: c.Records, spool: c.SpoolDir, limit: c.MaxBytes,
		lanes: lanes, lease: cmp.Or(c.Lease, DefaultLease), log: c.Log, wake: make(chan struct{}, lanes),
	}
}

// Wake has the queue look at once for what is due.
func (q *Queue) Wake() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Enqueue wants the renditions of a photo that are missing, with force all of
// them, and reports whether there are any. It fails with RESOURCE_NOT_FOUND.
func (q *Queue) Enqueue(ctx context.Context, name photo.Name, priority recordv1.Task_Priority, force bool) (bool, error) {
	wanted, err := q.records.Enqueue(ctx, name, priority, force, time.Now())
	if wanted {
		q.Wake()
	}
	return wanted, err
}

// Run works until the context ends.
func (q *Queue) Run(ctx context.Context) {
	var lanes sync.WaitGroup
	lanes.Go(func() { q.catchUp(ctx) })
	for range q.lanes {
		lanes.Go(func() { q.lane(ctx) })
	}
	lanes.Wait()
}

// catchUp wants anew what was made with other settings, after everything else.
func (q *Queue) catchUp(ctx context.Context) {
	n := 0
	for p, err := range q.records.Walk(ctx, "-") {
		if err == nil && photo.OfOldSettings(p) {
			n++
			err = q.renew(ctx, p)
		}
		if err != nil && ctx.Err() == nil {
			q.log.Error("photos of older settings were not found", slog.Any("error", err))
		}
	}
	if n > 0 {
		q.log.Info("photos of older settings are made anew in the background", slog.Int("photos", n))
	}
}

func (q *Queue) renew(ctx context.Context, p *mediav1.Photo) error {
	name, err := photo.ParseName("name", p.GetName())
	if err == nil {
		_, err = q.Enqueue(ctx, name, recordv1.Task_PRIORITY_BACKGROUND, false)
	}
	return err
}

// lane does what is due, one photo after the other.
func (q *Queue) lane(ctx context.Context) {
	for ctx.Err() == nil {
		lease := q.newLease()
		work, next, err := q.records.Take(ctx, lease, time.Now())
		if work != nil {
			q.do(ctx, work, lease)
			continue
		}
		wait := look
		if err != nil && ctx.Err() == nil {
			q.log.Warn("what is due could not be read", slog.Any("error", err))
		} else if !next.IsZero() {
			wait = min(look, max(0, time.Until(next)))
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-q.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// do makes what is wanted of one photo.
func (q *Queue) do(ctx context.Context, work *photo.Work, lease photo.Lease) {
	if work.Attempt > maxLosses {
		q.settle(ctx, work.Name, lease, work.Attempt, errors.New("the service ended each time it worked on the photo"))
		return
	}
	kept, stop := q.keep(ctx, work.Name, lease)
	err := q.fromOriginal(kept, work, lease)
	err = cmp.Or(lostOf(kept), err)
	stop()
	q.settle(ctx, work.Name, lease, work.Attempt, err)
}

// lostOf returns photo.ErrLost when that is why the context ended.
func lostOf(kept context.Context) error {
	if errors.Is(context.Cause(kept), photo.ErrLost) {
		return photo.ErrLost
	}
	return nil
}

// errOtherBytes says that the object store has something else for an original.
var errOtherBytes = errors.New("other bytes than were uploaded")

// fromOriginal makes renditions from the original in the object store.
func (q *Queue) fromOriginal(ctx context.Context, work *photo.Work, lease photo.Lease) error {
	spool, err := blobs.NewSpool(q.spool, q.limit)
	if err != nil {
		return err
	}
	defer func() { _ = spool.Close() }()
	if err := q.objects.Fetch(ctx, blobs.Original(work.Photo.GetSha256()), spool); err != nil {
		return err
	}
	if spool.SHA256() != work.Photo.GetSha256() {
		return fault.Wrap(errOtherBytes, faultv1.Reason_REASON_IMAGE_DAMAGED, "the stored original has other bytes than were uploaded")
	}
	// A photo that never had a focal point is cut around the middle, as its
	// record says.
	work.Photo.FocalPoint = photo.Focus(work.Photo)
	return q.maker.Make(ctx, spool, work.Photo, work.Parts, Steps{Made: q.deliver(ctx, work.Name, lease)})
}

// deliver returns a step that shows what was made.
func (q *Queue) deliver(ctx context.Context, name photo.Name, lease photo.Lease) func([]*mediav1.Rendition) error {
	return func(made []*mediav1.Rendition) error {
		return q.records.Deliver(ctx, name, lease.Holder, made, time.Now())
	}
}

// settle gives the lease back after an attempt, if something is still wanted.
func (q *Queue) settle(ctx context.Context, name photo.Name, lease photo.Lease, attempt int32, err error) {
	// Also when the work was cancelled the record has to be written.
	stopping := ctx.Err() != nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	var outcome photo.Outcome
	if err != nil && !stopping && !errors.Is(err, photo.ErrLost) {
		outcome = q.outcome(name, attempt, err)
	}
	if err := q.records.Return(ctx, name, lease.Holder, outcome, time.Now()); err != nil {
		q.log.Warn("a photo stays reserved for a while", slog.String("photo", name.String()), slog.Any("error", err))
	}
	q.Wake()
}

// outcome decides about the next attempt.
func (q *Queue) outcome(name photo.Name, attempt int32, err error) photo.Outcome {
	outcome := photo.Outcome{Failure: describe(err)}
	verdict := judge(err)
	if verdict == never || verdict == again && attempt >= maxAttempts {
		q.log.Error("a photo stays without some sizes", slog.String("photo", name.String()), slog.Any("error", err))
		return outcome
	}
	wait := backoff(attempt)
	outcome.Retry = time.Now().Add(wait)
	q.log.Warn("a photo waits for its remaining sizes",
		slog.String("photo", name.String()), slog.Any("error", err), slog.Duration("retry", wait))
	return outcome
}

// describe says in at most 300 bytes why an attempt failed.
func describe(err error) string {
	const enough = 300
	text := fmt.Sprint(err)
	if e, ok := fault.Of(err); ok {
		text = e.Message
	}
	return strings.ToValidUTF8(text[:min(len(text), enough)], "")
}
