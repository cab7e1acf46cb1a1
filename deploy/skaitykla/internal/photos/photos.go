// Package photos adds folders of photographs to a site: several at a time, over
// uploads in pieces, so that an interrupted run goes on where it stopped.
//
// It keeps no file about what it did. Uploads have ids made of the bytes, and
// the site tells whether it has them: a second run over the same folder finds
// both and adds nothing twice.
package photos

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// Outcome is what became of a file.
type Outcome string

// The outcomes.
const (
	Added   Outcome = "added"
	There   Outcome = "already there"
	Skipped Outcome = "skipped"
	Failed  Outcome = "failed"
	// Untried is a file that was not come to, or not ended with, before the run
	// was interrupted.
	Untried Outcome = "not tried"
)

// Result is what became of one file.
type Result struct {
	File    string  `json:"file"`
	Outcome Outcome `json:"outcome"`
	// Photo is the resource name.
	Photo string `json:"photo,omitempty"`
	// Reason says why a file was skipped.
	Reason string `json:"reason,omitempty"`
	// Err says why it failed.
	Err error `json:"-"`
}

// Progress is told of bytes that are safe, and of each file when it ends. Its
// methods are called by several goroutines, one at a time.
type Progress interface {
	Bytes(n int64)
	Ended(Result)
}

// Adder adds photographs to a site.
type Adder struct {
	Photos mediav1.MediaServiceClient
	// Site is the resource name.
	Site string
	// Parallel is how many files are sent at a time; at least 1.
	Parallel int
	// Photo describes each of them; its filename is set from the file.
	Photo *mediav1.Photo
	// Progress may be nil.
	Progress Progress

	mu     sync.Mutex
	flight singleflight.Group
}

// Add adds the files and returns what became of each, in their order. It ends
// early when the context does; files that it did not end with are Untried then.
func (a *Adder) Add(ctx context.Context, files []File) []Result {
	results := make([]Result, len(files))
	var group errgroup.Group
	group.SetLimit(max(a.Parallel, 1))
	for i, file := range files {
		group.Go(func() error {
			results[i] = a.result(ctx, file)
			a.ended(results[i])
			return nil
		})
	}
	_ = group.Wait() // each file has its own result
	return results
}

// result adds one file. Of equal files that are sent at the same time only one
// is.
func (a *Adder) result(ctx context.Context, file File) Result {
	if ctx.Err() != nil {
		return Result{File: file.Path, Outcome: Untried}
	}
	sum, err := file.hash(ctx)
	if err != nil {
		return failed(ctx, file, err)
	}
	first := false
	added, err, _ := a.flight.Do(sum, func() (any, error) {
		first = true
		return a.one(ctx, file, sum)
	})
	result, ok := added.(Result)
	if err != nil || !ok {
		return failed(ctx, file, err)
	}
	if !first {
		result.Outcome = There
		a.bytes(file.Size)
	}
	result.File = file.Path
	return result
}

func failed(ctx context.Context, file File, err error) Result {
	if ctx.Err() != nil || errors.Is(err, context.Canceled) {
		return Result{File: file.Path, Outcome: Untried}
	}
	return Result{File: file.Path, Outcome: Failed, Err: err}
}

func (a *Adder) bytes(n int64) {
	if a.Progress != nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.Progress.Bytes(n)
	}
}

func (a *Adder) ended(r Result) {
	if a.Progress != nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.Progress.Ended(r)
	}
}
