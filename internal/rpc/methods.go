package rpc

import (
	"fmt"
	"iter"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// methodsOf yields the descriptors of all methods of the named services.
func methodsOf(services []string) iter.Seq2[protoreflect.MethodDescriptor, error] {
	return func(yield func(protoreflect.MethodDescriptor, error) bool) {
		for _, name := range services {
			d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(name))
			if err != nil {
				yield(nil, fmt.Errorf("find the proto of service %s: %w", name, err))
				return
			}
			service, ok := d.(protoreflect.ServiceDescriptor)
			if !ok {
				yield(nil, fmt.Errorf("%s is not a service", name))
				return
			}
			for i := range service.Methods().Len() {
				if !yield(service.Methods().Get(i), nil) {
					return
				}
			}
		}
	}
}

// fullMethod is the name of a method as gRPC calls it.
func fullMethod(m protoreflect.MethodDescriptor) string {
	return "/" + string(m.Parent().FullName()) + "/" + string(m.Name())
}

// exempt reports whether a method of gRPC's own needs no permission.
func exempt(method string) bool {
	return strings.HasPrefix(method, "/grpc.health.v1.") || strings.HasPrefix(method, "/grpc.reflection.")
}

func newMessage(d protoreflect.MessageDescriptor) (proto.Message, error) {
	t, err := protoregistry.GlobalTypes.FindMessageByName(d.FullName())
	if err != nil {
		return nil, fmt.Errorf("find the Go type of %s: %w", d.FullName(), err)
	}
	return t.New().Interface(), nil
}
