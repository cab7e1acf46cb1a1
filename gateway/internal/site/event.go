package site

import (
	"time"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// eventView is the occasion an article is about.
type eventView struct {
	When     string
	Start    string // for machines
	End      string // for machines; empty when not known
	Place    string
	WhenRest string // the end, when there is one
}

// event returns the view of an event; nil when there is none.
func (t *writer) event(e *articlev1.Event) *eventView {
	if e.GetStartTime() == nil {
		return nil
	}
	start := e.GetStartTime().AsTime().In(t.zone())
	view := &eventView{When: t.lang.DateTime(start), Start: start.Format(time.RFC3339), Place: t.text(e.GetPlace())}
	if e.GetEndTime() == nil {
		return view
	}
	end := e.GetEndTime().AsTime().In(t.zone())
	view.End = end.Format(time.RFC3339)
	if start.Year() == end.Year() && start.YearDay() == end.YearDay() {
		view.WhenRest = "–" + t.lang.Time(end)
	} else {
		view.WhenRest = " – " + t.lang.DateTime(end)
	}
	return view
}
