package article_test

import (
	"context"
	"fmt"
	"net"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/mem"
)

// serveBare is a gRPC server with nothing around it.
func serveBare(b *testing.B, answer []byte) string {
	b.Helper()
	server := grpc.NewServer(grpc.ForceServerCodecV2(rawCodec{}))
	method := func(name string, reply func(request []byte) []byte) grpc.MethodDesc {
		return grpc.MethodDesc{MethodName: name, Handler: func(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
			var request []byte
			if err := decode(&request); err != nil {
				return nil, err
			}
			out := reply(request)
			return &out, nil
		}}
	}
	server.RegisterService(&grpc.ServiceDesc{ServiceName: "bare", HandlerType: (*any)(nil), Methods: []grpc.MethodDesc{
		method("Echo", func(request []byte) []byte { return request }),
		method("Answer", func([]byte) []byte { return answer }),
	}}, nil)
	return listenBare(b, server)
}

func listenBare(b *testing.B, server *grpc.Server) string {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, listener, err)
	go func() { _ = server.Serve(listener) }()
	b.Cleanup(server.Stop)
	return listener.Addr().String()
}

// dialRaw returns a connection whose messages are bytes.
func dialRaw(b *testing.B, address string) *grpc.ClientConn {
	b.Helper()
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodecV2(rawCodec{})))
	must(b, conn, err)
	b.Cleanup(func() { _ = conn.Close() })
	return conn
}

func invoke(b *testing.B, conn *grpc.ClientConn, method string, request []byte) []byte {
	b.Helper()
	var answer []byte
	if err := conn.Invoke(b.Context(), method, &request, &answer); err != nil {
		b.Error(err)
	}
	return answer
}

// rawCodec passes bytes through.
type rawCodec struct{}

func (rawCodec) Name() string { return "proto" }

func (rawCodec) Marshal(v any) (mem.BufferSlice, error) {
	b, ok := v.(*[]byte)
	if !ok {
		return nil, fmt.Errorf("%T is not bytes", v)
	}
	return mem.BufferSlice{mem.SliceBuffer(*b)}, nil
}

func (rawCodec) Unmarshal(data mem.BufferSlice, v any) error {
	b, ok := v.(*[]byte)
	if !ok {
		return fmt.Errorf("%T is not bytes", v)
	}
	*b = data.Materialize()
	return nil
}
