// Package operations does the long work on the whole archive that operators
// ask for: comparing every object with its record, and making renditions anew.
//
// What is asked, how far it is and what was found stand in one row of the
// store, written together at least every second. So an operation goes on where
// it was, whatever becomes of the process, and one of several instances works
// on it at a time.
package operations

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/cards"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// Records is the part of the store that a Runner needs.
type Records interface {
	ClaimOperation(ctx context.Context, lease photo.Lease, now time.Time) (*recordv1.Operation, error)
	Operation(ctx context.Context, name string) (*recordv1.Operation, error)
	ExtendOperation(ctx context.Context, name string, lease photo.Lease) error
	SaveOperation(ctx context.Context, op *recordv1.Operation, lease photo.Lease) error
	ForgetOperations(ctx context.Context, now time.Time) error
	PhotosAfter(ctx context.Context, site, position string, limit int) ([]*mediav1.Photo, error)
	Count(ctx context.Context, site string) (int64, error)
	Get(ctx context.Context, name photo.Name) (*mediav1.Photo, error)
	Generations(ctx context.Context, sha256 string, now time.Time) (kept []string, exists bool, err error)
	Cards(ctx context.Context, after string, limit int) ([]string, error)
	Card(ctx context.Context, article string) (*recordv1.Card, error)
	LoseCard(ctx context.Context, article string) error
	Enqueue(ctx context.Context, name photo.Name, priority recordv1.Task_Priority, force bool, now time.Time) (bool, error)
}

// Config is what a Runner needs; what is not said to be optional is required.
type Config struct {
	Records Records
	Objects *blobs.Store
	Cards   *cards.Keeper
	// Grace is how old an object must be to count as an orphan.
	Grace time.Duration
	// Lease is how long an operation stays reserved without a sign of life; 0
	// means 30 s.
	Lease time.Duration
	// Enqueued is called when photos were put into the queue; it may be nil.
	Enqueued func()
	Log      *slog.Logger
}

// Runner works on operations, one at a time.
type Runner struct {
	Config

	wake chan struct{}
}

// Times of a Runner.
const (
	defaultLease = 30 * time.Second
	look         = 5 * time.Second
	saveEvery    = time.Second
	pollEvery    = 500 * time.Millisecond
	firstRetry   = 2 * time.Second
	maxRetry     = time.Minute
)

// New returns a Runner that does nothing until Run.
func New(c Config) *Runner {
	c.Lease = cmp.Or(c.Lease, defaultLease)
	if c.Enqueued == nil {
		c.Enqueued = func() {}
	}
	return &Runner{Config: c, wake: make(chan struct{}, 1)}
}

// Wake has the Runner look at once for what there is to do.
func (r *Runner) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run works until the context ends.
func (r *Runner) Run(ctx context.Context) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for ctx.Err() == nil {
		lease := photo.Lease{Holder: rand.Text(), Until: time.Now().Add(r.Lease)}
		op, err := r.Records.ClaimOperation(ctx, lease, time.Now())
		if err == nil && op != nil {
			r.work(ctx, op, lease)
			continue
		}
		if err == nil {
			err = r.Records.ForgetOperations(ctx, time.Now())
		}
		if err != nil && ctx.Err() == nil {
			r.Log.Warn("operations could not be looked for", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
		case <-r.wake:
		case <-tick.C:
		}
	}
}

// errCanceled ends the work on an operation that somebody canceled.
var errCanceled = errors.New("the operation was canceled")

// work does one operation to its end, or until it is lost, canceled or ctx
// ends. What may pass is waited for.
func (r *Runner) work(ctx context.Context, op *recordv1.Operation, lease photo.Lease) {
	kept, stop := r.keep(ctx, op.GetName(), lease)
	defer stop()
	j := &job{Runner: r, op: op, lease: lease}
	if op.GetProgress().GetCancelRequested() {
		r.settle(ctx, j, errCanceled)
		return
	}
	for wait := firstRetry; ; wait = min(2*wait, maxRetry) {
		before := op.GetProgress().GetDoneCount()
		err := j.run(kept)
		if cause := context.Cause(kept); cause != nil {
			err = cause
		}
		if kept.Err() != nil || !passing(err) {
			r.settle(ctx, j, err)
			return
		}
		if op.GetProgress().GetDoneCount() > before {
			wait = firstRetry
		}
		r.Log.Warn("an operation waits", slog.String("operation", op.GetName()), slog.Any("error", err), slog.Duration("retry", wait))
		select {
		case <-kept.Done():
		case <-time.After(wait):
		}
	}
}

// passing reports whether what failed with err may succeed later.
func passing(err error) bool {
	e, ok := fault.Of(err)
	return ok && (e.Kind == fault.KindUnavailable || e.Kind == fault.KindExhausted || e.Kind == fault.KindConflict || e.Kind == fault.KindDeadline)
}

// settle writes down how the work ended.
func (r *Runner) settle(ctx context.Context, j *job, err error) {
	if errors.Is(err, photo.ErrLost) {
		return // it is another's now
	}
	stopping := ctx.Err() != nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if !stopping {
		j.op.Progress.EndTime = timestamppb.Now()
		j.op.Canceled = errors.Is(err, errCanceled)
		if err != nil && !errors.Is(err, errCanceled) {
			j.op.Failure = describe(err)
			r.Log.Error("an operation failed", slog.String("operation", j.op.GetName()), slog.Any("error", err))
		} else {
			r.Log.Info("an operation ended", slog.String("operation", j.op.GetName()), slog.Bool("canceled", err != nil))
		}
	}
	if err := r.Records.SaveOperation(ctx, j.op, photo.Lease{Until: time.Now()}); err != nil {
		r.Log.Warn("the end of an operation was not stored", slog.String("operation", j.op.GetName()), slog.Any("error", err))
	}
}

func describe(err error) string {
	if e, ok := fault.Of(err); ok {
		return e.Message
	}
	return "an internal error; the log of the media service has the facts"
}

// keep asks for more time until stop is called. The context it returns ends
// when the operation was canceled, or the lease was lost or might be.
func (r *Runner) keep(ctx context.Context, name string, lease photo.Lease) (kept context.Context, stop func()) {
	kept, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		until := lease.Until
		extend, listen := time.NewTicker(r.Lease/3), time.NewTicker(pollEvery)
		defer extend.Stop()
		defer listen.Stop()
		for {
			select {
			case <-kept.Done():
				return
			case <-listen.C:
				if op, err := r.Records.Operation(kept, name); err == nil && op.GetProgress().GetCancelRequested() {
					cancel(errCanceled)
				}
			case <-extend.C:
				next := photo.Lease{Holder: lease.Holder, Until: time.Now().Add(r.Lease)}
				err := r.Records.ExtendOperation(kept, name, next)
				if err == nil {
					until = next.Until
				}
				if errors.Is(err, photo.ErrLost) || time.Now().After(until) {
					cancel(photo.ErrLost)
				}
			}
		}
	}()
	return kept, func() { cancel(nil); <-done }
}
