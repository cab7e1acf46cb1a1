package server

import "sync"

// slots are places for work that waits for its caller. One person gets at most
// half of them, so that nobody who sends slowly, or leaves calls open, keeps all
// others from uploading.
type slots struct {
	most int

	mu     sync.Mutex
	taken  int
	people map[string]int
}

func newSlots(most int) *slots { return &slots{most: most, people: make(map[string]int)} }

// take takes a place, which release gives back once. It reports false when
// there is none for the person.
func (s *slots) take(person string) (release func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken == s.most || s.people[person] >= (s.most+1)/2 {
		return nil, false
	}
	s.taken++
	s.people[person]++
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.taken--
		if s.people[person]--; s.people[person] == 0 {
			delete(s.people, person)
		}
	}), true
}
