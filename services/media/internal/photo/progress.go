package photo

import (
	"slices"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// Progress is how far the renditions of a photo are.
type Progress struct {
	// Wanted are the parts that are not there, or are to be made anew.
	Wanted []Part
	// Attempts is how many attempts to make them were begun.
	Attempts int32
	// Failure is why the last one failed, empty when none did.
	Failure string
	// GivenUp says that there will be no other attempt.
	GivenUp bool
}

// Show writes the progress into p: its status by format and, unless it was
// deleted or withdrawn, its state.
func (g Progress) Show(p *mediav1.Photo) {
	statuses := make([]*mediav1.FormatStatus, 0, len(Formats()))
	for _, f := range Formats() {
		status := &mediav1.FormatStatus{Format: f, State: mediav1.FormatStatus_STATE_READY}
		switch {
		case slices.ContainsFunc(g.Wanted, func(part Part) bool { return part.Format == f }):
			status.State, status.AttemptCount, status.Failure = mediav1.FormatStatus_STATE_PROCESSING, g.Attempts, g.Failure
			if g.GivenUp {
				status.State = mediav1.FormatStatus_STATE_FAILED
			}
		case StatusOf(p, f).GetState() == mediav1.FormatStatus_STATE_READY:
			status.AttemptCount = StatusOf(p, f).GetAttemptCount()
		default:
			status.AttemptCount = g.Attempts
		}
		statuses = append(statuses, status)
	}
	p.FormatStatuses = statuses
	if p.GetState() != mediav1.Photo_STATE_DELETED && p.GetState() != mediav1.Photo_STATE_WITHDRAWN {
		p.State = StateOf(p)
	}
}

// StatusOf returns the status of a format, nil when p tells none.
func StatusOf(p *mediav1.Photo, f mediav1.Rendition_Format) *mediav1.FormatStatus {
	for _, status := range p.GetFormatStatuses() {
		if status.GetFormat() == f {
			return status
		}
	}
	return nil
}

// StateOf returns the state that follows from the status of each format:
// PROCESSING while any is, else FAILED when any is, else ACTIVE.
func StateOf(p *mediav1.Photo) mediav1.Photo_State {
	state := mediav1.Photo_STATE_ACTIVE
	for _, status := range p.GetFormatStatuses() {
		switch status.GetState() {
		case mediav1.FormatStatus_STATE_PROCESSING, mediav1.FormatStatus_STATE_UNSPECIFIED:
			return mediav1.Photo_STATE_PROCESSING
		case mediav1.FormatStatus_STATE_FAILED:
			state = mediav1.Photo_STATE_FAILED
		case mediav1.FormatStatus_STATE_READY:
		}
	}
	return state
}
