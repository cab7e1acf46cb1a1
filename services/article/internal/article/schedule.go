package article

import (
	"fmt"
	"strings"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// MaxPending is how many schedules of an article may wait for their time.
const MaxPending = 20

// ScheduleName names a schedule.
type ScheduleName struct {
	Article Name
	ID      string
}

// ParseSchedule reads "sites/{site}/articles/{article}/schedules/{schedule}".
// It fails with INVALID_FIELD on the field called field.
func ParseSchedule(field, name string) (ScheduleName, error) {
	parent, id, ok := strings.Cut(name, "/schedules/")
	n, err := ParseName(field, parent)
	if !ok || err != nil || !ValidID(id) {
		return ScheduleName{}, fault.InvalidField(field,
			"%q is not a name like sites/my-library/articles/my-article/schedules/my-schedule", clip(name))
	}
	return ScheduleName{Article: n, ID: id}, nil
}

// String returns the resource name.
func (n ScheduleName) String() string { return n.Article.String() + "/schedules/" + n.ID }

// ScheduleEtag returns the etag of a state of a schedule.
func ScheduleEtag(r *recordv1.Schedule) string {
	return fmt.Sprintf("s%d-%s", r.GetVersion(), sixOf(r.GetSchedule().GetUid()))
}

// Waits reports whether a schedule is still to be done: it is PENDING or HELD.
func Waits(r *recordv1.Schedule) bool {
	state := r.GetSchedule().GetState()
	return state == articlev1.Schedule_STATE_PENDING || state == articlev1.Schedule_STATE_HELD
}

// ScheduleWrite is one write of a schedule.
type ScheduleWrite struct {
	// Name is the schedule.
	Name ScheduleName
	// Before is the record the write was made for; nil to create.
	Before *recordv1.Schedule
	// After is the record to store, whose version is set by the store; nil to
	// delete.
	After *recordv1.Schedule
}

// ScheduleItem is one schedule as it is read.
type ScheduleItem struct {
	Name   ScheduleName
	Record *recordv1.Schedule
	// Position is where it stands in a list.
	Position []byte
	// Touched says of one that is HELD whether its article, or a photo of it, was
	// written since it was tried. Only what is due says it.
	Touched bool
	// Err says why Record could not be read; it is nil then.
	Err error
}

// Stir is what the feed tells about the work of schedules: articles that were
// written, and whether a schedule was.
type Stir struct {
	Articles  []Name
	Schedules bool
}
