// Package rest is the REST side of the three services: JSON over HTTP by the
// annotations of the contract, transcoded over gRPC connections, so that every
// interceptor of the services runs.
//
// Names in JSON are lowerCamelCase; fields at their default value are left
// out; fields that the contract does not know, in a body or a query, are
// refused with UNKNOWN_FIELD. Watches are streamed as server-sent events or as
// lines of JSON. The caller's own token is forwarded and nothing is added to
// it.
package rest

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// Defaults of Config.
const (
	// DefaultMaxBody is the largest JSON body in bytes.
	DefaultMaxBody = 1 << 20
	// DefaultTimeout is how long a call may take, streams left out.
	DefaultTimeout = 30 * time.Second
	// DefaultHeartbeat is how often an idle watch shows a sign of life.
	DefaultHeartbeat = 15 * time.Second
	// DefaultPatience is how long a watch waits for its first event before it
	// sends its headers; an error within that time still gets its own status.
	DefaultPatience = 500 * time.Millisecond
)

// Config is what the handler needs. The connections are required, made with
// [DialOptions]; the zero value of the rest works.
type Config struct {
	// Article, Media and Sharing are connections to the services.
	Article, Media, Sharing *grpc.ClientConn
	// MaxBody limits a JSON body, in bytes.
	MaxBody int64
	// Timeout limits a call.
	Timeout time.Duration
	// Heartbeat and Patience time watches, see the defaults.
	Heartbeat, Patience time.Duration
	// Closing is closed when the server shuts down, so that watches end.
	Closing <-chan struct{}
}

func (c Config) withDefaults() Config {
	if c.MaxBody == 0 {
		c.MaxBody = DefaultMaxBody
	}
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Heartbeat == 0 {
		c.Heartbeat = DefaultHeartbeat
	}
	if c.Patience == 0 {
		c.Patience = DefaultPatience
	}
	return c
}

// DialOptions are needed on every connection given to New.
func DialOptions() []grpc.DialOption {
	return []grpc.DialOption{grpc.WithChainUnaryInterceptor(trimMask)}
}

// New returns the handler for /v1/. It calls the services only when it is
// asked to; ctx ends its registration with the connections.
func New(ctx context.Context, config Config) (http.Handler, error) {
	config = config.withDefaults()
	mux := runtime.NewServeMux(
		runtime.WithMarshalerOption(runtime.MIMEWildcard, newMarshaler()),
		runtime.WithIncomingHeaderMatcher(incoming),
		runtime.WithOutgoingHeaderMatcher(nothing),
		runtime.WithOutgoingTrailerMatcher(nothing),
		runtime.WithErrorHandler(fail),
		runtime.WithRoutingErrorHandler(failRouting),
		runtime.WithForwardResponseOption(setEtag),
		runtime.WithDisableHTTPMethodOverride(),
		runtime.WithDisablePathLengthFallback(),
		runtime.WithWriteContentLength(),
		// The only hook there is for strict queries; it sets a variable of the
		// library, always to the same value.
		runtime.SetQueryParameterParser(strictQuery{}),
	)
	registrations := []struct {
		register func(context.Context, *runtime.ServeMux, *grpc.ClientConn) error
		conn     *grpc.ClientConn
	}{
		{articlev1.RegisterArticleServiceHandler, config.Article},
		{mediav1.RegisterMediaServiceHandler, config.Media},
		{sharingv1.RegisterSharingServiceHandler, config.Sharing},
	}
	for _, r := range registrations {
		if err := r.register(ctx, mux, r.conn); err != nil {
			return nil, fmt.Errorf("register REST handlers: %w", err)
		}
	}
	if err := registerWatches(mux, config); err != nil {
		return nil, err
	}
	return timeout(config.Timeout, fresh(limitBody(config.MaxBody, noteMask(mux)))), nil
}

// incoming lets the headers through that services read, and nothing else:
// neither Grpc-Metadata-* nor what only this process may say. Authorization is
// forwarded by the library itself.
func incoming(name string) (string, bool) {
	if name == "Authorization" {
		return "", false
	}
	key, ok := reply.Forwarded()[name]
	return key, ok
}

func nothing(string) (string, bool) { return "", false }

// timeout gives every call a deadline, but not streams, which have no end or take
// their time. A caller cannot change it: the header for that is removed.
func timeout(d time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Grpc-Timeout")
		if isStream(r) {
			next.ServeHTTP(w, r)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), d)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
