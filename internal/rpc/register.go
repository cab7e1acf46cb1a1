package rpc

import (
	"google.golang.org/grpc"

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

func (r *registrar) registerOn(server *grpc.Server) {
	for _, s := range r.services {
		server.RegisterService(s.desc, s.impl)
	}
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
