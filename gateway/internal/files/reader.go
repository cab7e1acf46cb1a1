package files

import (
	"errors"
	"fmt"
	"io"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// window is how many bytes one read of the media service asks for: most
// renditions whole, and never much more of a large one than the caller wants.
const window = 1 << 20

// message is what every stream of a file is made of.
type message interface {
	GetHead() *mediav1.RenditionHead
	GetChunk() []byte
}

// chunks returns the next message of a stream.
type chunks func() (message, error)

// receiving takes an opened stream, whose messages have a type of their own.
func receiving[M message](stream interface{ Recv() (M, error) }, err error) (chunks, error) {
	if err != nil {
		return nil, err
	}
	return func() (message, error) { return stream.Recv() }, nil
}

// reader is a file as an io.ReadSeeker: it opens a stream where it is
// read, and goes on with the one at hand while reading goes on. It is used by
// one goroutine; streams end with the context they were opened with.
type reader struct {
	open func(offset, limit int64) (chunks, error)

	head   *mediav1.RenditionHead
	offset int64 // where the caller reads next

	stream chunks
	at     int64  // offset of the first byte of rest
	rest   []byte // received and not read
}

// Head returns what the bytes are, opening the rendition at its beginning.
func (r *reader) Head() (*mediav1.RenditionHead, error) {
	if r.head != nil {
		return r.head, nil
	}
	if err := r.seekStream(0); err != nil {
		return nil, err
	}
	if r.head == nil {
		return nil, errors.New("the media service sent a rendition without its head")
	}
	return r.head, nil
}

// Read implements io.Reader.
func (r *reader) Read(p []byte) (int, error) {
	if r.offset >= r.head.GetSizeBytes() {
		return 0, io.EOF
	}
	if r.stream == nil || r.at != r.offset {
		if err := r.seekStream(r.offset); err != nil {
			return 0, err
		}
	}
	for len(r.rest) == 0 {
		err := r.receive()
		if errors.Is(err, io.EOF) {
			// The window is used up, or the file ended before its size.
			before := r.offset
			if err := r.seekStream(r.offset); err != nil {
				return 0, err
			}
			if len(r.rest) == 0 {
				return 0, fmt.Errorf("rendition ends at byte %d of %d: %w", before, r.head.GetSizeBytes(), io.ErrUnexpectedEOF)
			}
			break
		}
		if err != nil {
			return 0, err
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	r.at += int64(n)
	r.offset = r.at
	return n, nil
}

// Seek implements io.Seeker. It does not touch the stream.
func (r *reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.offset
	case io.SeekEnd:
		offset += r.head.GetSizeBytes()
	}
	if offset < 0 {
		return 0, errors.New("seek before the beginning")
	}
	r.offset = offset
	return offset, nil
}

// Close forgets the stream.
func (r *reader) Close() { r.stream, r.rest = nil, nil }

// seekStream opens a stream at offset and receives its first message.
func (r *reader) seekStream(offset int64) error {
	stream, err := r.open(offset, window)
	if err != nil {
		return err
	}
	r.stream, r.at, r.rest = stream, offset, nil
	if err := r.receive(); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	for r.head != nil && len(r.rest) == 0 && offset < r.head.GetSizeBytes() {
		if err := r.receive(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

// receive takes the next message of the stream.
func (r *reader) receive() error {
	message, err := r.stream()
	if err != nil {
		return err
	}
	if message.GetHead() != nil && r.head == nil {
		r.head = message.GetHead()
	}
	r.rest = message.GetChunk()
	return nil
}
