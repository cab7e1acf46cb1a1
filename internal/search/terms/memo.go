package terms

import (
	"strings"
	"sync"
)

// memoWords is how many words an analyzer remembers: few megabytes, and most
// words of any text.
const memoWords = 1 << 15

// memo remembers the terms of words. When it is full it begins anew.
type memo struct {
	mu    sync.RWMutex
	words map[string]Terms
}

func (m *memo) get(word string) (Terms, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	t, ok := m.words[word]
	return t, ok
}

func (m *memo) put(word string, t Terms) {
	if len(word) > maxTerm {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.words == nil || len(m.words) >= memoWords {
		m.words = make(map[string]Terms)
	}
	m.words[strings.Clone(word)] = t // not the text that it is a part of
}
