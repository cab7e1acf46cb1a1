package boltkv

import (
	"context"
	"fmt"
	"io"

	bolt "go.etcd.io/bbolt"
)

// Snapshot implements kv.Store. What it writes is a bbolt file that Open
// accepts. Pages freed by writers meanwhile are reused only after it ends, so
// the store grows if w is slow.
func (s *Store) Snapshot(ctx context.Context, w io.Writer) error {
	return s.view(ctx, func(tx *bolt.Tx) error {
		_, err := tx.WriteTo(&ctxWriter{ctx: ctx, w: w})
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		default:
			return fmt.Errorf("kv: snapshot of %s: %w", s.path, err)
		}
	})
}

// ctxWriter stops accepting bytes when its context ends.
type ctxWriter struct {
	ctx context.Context //nolint:containedctx // lives as long as the call it came with
	w   io.Writer
}

func (c *ctxWriter) Write(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.w.Write(p)
}
