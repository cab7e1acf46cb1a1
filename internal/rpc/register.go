package rpc

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// registrar collects services before the server exists, because the
// interceptors need to know all methods.
type registrar struct {
	services []service
}

type service struct {
	desc *grpc.ServiceDesc
	impl any
}

// RegisterService implements grpc.ServiceRegistrar.
func (r *registrar) RegisterService(desc *grpc.ServiceDesc, impl any) {
	r.services = append(r.services, service{desc, impl})
}

func (r *registrar) names() []string {
	var names []string
	for _, s := range r.services {
		names = append(names, s.desc.ServiceName)
	}
	return names
}

// registerOn registers the services, each with unary handlers that type the
// errors of decoding: those arise before any interceptor runs.
func (r *registrar) registerOn(server *grpc.Server) {
	for _, s := range r.services {
		desc := *s.desc
		desc.Methods = make([]grpc.MethodDesc, len(s.desc.Methods))
		for i, m := range s.desc.Methods {
			desc.Methods[i] = grpc.MethodDesc{MethodName: m.MethodName, Handler: typedDecoding(m.Handler)}
		}
		server.RegisterService(&desc, s.impl)
	}
}

func typedDecoding(handle grpc.MethodHandler) grpc.MethodHandler {
	return func(srv any, ctx context.Context, decode func(any) error, chain grpc.UnaryServerInterceptor) (any, error) {
		return handle(srv, ctx, func(m any) error {
			if err := decode(m); err != nil {
				return statusOf(malformed(err)).Err()
			}
			return nil
		}, chain)
	}
}

// malformed is the error for bytes that are not the message they should be.
// Streams meet it as a status with the code INTERNAL from Recv.
func malformed(err error) *fault.Error {
	return fault.Wrap(err, faultv1.Reason_REASON_INVALID_FIELD,
		"the request is not a protobuf message of this method; generate the client from the current protos")
}

// unknownMethod answers calls to methods that no service has.
func unknownMethod(_ any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	return unimplemented(method)
}

func unimplemented(method string) error {
	return fault.New(faultv1.Reason_REASON_UNIMPLEMENTED,
		"this server has no method %s; check the name and the version of the server", method)
}

// recvError types the statuses that gRPC itself makes while receiving on a
// stream, for the handler and the log; anything else is returned as it is. The
// caller has been sent gRPC's own status by then, which cannot be changed.
func recvError(err error) error {
	s, ok := status.FromError(err)
	if !ok || err == nil {
		return err
	}
	switch s.Code() {
	case codes.Internal:
		return malformed(err)
	case codes.ResourceExhausted:
		return fault.Wrap(err, faultv1.Reason_REASON_TOO_LARGE, "a message is larger than this server takes; send less at once")
	default:
		return err
	}
}
