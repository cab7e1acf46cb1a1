package scheduler

import (
	"slices"

	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// looks notes which photos an attempt is going to look at. What was heard of
// them before is seen by it.
func (s *Scheduler) looks(n article.ScheduleName, photos []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.mended, n)
	if len(photos) > 0 {
		s.photos[n] = photos
	}
}

// PhotoChanged tells that a photo is another one now, so that what the check
// holds back for its sake is tried again at once. Schedules that were held
// before the process started are tried when their time comes.
func (s *Scheduler) PhotoChanged(photo string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n, photos := range s.photos {
		if slices.Contains(photos, photo) {
			s.mended[n] = true
			s.poke()
		}
	}
}

// mark marks the items of which photos changed.
func (s *Scheduler) mark(items []article.ScheduleItem) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, item := range items {
		items[i].Touched = item.Touched || item.Record != nil && s.mended[item.Name]
	}
}

// remember notes what the check holds back, and forgets the photos of all else.
func (s *Scheduler) remember(held []article.ScheduleName) {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.held)
	for _, n := range held {
		s.held[n.Article] = true
	}
	for n := range s.photos {
		if !s.trying[n] && !slices.Contains(held, n) {
			delete(s.photos, n)
			delete(s.mended, n)
		}
	}
}
