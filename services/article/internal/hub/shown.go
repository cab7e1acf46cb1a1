package hub

import "github.com/skaitykla/skaitykla/services/article/internal/article"

// shown is up to where a watcher may have seen articles already. The feed read
// some of them earlier than he did; those events are encoded again for him, so
// that nothing goes back to an older state.
type shown struct {
	all    uint64                  // any article
	names  map[article.Name]uint64 // some articles, further than that
	newest uint64                  // of all and names
}

// everything notes that articles were seen as of the version.
func (s *shown) everything(version uint64) {
	s.all, s.names, s.newest = version, nil, version
}

// one notes that an article was seen as of the version.
func (s *shown) one(n article.Name, version uint64) {
	if s.names == nil {
		s.names = make(map[article.Name]uint64)
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
