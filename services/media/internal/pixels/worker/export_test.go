package worker

import (
	"errors"
	"io"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/metadata"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/wire"
)

// Batch does what Main does, one photo after the other, until stdin ends. A
// worker never does: it is how tests damage photos by the thousand without
// starting as many processes, and see whether memory grows.
func Batch(stdin io.Reader, stdout io.Writer) error {
	locked := false
	for {
		head, err := wire.ReadHead(stdin, 1<<32-1)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var request wire.Request
		if err := head.Decode(&request); err != nil {
			return err
		}
		if !locked {
			if err := lockIn(request); err != nil {
				return err
			}
			locked = true
		}
		photo, err := wire.ReadBody(stdin, head)
		if err != nil {
			return err
		}
		if err := answer(photo, request, stdout); err != nil {
			return err
		}
	}
}

func answer(photo []byte, request wire.Request, stdout io.Writer) error {
	err := render(photo, request, stdout)
	if err == nil {
		return wire.Write(stdout, wire.KindDone, struct{}{}, nil)
	}
	failure := wire.Failure{Reason: "crashed", Detail: metadata.Clean(err.Error(), maxDetail)}
	if r, ok := errors.AsType[*refusal](err); ok {
		failure.Reason = r.reason
	}
	return wire.Write(stdout, wire.KindFailure, failure, nil)
}
