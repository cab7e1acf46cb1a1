package ladder

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// DefaultLease is how long a photo stays reserved when the instance that works
// on it is gone. The clocks of instances must not differ by more than a third
// of it.
const DefaultLease = 30 * time.Second

// newLease returns a lease that nobody else has, from now on.
func (q *Queue) newLease() photo.Lease {
	return photo.Lease{Holder: rand.Text(), Until: time.Now().Add(q.lease)}
}

// keep asks for more time until stop is called. The context it returns ends
// when the lease was lost, or might be: then another instance may begin.
func (q *Queue) keep(ctx context.Context, name photo.Name, lease photo.Lease) (kept context.Context, stop func()) {
	kept, cancel := context.WithCancelCause(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		expired := time.NewTimer(time.Until(lease.Until))
		defer expired.Stop()
		tick := time.NewTicker(q.lease / 3)
		defer tick.Stop()
		for {
			select {
			case <-kept.Done():
				return
			case <-expired.C:
				cancel(photo.ErrLost)
				return
			case <-tick.C:
			}
			until := time.Now().Add(q.lease)
			switch err := q.records.Extend(kept, name, photo.Lease{Holder: lease.Holder, Until: until}); {
			case err == nil:
				expired.Reset(time.Until(until))
			case errors.Is(err, photo.ErrLost):
				cancel(photo.ErrLost)
				return
			}
		}
	}()
	return kept, func() { cancel(nil); <-ended }
}
