package suite

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// part is one of the suite's servers, running in a goroutine of its own.
type part struct {
	name string
	// front says that the outside comes in here: it ends first, while the
	// others still answer it.
	front bool
	stop  context.CancelFunc
	done  chan struct{}
	err   error
}

// parts run together: when one fails, all are to stop.
type parts struct {
	running []*part
	failed  chan struct{} // closed when one has failed
	once    sync.Once
	cause   error // of the first that failed; set before failed is closed
}

func newParts() *parts { return &parts{failed: make(chan struct{})} }

// start runs a server until its context ends. That a caller's context ends
// does not end it: stop does, in order.
func (p *parts) start(ctx context.Context, name string, run func(context.Context) error) {
	p.begin(ctx, &part{name: name}, run)
}

// startFront is start for a server that the outside comes in by.
func (p *parts) startFront(ctx context.Context, name string, run func(context.Context) error) {
	p.begin(ctx, &part{name: name, front: true}, run)
}

func (p *parts) begin(ctx context.Context, one *part, run func(context.Context) error) {
	ctx, one.stop = context.WithCancel(context.WithoutCancel(ctx))
	one.done = make(chan struct{})
	p.running = append(p.running, one)
	go func() {
		defer close(one.done)
		one.err = run(ctx)
		if one.err == nil && ctx.Err() == nil {
			one.err = errors.New("it ended by itself")
		}
		if one.err != nil {
			p.once.Do(func() {
				p.cause = fmt.Errorf("%s: %w", one.name, one.err)
				close(p.failed)
			})
		}
	}()
}

// stop stops all and returns what failed first: why others ended after it, or
// did not even begin, is no news. The front ends first; the others, which watch
// each other, are stopped at once, so that none misses another.
func (p *parts) stop() error {
	for _, one := range p.running {
		if one.front {
			one.stop()
			<-one.done
		}
	}
	for _, one := range p.running {
		one.stop()
	}
	for _, one := range p.running {
		<-one.done
	}
	return p.cause
}

// wait returns when ctx ends or a server ends by itself.
func (p *parts) wait(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-p.failed:
	}
}
