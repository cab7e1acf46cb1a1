package hub

import "sort"

// ring is a queue of events that drops the oldest ones. Positions count events
// from the first there ever was.
type ring struct {
	maxEvents, maxBytes int

	events []*Event
	first  uint64 // position of events[0]
	bytes  int
	floor  uint64 // what happened up to this version may be gone
}

// add appends an event and drops what is too much, but never the newest.
func (r *ring) add(e *Event) {
	r.events = append(r.events, e)
	r.bytes += len(e.Frame)
	for len(r.events) > 1 && (len(r.events) > r.maxEvents || r.bytes > r.maxBytes) {
		oldest := r.events[0]
		r.events[0] = nil
		r.events = r.events[1:]
		r.first++
		r.bytes -= len(oldest.Frame)
		r.floor = oldest.told.Version
	}
}

// seek returns the position of the first event after the version.
func (r *ring) seek(version uint64) uint64 {
	i := sort.Search(len(r.events), func(i int) bool { return r.events[i].told.Version > version })
	return r.first + uint64(i) //nolint:gosec // an index
}

// get returns the event at a position, nil when it has not come yet, and
// errBehind when it is gone.
func (r *ring) get(at uint64) (*Event, error) {
	switch i := at - r.first; {
	case at < r.first:
		return nil, errBehind
	case i < uint64(len(r.events)):
		return r.events[i], nil
	}
	return nil, nil
}
