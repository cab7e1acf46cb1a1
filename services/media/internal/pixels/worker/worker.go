// Package worker is the process that decodes one photo: it reads one request
// from its standard input, locks itself in, decodes, answers and ends.
//
// The order matters. The settings come from our own process and are read
// first. Then libvips is started and warmed up, so that it has opened all it
// ever opens; then the sandbox closes; and only then is the first byte of the
// photo read.
package worker

import (
	"errors"
	"fmt"
	"io"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/metadata"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/sandbox"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/vips"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/wire"
)

// Name is the worker's hidden name: the first argument of its command line.
const Name = "pixels-worker"

// The worker's exit codes. Anything else means that it crashed.
const (
	exitDone = 0
	// exitRefused follows a failure frame.
	exitRefused = 3
	// ExitBroken says that the worker never got to the photo: the request
	// could not be understood, or this machine lacks a library.
	ExitBroken = 4
)

// maxDetail bounds what an error tells the log, in bytes.
const maxDetail = 400

// refusal is an error with one of the reasons of package pixels.
type refusal struct {
	reason string
	err    error
}

func (r *refusal) Error() string { return r.reason + ": " + r.err.Error() }

func (r *refusal) Unwrap() error { return r.err }

func refuse(reason string, err error) error { return &refusal{reason: reason, err: err} }

// Main does the work of one photo and returns the process's exit code.
func Main(stdin io.Reader, stdout, stderr io.Writer) int {
	err := serve(stdin, stdout)
	if err == nil {
		return exitDone
	}
	if r, ok := errors.AsType[*refusal](err); ok {
		failure := wire.Failure{Reason: r.reason, Detail: metadata.Clean(r.err.Error(), maxDetail)}
		if err = wire.Write(stdout, wire.KindFailure, failure, nil); err == nil {
			return exitRefused
		}
	}
	// Nobody is left to tell if this fails too.
	_, _ = fmt.Fprintln(stderr, err)
	return ExitBroken
}

func serve(stdin io.Reader, stdout io.Writer) error {
	head, err := wire.ReadHead(stdin, 1<<32-1)
	if err != nil {
		return err
	}
	var request wire.Request
	if err := head.Decode(&request); err != nil {
		return err
	}
	if err := lockIn(request); err != nil {
		return err
	}
	if request.Probe {
		return probe(stdout)
	}
	if head.Body > request.Limits.Bytes {
		return refuse("too_many_bytes", fmt.Errorf("%d bytes", head.Body))
	}
	photo, err := wire.ReadBody(stdin, head)
	if err != nil {
		return err
	}
	if err := render(photo, request, stdout); err != nil {
		if _, ok := errors.AsType[*refusal](err); ok {
			return err
		}
		return refuse("crashed", err)
	}
	return wire.Write(stdout, wire.KindDone, struct{}{}, nil)
}

// lockIn readies libvips and closes the sandbox around this process.
func lockIn(request wire.Request) error {
	if err := sandbox.Limit(request.Limits.Time); err != nil {
		return refuse("sandbox_unavailable", err)
	}
	if err := vips.Start(); err != nil {
		return err
	}
	if err := warmUp(request); err != nil {
		return err
	}
	if err := sandbox.Lock(); err != nil && !request.Insecure {
		return refuse("sandbox_unavailable", err)
	}
	return nil
}

func probe(stdout io.Writer) error {
	var report wire.Probe
	for _, a := range sandbox.Probe() {
		report.Refusals = append(report.Refusals, wire.Refusal(a))
	}
	return wire.Write(stdout, wire.KindProbe, report, nil)
}
