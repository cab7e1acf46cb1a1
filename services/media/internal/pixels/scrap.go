package pixels

import (
	"strings"
	"sync"
)

// scrap keeps the first part of what a worker writes to standard error and
// drops the rest, so that a chatty codec can neither block nor flood.
type scrap struct {
	mu   sync.Mutex
	text []byte
}

const maxStderr = 8 << 10

// Write never fails.
func (s *scrap) Write(text []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	room := maxStderr - len(s.text)
	s.text = append(s.text, text[:min(room, len(text))]...)
	return len(text), nil
}

func (s *scrap) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.ToValidUTF8(string(s.text), "?")
}
