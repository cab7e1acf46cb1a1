package blobs

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Fetch copies an object to w, whole or not without an error. It fails as Get
// does and with the error of w.
func (s *Store) Fetch(ctx context.Context, key Key, w io.Writer) error {
	body, object, err := s.Get(ctx, key, 0, 0)
	if err != nil {
		return err
	}
	n, err := io.Copy(w, body)
	if err == nil && n != object.Size {
		err = explain(ctx, fmt.Errorf("get %s: %d bytes came, not %d: %w", key, n, object.Size, io.ErrUnexpectedEOF))
	}
	return errors.Join(err, body.Close())
}
