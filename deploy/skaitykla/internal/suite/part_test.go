package suite

import (
	"context"
	"errors"
	"testing"
)

// TestPartEndsByItself wants an error of a server that ends without one, so
// that the suite does not end with success.
func TestPartEndsByItself(t *testing.T) {
	p := newParts()
	p.start(t.Context(), "steady", func(ctx context.Context) error {
		<-ctx.Done()
		return nil
	})
	p.start(t.Context(), "short", func(context.Context) error { return nil })
	p.wait(t.Context())
	if err := p.stop(); err == nil || err.Error() != "short: it ended by itself" {
		t.Errorf("stop = %v", err)
	}
}

// TestFirstFailure names the server that failed first, not one that could not
// begin because of it.
func TestFirstFailure(t *testing.T) {
	p := newParts()
	p.start(t.Context(), "earlier", func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	})
	p.start(t.Context(), "damaged", func(context.Context) error { return errors.New("its store is damaged") })
	p.wait(t.Context())
	if err := p.stop(); err == nil || err.Error() != "damaged: its store is damaged" {
		t.Errorf("stop = %v", err)
	}
}
