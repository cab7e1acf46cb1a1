package pixels

import (
	"context"
	"io"
	"log/slog"
)

// Config of a [Processor]. The zero value works but for the Logger.
type Config struct {
	// Executable is the binary to run for each photo, one that calls
	// [WorkerMain]; empty means the running one.
	Executable string
	// Args follow the worker's hidden name on its command line.
	Args []string
	// Concurrency is how many photos are worked on at once; zero means the
	// number of processors.
	Concurrency int
	// Limits of each photo.
	Limits Limits
	// Insecure decodes even where the kernel offers no system call filter.
	Insecure bool
	// Logger receives what workers wrote to standard error, at debug level.
	Logger *slog.Logger
}

// Processor renders photos, a bounded number at a time. It is safe for
// concurrent use.
type Processor struct{ config Config }

// New returns a processor. It starts nothing until a photo comes.
func New(config Config) *Processor { return &Processor{config: config} }

// Render reads exactly size bytes of original and calls emit with the Info
// first, then with each rendition: format by format as the job lists them,
// the largest width first. It calls emit from its own goroutine, never
// concurrently, and stops at the first error that emit returns, returning it
// wrapped. What was emitted before an error stays valid.
//
// Every failure that is not the caller's reader, emit or cancelled context is
// an [Error]. When Render returns, the photo's process is gone.
func (p *Processor) Render(ctx context.Context, original io.Reader, size int64, job Job, emit func(Event) error) error {
	return &Error{Reason: SandboxUnavailable, Message: "the worker is not built yet"}
}
