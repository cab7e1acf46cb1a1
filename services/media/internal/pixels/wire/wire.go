// Package wire is how a worker and the process that started it talk: frames
// over the worker's standard input and output.
//
// A frame is a kind (1 byte), the length of a header and of a body (4 bytes
// each, big endian), the header as JSON and the body as it is. The parent
// sends one [Request] whose body is the photo. The worker answers with an
// [Info], then [Rendition] frames with the files as bodies, then Done; or with
// a [Failure] at any point.
//
// The worker may have been taken over by the photo it decodes. So readers
// bound both lengths before they allocate, and the parent checks every value
// against what it asked for.
package wire

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
)

// Kind of a frame.
type Kind byte

// The kinds. Requests go to the worker, all others come from it.
const (
	KindRequest   Kind = 'Q'
	KindInfo      Kind = 'I'
	KindRendition Kind = 'R'
	KindFailure   Kind = 'F'
	KindProbe     Kind = 'P'
	KindDone      Kind = 'D'
)

// MaxHeader bounds the JSON of a frame, in bytes.
const MaxHeader = 128 << 10

const prefixLen = 9

// Head is the first part of a frame: its kind, header and the length of the
// body that follows in the stream.
type Head struct {
	Kind   Kind
	Header []byte
	Body   int64
}

// Decode reads the header into message, refusing what does not fit.
func (h Head) Decode(message any) error {
	if err := json.Unmarshal(h.Header, message); err != nil {
		return fmt.Errorf("frame %q: %w", h.Kind, err)
	}
	return nil
}

// WriteHead writes all of a frame but the body, of which the caller writes
// exactly size bytes next.
func WriteHead(w io.Writer, kind Kind, message any, size int64) error {
	header, err := json.Marshal(message)
	if err != nil {
		return fmt.Errorf("frame %q: %w", kind, err)
	}
	if len(header) > MaxHeader || size < 0 || size > 1<<32-1 {
		return fmt.Errorf("frame %q: header of %d and body of %d bytes are too large", kind, len(header), size)
	}
	frame := make([]byte, 0, prefixLen+len(header))
	frame = append(frame, byte(kind))
	frame = binary.BigEndian.AppendUint32(frame, uint32(len(header))) //nolint:gosec // at most MaxHeader
	frame = binary.BigEndian.AppendUint32(frame, uint32(size))
	if _, err := w.Write(append(frame, header...)); err != nil {
		return fmt.Errorf("write frame %q: %w", kind, err)
	}
	return nil
}

// Write writes a whole frame.
func Write(w io.Writer, kind Kind, message any, body []byte) error {
	if err := WriteHead(w, kind, message, int64(len(body))); err != nil {
		return err
	}
	if _, err := w.Write(body); err != nil {
		return fmt.Errorf("write body of frame %q: %w", kind, err)
	}
	return nil
}

// ReadHead reads the next frame up to its body and refuses a body of more than
// maxBody bytes. The error wraps io.EOF when the stream ended between frames.
func ReadHead(r io.Reader, maxBody int64) (Head, error) {
	var prefix [prefixLen]byte
	if _, err := io.ReadFull(r, prefix[:]); err != nil {
		return Head{}, fmt.Errorf("read frame: %w", err)
	}
	head := Head{Kind: Kind(prefix[0]), Body: int64(binary.BigEndian.Uint32(prefix[5:]))}
	size := binary.BigEndian.Uint32(prefix[1:])
	if size > MaxHeader || head.Body > maxBody {
		return Head{}, fmt.Errorf("frame %q: header of %d and body of %d bytes are too large", head.Kind, size, head.Body)
	}
	head.Header = make([]byte, size)
	if _, err := io.ReadFull(r, head.Header); err != nil {
		return Head{}, fmt.Errorf("read header of frame %q: %w", head.Kind, err)
	}
	return head, nil
}

// ReadBody reads the body that head announced.
func ReadBody(r io.Reader, head Head) ([]byte, error) {
	body := make([]byte, head.Body)
	if _, err := io.ReadFull(r, body); err != nil {
		return nil, fmt.Errorf("read body of frame %q: %w", head.Kind, err)
	}
	return body, nil
}
