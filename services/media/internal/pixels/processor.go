package pixels

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
)

// Config of a [Processor]. The zero value works.
type Config struct {
	// Executable is the binary to run for each photo, one that calls
	// [WorkerMain]; empty means the running one.
	Executable string
	// Args follow the worker's hidden name on its command line.
	Args []string
	// Concurrency is how many photos are worked on at once, each with up to
	// 3 GB of address space; zero means the number of processors.
	Concurrency int
	// Limits of each photo.
	Limits Limits
	// Insecure decodes even where the kernel offers no system call filter.
	Insecure bool
	// Logger receives what workers wrote to standard error, at debug level;
	// nil drops it.
	Logger *slog.Logger
}

// Processor renders photos, a bounded number at a time. It is safe for
// concurrent use.
type Processor struct {
	config Config
	slots  chan struct{}
}

// New returns a processor. It starts nothing until a photo comes.
func New(config Config) *Processor {
	if config.Executable == "" {
		config.Executable = self()
	}
	if config.Concurrency < 1 {
		config.Concurrency = runtime.GOMAXPROCS(0)
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	config.Limits = config.Limits.complete()
	return &Processor{config: config, slots: make(chan struct{}, config.Concurrency)}
}

// Render reads exactly size bytes of original and calls emit with the Info
// first, then with each rendition: format by format as the job lists them, of
// each the ladder and then the crops, the largest width first, and when a part
// is complete. It calls emit from its own goroutine, never
// concurrently, and stops at the first error that emit returns, returning it
// wrapped. What was emitted before an error stays valid.
//
// Every failure that is not a wrong job, the caller's reader or emit, a worker
// that cannot be started or a cancelled context is an [Error]. A deadline that passes while all workers
// are taken is Busy. When Render returns, the photo's process is gone and
// original is not read any more; so a Read that hangs holds Render up.
func (p *Processor) Render(ctx context.Context, original io.Reader, size int64, job Job, emit func(Event) error) error {
	job, err := job.complete()
	if err != nil {
		return err
	}
	if size > p.config.Limits.Bytes {
		return p.fail(TooManyBytes, fmt.Errorf("%d bytes", size))
	}
	if size < 1 {
		return p.fail(Corrupt, errors.New("the file is empty"))
	}
	head := make([]byte, min(size, SniffLen))
	if _, err := io.ReadFull(original, head); err != nil {
		return fmt.Errorf("read the original: %w", err)
	}
	mediaType, ok := Sniff(head)
	if !ok {
		return p.fail(UnsupportedFormat, nil)
	}
	if err := p.acquire(ctx); err != nil {
		return err
	}
	defer func() { <-p.slots }()
	return p.render(ctx, photo{
		reader:    io.MultiReader(bytes.NewReader(head), original),
		size:      size,
		mediaType: mediaType,
	}, job, emit)
}

// Check starts one worker and has it try what a worker must not be able to do,
// such as opening a socket. It returns an [Error] of SandboxUnavailable when
// anything is let through or the sandbox does not close. Run it once when the
// service starts; with Insecure it only checks that a worker starts.
func (p *Processor) Check(ctx context.Context) error {
	if err := p.acquire(ctx); err != nil {
		return err
	}
	defer func() { <-p.slots }()
	return p.probe(ctx)
}

// acquire waits for a free slot.
func (p *Processor) acquire(ctx context.Context) error {
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return p.fail(Busy, ctx.Err())
	}
	return fmt.Errorf("wait for a free worker: %w", ctx.Err())
}

func (p *Processor) fail(reason Reason, cause error) *Error {
	return failure(reason, p.config.Limits, cause)
}
