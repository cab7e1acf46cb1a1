package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// priorities are those of tasks, the first served first.
func priorities() []recordv1.Task_Priority {
	return []recordv1.Task_Priority{
		recordv1.Task_PRIORITY_UPLOAD, recordv1.Task_PRIORITY_EDIT, recordv1.Task_PRIORITY_BACKGROUND,
	}
}

// Enqueue wants the renditions of a photo that are missing, with force all of
// them, and reports whether there are any; an attempt that is under way goes
// on. A photo of older settings is wanted with the present ones. It fails with
// RESOURCE_NOT_FOUND.
func (s *Store) Enqueue(ctx context.Context, name photo.Name, priority recordv1.Task_Priority, force bool, now time.Time) (bool, error) {
	any := false
	err := s.update(ctx, func(tx kv.Tx) error {
		p, err := getPhoto(tx, name)
		if err != nil {
			return err
		}
		if photo.OfOldSettings(p) {
			p.Generation = photo.WantedGeneration(p)
		}
		parts := photo.Missing(p)
		if force {
			parts = photo.Parts()
		}
		if any = len(parts) > 0 && p.GetState() != mediav1.Photo_STATE_WITHDRAWN; !any {
			return nil
		}
		if err := want(tx, name, p, parts, priority, now); err != nil {
			return err
		}
		return putPhoto(tx, name, p, refUpdated)
	})
	return any, err
}

// firstTask wants the renditions that a new photo does not have.
func firstTask(tx kv.Tx, name photo.Name, p *mediav1.Photo, lease photo.Lease, now time.Time) error {
	if p.GetGeneration() == "" {
		p.Generation = photo.WantedGeneration(p)
	}
	task := &recordv1.Task{
		Priority: recordv1.Task_PRIORITY_UPLOAD, Parts: recordsOf(photo.Missing(p)), NextAttemptTime: timestamppb.New(now),
	}
	if lease.Holder != "" {
		task.Holder, task.LeaseExpireTime, task.AttemptCount = lease.Holder, timestamppb.New(lease.Until), 1
	}
	photo.Progress{Wanted: photo.Missing(p), Attempts: task.GetAttemptCount()}.Show(p)
	if len(task.GetParts()) == 0 {
		return nil
	}
	return putTask(tx, name, nil, task)
}

// want puts parts of p into its task, from now on and with a fresh count of
// attempts, and shows that in p, which the caller stores.
func want(tx kv.Tx, name photo.Name, p *mediav1.Photo, parts []photo.Part, priority recordv1.Task_Priority, now time.Time) error {
	old, err := getTask(tx, name)
	if err != nil {
		return err
	}
	task := &recordv1.Task{Priority: priority}
	if old != nil {
		task = proto.CloneOf(old)
		if old.GetPriority() == 0 || priority < old.GetPriority() {
			task.Priority = priority
		}
		parts = union(partsOf(old), parts)
	}
	task.Parts, task.AttemptCount, task.NextAttemptTime = recordsOf(parts), 0, timestamppb.New(now)
	photo.Progress{Wanted: parts}.Show(p)
	return putTask(tx, name, old, task)
}

// follow wants anew what an edit changes in the renditions of p, which the
// caller stores.
func follow(tx kv.Tx, name photo.Name, p, before *mediav1.Photo, now time.Time) error {
	if !photo.Renew(p, before) || p.GetState() == mediav1.Photo_STATE_WITHDRAWN {
		return nil
	}
	return want(tx, name, p, photo.Missing(p), recordv1.Task_PRIORITY_EDIT, now)
}

// union returns the parts that are in a or b, in the order they are made.
func union(a, b []photo.Part) []photo.Part {
	in := make(map[photo.Part]bool)
	for _, part := range append(a, b...) {
		in[part] = true
	}
	var all []photo.Part
	for _, part := range photo.Parts() {
		if in[part] {
			all = append(all, part)
		}
	}
	return all
}

func partsOf(task *recordv1.Task) []photo.Part {
	parts := make([]photo.Part, len(task.GetParts()))
	for i, part := range task.GetParts() {
		parts[i] = photo.Part{Format: part.GetFormat(), Cut: part.GetCut()}
	}
	return parts
}

func recordsOf(parts []photo.Part) []*recordv1.Task_Part {
	records := make([]*recordv1.Task_Part, len(parts))
	for i, part := range parts {
		records[i] = &recordv1.Task_Part{Format: part.Format, Cut: part.Cut}
	}
	return records
}

// getTask returns the task of a photo, nil when it has none.
func getTask(r kv.Reader, name photo.Name) (*recordv1.Task, error) {
	data, err := r.Get(taskKey(name))
	if errors.Is(err, kv.ErrNotFound) {
		return nil, nil //nolint:nilnil // no task is no error
	}
	if err != nil {
		return nil, err
	}
	task := &recordv1.Task{}
	if err := proto.Unmarshal(data, task); err != nil {
		return nil, fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED,
			"the task of %s cannot be read; the operator must restore the store from a copy", name)
	}
	return task, nil
}

// putTask replaces the task old, nil for none, by task, nil for none, and with
// it the row that says when it is due.
func putTask(tx kv.Tx, name photo.Name, old, task *recordv1.Task) error {
	if old != nil {
		if err := tx.Delete(turnKey(name, old)); err != nil {
			return err
		}
	}
	if task == nil {
		return tx.Delete(taskKey(name))
	}
	data, err := proto.Marshal(task)
	if err != nil {
		return fmt.Errorf("encode the task of %s: %w", name, err)
	}
	if err := tx.Put(turnKey(name, task), nil); err != nil {
		return err
	}
	return tx.Put(taskKey(name), data)
}

// dropTask ends what is wanted of a photo.
func dropTask(tx kv.Tx, name photo.Name) error {
	old, err := getTask(tx, name)
	if err != nil || old == nil {
		return err
	}
	return putTask(tx, name, old, nil)
}

// turnOf returns when a task may be taken: when its lease ends, or its next
// attempt begins.
func turnOf(task *recordv1.Task) time.Time {
	if task.GetHolder() != "" {
		return task.GetLeaseExpireTime().AsTime()
	}
	return task.GetNextAttemptTime().AsTime()
}

func turnKey(name photo.Name, task *recordv1.Task) []byte {
	return fmt.Appendf(nil, "%s%016x/%s/%s", turns(task.GetPriority()), max(0, turnOf(task).UnixMicro()), name.Site, name.ID)
}

// turns is the beginning of the keys of a priority.
func turns(priority recordv1.Task_Priority) string {
	return fmt.Sprintf("%s%d/", turnPrefix, priority)
}

// parseTurn returns what is in a key of turnKey.
func parseTurn(key []byte) (at time.Time, name photo.Name, err error) {
	// d/{priority}/{time}/{site}/{photo}
	parts := strings.Split(string(key), "/")
	if len(parts) != 5 {
		return time.Time{}, photo.Name{}, kvrecord.UnexpectedKey(key)
	}
	var micros int64
	if _, err := fmt.Sscanf(parts[2], "%x", &micros); err != nil {
		return time.Time{}, photo.Name{}, kvrecord.UnexpectedKey(key)
	}
	return time.UnixMicro(micros), photo.Name{Site: parts[3], ID: parts[4]}, nil
}
