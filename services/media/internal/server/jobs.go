package server

import "sync"

// jobs keeps track of work that outlives the call that began it.
type jobs struct {
	mu      sync.Mutex
	next    int
	closed  bool
	cancels map[int]func()
	running sync.WaitGroup
}

// begin registers a job that cancel ends; done must be called when it has
// ended. After close it reports false and the job must not begin.
func (j *jobs) begin(cancel func()) (done func(), ok bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return nil, false
	}
	id := j.next
	j.next++
	j.cancels[id] = cancel
	j.running.Add(1)
	return func() {
		j.mu.Lock()
		delete(j.cancels, id)
		j.mu.Unlock()
		j.running.Done()
	}, true
}

// close cancels all jobs and waits for them.
func (j *jobs) close() {
	j.mu.Lock()
	j.closed = true
	for _, cancel := range j.cancels {
		cancel()
	}
	j.mu.Unlock()
	j.running.Wait()
}
