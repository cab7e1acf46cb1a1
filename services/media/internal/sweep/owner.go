package sweep

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
)

// ownerKey is the object that says which store a bucket belongs to.
const ownerKey = blobs.Key("owner")

// ForeignError is a bucket that belongs to another store: of an installation
// that uses the same one, or of this one before its store was lost. What no
// record here refers to may be all the photos there.
type ForeignError struct{}

// Error says what to do.
func (*ForeignError) Error() string {
	return fmt.Sprintf("the bucket belongs to another store, so nothing in it is removed; "+
		"give each installation a bucket of its own, or remove the object %q from it if no other one uses it", ownerKey)
}

// Owned returns nil when the bucket is this store's, which it is after the
// first sweep. It fails with a *ForeignError.
func (s *Sweeper) Owned(ctx context.Context) error {
	id, err := s.Records.Secret(ctx, "bucket", []byte(rand.Text()))
	if err != nil {
		return fmt.Errorf("read the store's id: %w", err)
	}
	owner, err := s.owner(ctx)
	if errors.Is(err, blobs.ErrNotFound) {
		if err := s.Objects.Put(ctx, ownerKey, strings.NewReader(string(id)), int64(len(id)), "text/plain"); err != nil {
			return err
		}
		// Another store may have written at the same time.
		owner, err = s.owner(ctx)
	}
	if err != nil {
		return err
	}
	if owner != string(id) {
		return &ForeignError{}
	}
	return nil
}

func (s *Sweeper) owner(ctx context.Context) (string, error) {
	const most = 1 << 10
	body, _, err := s.Objects.Get(ctx, ownerKey, 0, most)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(body)
	return string(text), errors.Join(err, body.Close())
}
