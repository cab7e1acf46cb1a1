package blobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// typedBody is the body of an object: its errors are typed, and it ends when
// the server takes too long.
type typedBody struct {
	body io.ReadCloser
	pace *pace
	ctx  context.Context //nolint:containedctx // a reader has no other way to know that its caller went away
}

// Read returns io.EOF at the end of what was asked for; a transfer that breaks
// off before is an error.
func (b *typedBody) Read(p []byte) (int, error) {
	b.pace.wait()
	n, err := b.body.Read(p)
	b.pace.got(n)
	if err != nil && !errors.Is(err, io.EOF) {
		return n, explain(b.ctx, fmt.Errorf("read an object: %w", err))
	}
	return n, err //nolint:wrapcheck // io.EOF stays what it is
}

// Close ends the transfer.
func (b *typedBody) Close() error {
	err := b.body.Close()
	b.pace.end()
	if err != nil {
		return fmt.Errorf("blobs: close an object: %w", err)
	}
	return nil
}

// totalOf reads the size of the whole from a Content-Range header.
func totalOf(contentRange string) (int64, bool) {
	_, total, found := strings.Cut(contentRange, "/")
	if !found {
		return 0, false
	}
	n, err := strconv.ParseInt(total, 10, 64)
	return n, err == nil
}
