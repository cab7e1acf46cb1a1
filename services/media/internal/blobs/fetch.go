package blobs

import (
	"context"
	"errors"
	"io"
)

// Fetch copies an object to w. It fails as Get does and with the error of w.
func (s *Store) Fetch(ctx context.Context, key Key, w io.Writer) error {
	body, _, err := s.Get(ctx, key, 0, 0)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, body)
	return errors.Join(err, body.Close())
}
