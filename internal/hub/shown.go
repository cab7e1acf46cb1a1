package hub

// shown is up to where a watcher may have seen resources already. The feed read
// some of them earlier than he did; those events are encoded again for him, so
// that nothing goes back to an older state.
type shown struct {
	all    uint64          // any resource
	names  map[Name]uint64 // some resources, further than that
	newest uint64          // of all and names
}

// everything notes that resources were seen as of the version.
func (s *shown) everything(version uint64) {
	s.all, s.names, s.newest = version, nil, version
}

// one notes that a resource was seen as of the version.
func (s *shown) one(n Name, version uint64) {
	if s.names == nil {
		s.names = make(map[Name]uint64)
	}
	s.names[n] = version
	s.newest = max(s.newest, version)
}

// beyond reports whether the watcher may have seen a newer state than the event
// has.
func (s *shown) beyond(e *Event) bool {
	if e.asOf >= s.newest {
		// And so will be all events that follow.
		s.names = nil
		return false
	}
	return e.asOf < s.all || e.asOf < s.names[e.told.Name]
}
