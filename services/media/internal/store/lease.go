package store

import (
	"context"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// sweeping is how long a task waits whose objects are just being removed.
const sweeping = 2 * time.Second

// Take leases the most urgent task that is due, one whose lease has expired
// included, and returns it; nil when none is, and then when the next one will
// be, the zero time when there is none at all.
func (s *Store) Take(ctx context.Context, lease photo.Lease, now time.Time) (work *photo.Work, next time.Time, err error) {
	for {
		var found bool
		err := s.view(ctx, func(r kv.Reader) (err error) {
			var row []byte
			row, next, err = nextTurn(r, now)
			found = row != nil
			return err
		})
		if err != nil || !found {
			return nil, next, err
		}
		err = s.update(ctx, func(tx kv.Tx) error {
			work = nil
			row, _, err := nextTurn(tx, now)
			if err != nil || row == nil {
				return err
			}
			work, err = take(tx, row, lease, now)
			return err
		})
		if err != nil || work != nil {
			return work, time.Time{}, err
		}
	}
}

// nextTurn returns the row of the most urgent task that is due, or else when one
// will be.
func nextTurn(r kv.Reader, now time.Time) (row []byte, next time.Time, err error) {
	for _, priority := range priorities() {
		first := kv.Prefix([]byte(turns(priority)))
		first.Limit = 1
		for entry, err := range r.Scan(first) {
			if err != nil {
				return nil, time.Time{}, err
			}
			at, _, err := parseTurn(entry.Key)
			if err != nil || !at.After(now) {
				return entry.Key, time.Time{}, err
			}
			if next.IsZero() || at.Before(next) {
				next = at
			}
		}
	}
	return nil, next, nil
}

// take leases the task of a row that is due. It returns nil when that is not to
// be done now, or not any more.
func take(tx kv.Tx, row []byte, lease photo.Lease, now time.Time) (*photo.Work, error) {
	_, name, err := parseTurn(row)
	if err != nil {
		return nil, err
	}
	old, err := getTask(tx, name)
	if err != nil {
		return nil, err
	}
	if old == nil {
		return nil, tx.Delete(row)
	}
	p, err := getPhoto(tx, name)
	if err != nil && !fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return nil, err
	}
	if p == nil || p.GetState() == mediav1.Photo_STATE_WITHDRAWN || len(old.GetParts()) == 0 {
		return nil, putTask(tx, name, old, nil)
	}
	task := proto.CloneOf(old)
	removing, err := marked(tx, condemnedKey(p.GetSha256()), now)
	if err != nil {
		return nil, err
	}
	if removing {
		task.Holder, task.NextAttemptTime = "", timestamppb.New(now.Add(sweeping))
		return nil, putTask(tx, name, old, task)
	}
	task.Holder, task.LeaseExpireTime = lease.Holder, timestamppb.New(lease.Until)
	task.AttemptCount++
	if err := putTask(tx, name, old, task); err != nil {
		return nil, err
	}
	return &photo.Work{Name: name, Photo: p, Parts: partsOf(task), Attempt: task.GetAttemptCount()}, nil
}

// Extend gives the holder more time. It fails with photo.ErrLost.
func (s *Store) Extend(ctx context.Context, name photo.Name, lease photo.Lease) error {
	return s.update(ctx, func(tx kv.Tx) error {
		old, err := held(tx, name, lease.Holder)
		if err != nil {
			return err
		}
		task := proto.CloneOf(old)
		task.LeaseExpireTime = timestamppb.New(lease.Until)
		return putTask(tx, name, old, task)
	})
}

// held returns the task that the holder has the lease of, or photo.ErrLost.
func held(r kv.Reader, name photo.Name, holder string) (*recordv1.Task, error) {
	task, err := getTask(r, name)
	if err == nil && task.GetHolder() != holder {
		err = photo.ErrLost
	}
	return task, err
}

// Deliver shows renditions that the holder made and ends what was wanted with
// them. Parts that nobody wants any more, or not in the generation they were
// made in, are left out. It fails with photo.ErrLost.
func (s *Store) Deliver(ctx context.Context, name photo.Name, holder string, made []*mediav1.Rendition, now time.Time) error {
	return s.update(ctx, func(tx kv.Tx) error {
		old, err := held(tx, name, holder)
		if err != nil {
			return err
		}
		p, err := getPhoto(tx, name)
		if err != nil {
			return err
		}
		if p.GetState() == mediav1.Photo_STATE_WITHDRAWN {
			return photo.ErrLost
		}
		shown, rest := accept(p, partsOf(old), made)
		if len(shown) == 0 {
			return nil
		}
		if err := retire(tx, name, photo.Swap(p, shown), now); err != nil {
			return err
		}
		photo.Progress{Wanted: rest, Attempts: old.GetAttemptCount()}.Show(p)
		var task *recordv1.Task
		if len(rest) > 0 {
			task = proto.CloneOf(old)
			task.Parts = recordsOf(rest)
		}
		if err := putTask(tx, name, old, task); err != nil {
			return err
		}
		return putPhoto(tx, name, p, refUpdated)
	})
}

// accept returns what was made of the wanted parts, and the parts that are
// still wanted then.
func accept(p *mediav1.Photo, wanted []photo.Part, made []*mediav1.Rendition) (shown []*mediav1.Rendition, rest []photo.Part) {
	for _, part := range wanted {
		n := len(shown)
		for _, r := range made {
			if a, ok := photo.AddressOf(r); ok && photo.PartOf(r) == part && a.Generation == part.Generation(p) {
				shown = append(shown, r)
			}
		}
		if len(shown) == n {
			rest = append(rest, part)
		}
	}
	return shown, rest
}

// Return gives back the lease of a task of which something is still wanted. It
// does nothing when the lease was lost.
func (s *Store) Return(ctx context.Context, name photo.Name, holder string, outcome photo.Outcome, now time.Time) error {
	return s.update(ctx, func(tx kv.Tx) error {
		old, err := getTask(tx, name)
		if err != nil || old.GetHolder() != holder {
			return err
		}
		task := proto.CloneOf(old)
		task.Holder, task.LeaseExpireTime, task.NextAttemptTime = "", nil, timestamppb.New(outcome.Retry)
		if outcome.Failure == "" {
			task.AttemptCount, task.NextAttemptTime = max(0, task.GetAttemptCount()-1), timestamppb.New(now)
			return putTask(tx, name, old, task)
		}
		p, err := getPhoto(tx, name)
		if err != nil {
			return err
		}
		progress := photo.Progress{Wanted: partsOf(old), Attempts: old.GetAttemptCount(), Failure: outcome.Failure}
		if outcome.Retry.IsZero() {
			task, progress.GivenUp = nil, true
		}
		progress.Show(p)
		if err := putTask(tx, name, old, task); err != nil {
			return err
		}
		return putPhoto(tx, name, p, refUpdated)
	})
}
