package suite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// part is one of the suite's servers, running in a goroutine of its own.
type part struct {
	name string
	stop context.CancelFunc
	done chan struct{}
	err  error
}

// parts run together: when one fails, all are to stop. They are stopped in the
// reverse of the order in which they were started.
type parts struct {
	running []*part
	failed  chan struct{}
	once    sync.Once
}

func newParts() *parts { return &parts{failed: make(chan struct{})} }

// start runs a server until its context ends. That a caller's context ends
// does not end it: stop does, in order.
func (p *parts) start(ctx context.Context, name string, run func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	one := &part{name: name, stop: cancel, done: make(chan struct{})}
	p.running = append(p.running, one)
	go func() {
		defer close(one.done)
		one.err = run(ctx)
		if one.err == nil && ctx.Err() == nil {
			one.err = errors.New("it ended by itself")
		}
		if one.err != nil {
			p.once.Do(func() { close(p.failed) })
		}
	}()
}

// stop stops all and returns what failed.
func (p *parts) stop() error {
	var first error
	for _, one := range slices.Backward(p.running) {
		one.stop()
		<-one.done
		if one.err != nil {
			first = fmt.Errorf("%s: %w", one.name, one.err)
		}
	}
	return first
}

// wait returns when ctx ends or a server ends by itself.
func (p *parts) wait(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-p.failed:
	}
}
