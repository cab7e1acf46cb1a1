package rpc

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// TokenSource gives the token that a process calls with on its own behalf.
// It is safe for concurrent use and cheap when the token is still good.
type TokenSource interface {
	Token(ctx context.Context) (string, error)
}

// Target is a service to call.
type Target struct {
	// Address is a gRPC target such as "127.0.0.1:7001" or
	// "dns:///article:7001".
	Address string
	// TLS secures the connection; nil means plaintext, which Dial accepts for
	// loopback only, unless Insecure is set.
	TLS *tls.Config
	// Insecure allows plaintext off loopback. Bearer tokens are refused there
	// all the same.
	Insecure bool
	// Tokens gives the process's own token for calls that carry none and are
	// not made on behalf of others, see Forward and OnBehalf. Nil sends what
	// the context carries.
	Tokens TokenSource
}

// Dial returns a connection, which connects on the first call. options come
// last. The error says what to mend; it never waits for the network.
func Dial(target Target, options ...grpc.DialOption) (*grpc.ClientConn, error) {
	local := loopbackTarget(target.Address)
	creds := insecure.NewCredentials()
	switch {
	case target.TLS != nil:
		creds = credentials.NewTLS(target.TLS)
	case !local && !target.Insecure:
		return nil, errors.New("dial " + target.Address +
			": refused without TLS off loopback; configure certificates or allow insecure connections")
	}
	guard := tokenGuard{tokens: target.Tokens, allowed: local || target.TLS != nil}
	conn, err := grpc.NewClient(target.Address, append([]grpc.DialOption{
		grpc.WithTransportCredentials(creds),
		grpc.WithChainUnaryInterceptor(guard.unary),
		grpc.WithChainStreamInterceptor(guard.stream),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 30 * time.Second, Timeout: 10 * time.Second}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(DefaultMaxReply)),
	}, options...)...)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", target.Address, err)
	}
	return conn, nil
}

// Forward returns a context for a call made on behalf of the call that ctx
// belongs to: with its token, request id, language and if-match. The own
// token of a connection is not added to it.
func Forward(ctx context.Context) context.Context {
	for _, key := range []string{HeaderAuthorization, HeaderRequestID, HeaderLanguage, HeaderIfMatch} {
		values := metadata.ValueFromIncomingContext(ctx, key)
		if key == HeaderRequestID {
			if id := RequestID(ctx); id != "" {
				values = []string{id}
			}
		}
		for _, value := range values {
			ctx = metadata.AppendToOutgoingContext(ctx, key, value)
		}
	}
	return OnBehalf(ctx)
}

// OnBehalf returns a context for a call made for someone else who is not the
// caller of a Server, such as a gateway's HTTP client: the own token of a
// connection is not added, even when the context carries none.
func OnBehalf(ctx context.Context) context.Context {
	return context.WithValue(ctx, forwardedKey{}, true)
}

type forwardedKey struct{}

// tokenGuard adds the process's own token where it belongs and keeps every
// token off unencrypted connections to other machines.
type tokenGuard struct {
	tokens  TokenSource
	allowed bool
}

func (g tokenGuard) unary(ctx context.Context, method string, req, reply any, conn *grpc.ClientConn,
	invoke grpc.UnaryInvoker, opts ...grpc.CallOption,
) error {
	ctx, err := g.prepare(ctx)
	if err != nil {
		return err
	}
	return invoke(ctx, method, req, reply, conn, opts...)
}

func (g tokenGuard) stream(ctx context.Context, desc *grpc.StreamDesc, conn *grpc.ClientConn, method string,
	open grpc.Streamer, opts ...grpc.CallOption,
) (grpc.ClientStream, error) {
	ctx, err := g.prepare(ctx)
	if err != nil {
		return nil, err
	}
	return open(ctx, desc, conn, method, opts...)
}

// prepare returns the context to call with. A forwarded call keeps exactly the
// caller's rights, also when the caller has none.
func (g tokenGuard) prepare(ctx context.Context) (context.Context, error) {
	md, _ := metadata.FromOutgoingContext(ctx)
	carries := len(md.Get(HeaderAuthorization)) > 0
	forwarded, _ := ctx.Value(forwardedKey{}).(bool)
	if !carries && (g.tokens == nil || forwarded) {
		return ctx, nil
	}
	if !g.allowed {
		return nil, fault.New(faultv1.Reason_REASON_INSECURE_TRANSPORT,
			"a token is not sent to another machine unencrypted; configure certificates")
	}
	if carries {
		return ctx, nil
	}
	token, err := g.tokens.Token(ctx)
	if err != nil {
		return nil, fmt.Errorf("get a token to call with: %w", err)
	}
	return metadata.AppendToOutgoingContext(ctx, HeaderAuthorization, "Bearer "+token), nil
}
