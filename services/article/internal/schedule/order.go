package schedule

import (
	"cmp"
	"time"

	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// Outdone returns which of the schedules of one article that wait have nothing
// left to do at a time: all whose time has come but the last one. What was to be
// at nine no longer matters when it is ten and something else was to be then,
// whether the machine was off at nine or the check held it back.
func Outdone(items []article.ScheduleItem, now time.Time) []article.ScheduleItem {
	var outdone []article.ScheduleItem
	var last *article.ScheduleItem
	for i := range items {
		item := &items[i]
		if item.Record == nil || !article.Waits(item.Record) || now.Before(fireOf(*item)) {
			continue
		}
		switch {
		case last == nil:
			last = item
		case before(*item, *last):
			outdone = append(outdone, *item)
		default:
			outdone = append(outdone, *last)
			last = item
		}
	}
	return outdone
}

// before reports whether a stands before b: by its time; of one time by when it
// was made.
func before(a, b article.ScheduleItem) bool {
	made := func(i article.ScheduleItem) time.Time { return i.Record.GetSchedule().GetCreateTime().AsTime() }
	return cmp.Or(fireOf(a).Compare(fireOf(b)), made(a).Compare(made(b)), cmp.Compare(a.Name.ID, b.Name.ID)) < 0
}

func fireOf(i article.ScheduleItem) time.Time { return i.Record.GetSchedule().GetFireTime().AsTime() }
