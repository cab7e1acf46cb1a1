package rpc

import (
	"context"
	"strings"
	"sync/atomic"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// gate lets a call in when its principal holds the permission that the method
// names, on the site that the request names. A permission held on own things
// only lets in too; the service decides the rest.
type gate struct {
	verifier auth.Verifier
	table    map[string]*access
}

func (g *gate) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if exempt(info.FullMethod) {
		return handler(ctx, req)
	}
	ctx, err := g.authenticate(ctx)
	if err != nil {
		return nil, err
	}
	a := g.table[info.FullMethod]
	if a == nil {
		return nil, unimplemented(info.FullMethod)
	}
	if err := a.permit(ctx, req); err != nil {
		return nil, err
	}
	return handler(ctx, req)
}

func (g *gate) stream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	if exempt(info.FullMethod) {
		return handler(srv, stream)
	}
	ctx, err := g.authenticate(stream.Context())
	if err != nil {
		return err
	}
	a := g.table[info.FullMethod]
	if a == nil {
		return unimplemented(info.FullMethod)
	}
	ctx, stop := g.recheck(ctx)
	defer stop()
	err = handler(srv, &gatedStream{ServerStream: stream, ctx: ctx, access: a})
	if shut := shutOut(ctx); shut != nil {
		return shut
	}
	return err
}

// authenticate returns a context with the principal of the call.
func (g *gate) authenticate(ctx context.Context) (context.Context, error) {
	values := metadata.ValueFromIncomingContext(ctx, HeaderAuthorization)
	if len(values) == 0 {
		return ctx, nil
	}
	if !confidential(ctx) {
		return nil, fault.New(faultv1.Reason_REASON_INSECURE_TRANSPORT,
			"a token came over an unencrypted connection from another machine; use TLS, and replace the token")
	}
	token, ok := bearer(values)
	if !ok || g.verifier == nil {
		return nil, fault.New(faultv1.Reason_REASON_TOKEN_INVALID,
			"send one header: authorization: Bearer <token>")
	}
	p, err := g.verifier.Verify(ctx, token)
	if err != nil {
		return nil, err
	}
	if c := callFrom(ctx); c != nil {
		c.principal = p
	}
	return auth.WithPrincipal(ctx, p), nil
}

// bearer returns the token in the values of the authorization header.
func bearer(values []string) (token string, ok bool) {
	if len(values) != 1 {
		return "", false
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	return strings.TrimSpace(token), strings.EqualFold(scheme, "bearer")
}

// confidential reports whether nobody on the way could read the call.
func confidential(ctx context.Context) bool {
	p, ok := peer.FromContext(ctx)
	if !ok {
		return false
	}
	if _, ok := p.AuthInfo.(credentials.TLSInfo); ok {
		return true
	}
	return loopback(p.Addr)
}

// permit fails with TOKEN_REQUIRED or PERMISSION_DENIED unless the caller may
// make this request. One that cannot be read fails before that.
func (a *access) permit(ctx context.Context, req any) error {
	m, ok := req.(proto.Message)
	if !ok {
		return fault.Internal(nil, "a request that is not a protobuf message")
	}
	if err := unreadable(m); err != nil {
		return err
	}
	permission := a.needs(m.ProtoReflect())
	if auth.Public(permission) {
		return nil
	}
	site, ok := a.scope.find(m.ProtoReflect())
	if !ok {
		// Without a site only what is granted everywhere counts.
		site = auth.EverySite
	}
	if auth.Grant(ctx, permission, site) != auth.None {
		return nil
	}
	if auth.FromContext(ctx).Anonymous() {
		return fault.New(faultv1.Reason_REASON_TOKEN_REQUIRED,
			"this needs the permission %s; sign in and send your token", permission).
			With("permission", string(permission))
	}
	return fault.Denied(string(permission))
}

// gatedStream asks for the permission when the request arrives, which on a
// stream is after the handler has begun.
type gatedStream struct {
	grpc.ServerStream
	ctx    context.Context //nolint:containedctx // this is how gRPC passes a stream's context on
	access *access
	passed atomic.Bool
}

// Context returns the context with the principal.
func (s *gatedStream) Context() context.Context { return s.ctx }

// RecvMsg receives one message. The first must be permitted; later ones of an
// upload carry bytes, but if one names a site it is asked about again.
func (s *gatedStream) RecvMsg(m any) error {
	if err := s.ServerStream.RecvMsg(m); err != nil {
		return err
	}
	if err := shutOut(s.ctx); err != nil {
		return err
	}
	if s.passed.Load() {
		pm, ok := m.(proto.Message)
		if !ok || len(s.access.scope.names(pm.ProtoReflect())) == 0 {
			return nil
		}
	}
	if err := s.access.permit(s.ctx, m); err != nil {
		return err
	}
	s.passed.Store(true)
	return nil
}

// SendMsg sends one message, never before the request was permitted nor after
// the token ceased to be good.
func (s *gatedStream) SendMsg(m any) error {
	if err := shutOut(s.ctx); err != nil {
		return err
	}
	if !s.passed.Load() {
		return fault.Internal(nil, "a handler answered a stream before it read the request")
	}
	return s.ServerStream.SendMsg(m)
}
