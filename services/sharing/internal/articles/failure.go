package articles

import (
	"context"
	"fmt"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// retry is how long to wait for the article service when it does not say.
const retry = 2 * time.Second

// failure says in our terms why reading the resource failed. ctx is the
// caller's, without our own timeout.
func failure(ctx context.Context, err error, name string) error {
	if ended := ctx.Err(); ended != nil {
		return fmt.Errorf("read %s: %w", name, ended)
	}
	e := rpc.FromStatus(err)
	switch {
	case e.Kind == fault.KindNotFound:
		return fault.NotFound(name).Caused(err)
	case away(err):
		return fault.Unavailable(err, faultv1.Reason_REASON_SERVICE_UNAVAILABLE,
			"the article service does not answer now; try again").RetryAfter(max(e.Retry, retry))
	default:
		return fault.Internal(err, "read "+name+" from the article service")
	}
}

// away reports whether the article service did not answer, so that another
// attempt may succeed.
func away(err error) bool {
	switch rpc.FromStatus(err).Kind {
	case fault.KindUnavailable, fault.KindDeadline, fault.KindCanceled, fault.KindExhausted, fault.KindUnimplemented:
		return true
	default:
		return false
	}
}

// notFound reports whether err says that readers do not see what was asked for.
func notFound(err error) bool {
	return err != nil && rpc.FromStatus(err).Kind == fault.KindNotFound
}
