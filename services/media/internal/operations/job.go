package operations

import (
	"context"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

const (
	// page is how many photos are read at a time.
	page = 20
	// window is how many photos may wait in the queue because of one
	// operation, so that it can be stopped and says how far it is.
	window = 16
)

// job is an operation in work.
type job struct {
	*Runner

	op    *recordv1.Operation
	lease photo.Lease
	saved time.Time
}

// run does what is left to do.
func (j *job) run(ctx context.Context) error {
	each, site, err := j.task()
	if err != nil {
		return err
	}
	if j.op.GetProgress().GetTotalCount() == 0 {
		if j.op.Progress.TotalCount, err = j.Records.Count(ctx, site); err != nil {
			return err
		}
	}
	if err := j.photos(ctx, site, each); err != nil {
		return err
	}
	if j.op.GetVerify() != nil {
		if err := j.cards(ctx, site); err != nil {
			return err
		}
	}
	if j.op.GetVerify() != nil && site == "-" {
		if err := j.orphans(ctx); err != nil {
			return err
		}
	}
	return j.await(ctx, 0)
}

// task returns what is to be done with each photo of which site.
func (j *job) task() (each func(context.Context, photo.Name, *mediav1.Photo) error, site string, err error) {
	parent := j.op.GetVerify().GetParent()
	each = j.verify
	if r := j.op.GetReprocess(); r != nil {
		parent = r.GetParent()
		if each, err = j.reprocess(r); err != nil {
			return nil, "", err
		}
	}
	return each, strings.TrimPrefix(parent, "sites/"), nil
}

// photos does each photo behind the position.
func (j *job) photos(ctx context.Context, site string, each func(context.Context, photo.Name, *mediav1.Photo) error) error {
	for !j.op.GetPhotosDone() {
		batch, err := j.Records.PhotosAfter(ctx, site, j.op.GetPhotoPosition(), page)
		if err != nil {
			return err
		}
		for _, p := range batch {
			name, err := photo.ParseName("name", p.GetName())
			if err != nil {
				return err
			}
			pending := len(j.op.GetPending())
			if err := each(ctx, name, p); err != nil {
				return err
			}
			j.op.PhotoPosition = name.Site + "/" + name.ID
			j.op.Progress.DoneCount++
			// What is in the queue must be waited for also after a restart.
			if err := j.save(ctx, len(j.op.GetPending()) > pending); err != nil {
				return err
			}
			if err := j.await(ctx, window); err != nil {
				return err
			}
		}
		j.op.PhotosDone = len(batch) < page
	}
	return nil
}

// save stores how far the job is, with now at once, else when it was not for a
// while.
func (j *job) save(ctx context.Context, now bool) error {
	if !now && time.Since(j.saved) < saveEvery {
		return nil
	}
	j.saved = time.Now()
	j.op.Progress.UpdateTime = timestamppb.New(j.saved)
	return j.Records.SaveOperation(ctx, j.op, photo.Lease{Holder: j.lease.Holder, Until: j.saved.Add(j.Lease)})
}

// enqueue wants renditions of a photo, and waits for it later if there are any
// to make.
func (j *job) enqueue(ctx context.Context, name photo.Name, priority recordv1.Task_Priority, force bool) error {
	wanted, err := j.Records.Enqueue(ctx, name, priority, force, time.Now())
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return nil // it was removed meanwhile
	}
	if err != nil {
		return err
	}
	if wanted && !slices.Contains(j.op.GetPending(), name.String()) {
		j.op.Pending = append(j.op.Pending, name.String())
		j.Enqueued()
	}
	return nil
}

// await returns when at most so many photos are waiting in the queue. It counts
// those that do not any more.
func (j *job) await(ctx context.Context, most int) error {
	for {
		if err := j.collect(ctx); err != nil {
			return err
		}
		if len(j.op.GetPending()) <= most {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pollEvery):
		}
		if err := j.save(ctx, false); err != nil {
			return err
		}
	}
}

// collect counts the photos that the queue is done with.
func (j *job) collect(ctx context.Context) error {
	var waiting []string
	for i, name := range j.op.GetPending() {
		made, settled, err := j.settled(ctx, name)
		if err != nil {
			j.op.Pending = append(waiting, j.op.GetPending()[i:]...)
			return err
		}
		if !settled {
			waiting = append(waiting, name)
			continue
		}
		j.count(name, made)
	}
	j.op.Pending = waiting
	return nil
}

// settled reports whether the queue is done with a photo, and whether it could
// make what was wanted.
func (j *job) settled(ctx context.Context, full string) (made, settled bool, err error) {
	name, err := photo.ParseName("name", full)
	if err != nil {
		return false, false, err
	}
	p, err := j.Records.Get(ctx, name)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return false, true, nil
	}
	if err != nil {
		return false, false, err
	}
	made = p.GetState() != mediav1.Photo_STATE_WITHDRAWN
	for _, status := range p.GetFormatStatuses() {
		switch status.GetState() {
		case mediav1.FormatStatus_STATE_PROCESSING:
			return false, p.GetState() == mediav1.Photo_STATE_WITHDRAWN, nil
		case mediav1.FormatStatus_STATE_FAILED:
			made = false
		case mediav1.FormatStatus_STATE_READY, mediav1.FormatStatus_STATE_UNSPECIFIED:
		}
	}
	return made, true, nil
}

// count says in the result that the queue is done with a photo.
func (j *job) count(name string, made bool) {
	switch redone := j.op.GetRedone(); {
	case redone != nil && made:
		redone.ReprocessedCount++
	case redone != nil:
		redone.FailedCount++
	case made:
		j.op.Found.RepairedCount++
		for _, problem := range j.op.GetFound().GetProblems() {
			if problem.GetPhoto() == name && repairable(problem) {
				problem.Repaired = true
			}
		}
	}
}
