package minio

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
)

// maxWords bounds what is kept of a child's output, and the length of a line
// in the log, in bytes.
const maxWords = 2048

// words keeps the end of what a child wrote.
type words struct {
	mu  sync.Mutex
	end []byte
}

// Write never fails.
func (w *words) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.end = append(w.end, p...)
	if extra := len(w.end) - maxWords; extra > 0 {
		w.end = append(w.end[:0], w.end[extra:]...)
	}
	return len(p), nil
}

func (w *words) note(s string) { _, _ = w.Write([]byte(s)) }

func (w *words) last() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if text := strings.TrimSpace(string(w.end)); text != "" {
		return text
	}
	return "nothing"
}

// logWriter sends each line to a log.
type logWriter struct {
	log     *slog.Logger
	pending []byte
}

// Write never fails.
func (w *logWriter) Write(p []byte) (int, error) {
	w.pending = append(w.pending, p...)
	for {
		line, rest, found := bytes.Cut(w.pending, []byte("\n"))
		if !found && len(w.pending) < maxWords {
			return len(p), nil
		}
		if text := string(bytes.TrimSpace(line[:min(len(line), maxWords)])); text != "" {
			w.log.Debug("output", slog.String("line", text))
		}
		w.pending = rest
	}
}
