package testkit

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// otherSite is where the principals of As have no roles.
const otherSite = "sites/kita"

// WalkPermissions calls every method of the services as every role, on the
// site of the roles and on another one, for the public part and for the working
// copy, and checks that the production chain lets in exactly those whom the
// matrix does. It calls doors, not the services behind them.
func WalkPermissions(t *testing.T, services ...protoreflect.ServiceDescriptor) {
	t.Helper()
	server := Start(t, func(r grpc.ServiceRegistrar) {
		for _, s := range services {
			r.RegisterService(door(s), nil)
		}
	})
	for _, role := range auth.Roles() {
		conn := server.As(role)
		for _, s := range services {
			for i := range s.Methods().Len() {
				w := walk{t: t, conn: conn, role: role, method: s.Methods().Get(i)}
				w.all()
			}
		}
	}
}

// walk is one method called as one role.
type walk struct {
	t      *testing.T
	conn   *grpc.ClientConn
	role   auth.Role
	method protoreflect.MethodDescriptor
}

func (w walk) all() {
	w.t.Helper()
	access, err := rpc.AccessOf(w.method)
	must(w.t, err)
	for _, site := range []string{Site, otherSite, "sites/-"} {
		req := message(w.t, w.method.Input())
		scoped := setSite(req.ProtoReflect(), site, true)
		w.one(req, site, scoped, auth.Permission(access.GetPermission()))
		for _, change := range askForWorking(req.ProtoReflect()) {
			req := proto.Clone(req)
			change(req.ProtoReflect())
			want := access.GetWorkingPermission()
			if want == "" {
				want = access.GetPermission()
			}
			w.one(req, site, scoped, auth.Permission(want))
		}
	}
}

// one makes one call and compares the answer with the matrix.
func (w walk) one(req proto.Message, site string, scoped bool, permission auth.Permission) {
	w.t.Helper()
	if site == "sites/-" || !scoped {
		site = auth.EverySite
	}
	want := PrincipalOf(w.role).Grant(permission, site) != auth.None
	err := w.call(req)
	if err == nil {
		w.t.Fatalf("%s: the door let the call through to nowhere", w.method.FullName())
	}
	var got bool
	switch reason := rpc.FromStatus(err).Reason; reason {
	case faultv1.Reason_REASON_TOKEN_REQUIRED, faultv1.Reason_REASON_PERMISSION_DENIED:
		if named := rpc.FromStatus(err).Metadata["permission"]; named != string(permission) {
			w.t.Errorf("%s as %s: denied for want of %q, want %q", w.method.FullName(), w.role, named, permission)
		}
	case faultv1.Reason_REASON_WRONG_STATE, faultv1.Reason_REASON_INVALID_FIELD:
		got = true // reached the door, or the validation right before it
	default:
		w.t.Errorf("%s as %s: unexpected %v", w.method.FullName(), w.role, err)
	}
	if got != want {
		w.t.Errorf("%s as %s on %s for %s: let in %t, want %t", w.method.FullName(), w.role, site, permission, got, want)
	}
}

func (w walk) call(req proto.Message) error {
	name := fmt.Sprintf("/%s/%s", w.method.Parent().FullName(), w.method.Name())
	reply := message(w.t, w.method.Output())
	if !w.method.IsStreamingClient() && !w.method.IsStreamingServer() {
		return w.conn.Invoke(w.t.Context(), name, req, reply)
	}
	stream, err := w.conn.NewStream(w.t.Context(), &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, name)
	must(w.t, err)
	// A refusal may come before the send ends; RecvMsg then has the reason.
	if err := stream.SendMsg(req); err == nil {
		must(w.t, stream.CloseSend())
	}
	return stream.RecvMsg(reply)
}

// door is a service whose methods do nothing but say that they were reached.
func door(s protoreflect.ServiceDescriptor) *grpc.ServiceDesc {
	reached := fault.New(faultv1.Reason_REASON_WRONG_STATE, "reached")
	desc := &grpc.ServiceDesc{ServiceName: string(s.FullName())}
	for i := range s.Methods().Len() {
		m := s.Methods().Get(i)
		input, err := protoregistry.GlobalTypes.FindMessageByName(m.Input().FullName())
		if err != nil {
			continue // NewServer fails on it with a better message
		}
		if m.IsStreamingClient() || m.IsStreamingServer() {
			desc.Streams = append(desc.Streams, grpc.StreamDesc{
				StreamName: string(m.Name()), ClientStreams: m.IsStreamingClient(), ServerStreams: m.IsStreamingServer(),
				Handler: func(_ any, stream grpc.ServerStream) error {
					if err := stream.RecvMsg(input.New().Interface()); err != nil {
						return err
					}
					return reached
				},
			})
			continue
		}
		info := &grpc.UnaryServerInfo{FullMethod: fmt.Sprintf("/%s/%s", s.FullName(), m.Name())}
		desc.Methods = append(desc.Methods, grpc.MethodDesc{
			MethodName: string(m.Name()),
			Handler: func(_ any, ctx context.Context, decode func(any) error, chain grpc.UnaryServerInterceptor) (any, error) {
				req := input.New().Interface()
				if err := decode(req); err != nil {
					return nil, err
				}
				return chain(ctx, req, info, func(context.Context, any) (any, error) { return nil, reached })
			},
		})
	}
	return desc
}

func message(t *testing.T, d protoreflect.MessageDescriptor) proto.Message {
	t.Helper()
	m, err := protoregistry.GlobalTypes.FindMessageByName(d.FullName())
	must(t, err)
	return m.New().Interface()
}

// setSite makes a request be about a site and reports whether it has a place
// to say so.
func setSite(m protoreflect.Message, site string, top bool) bool {
	for _, name := range []protoreflect.Name{"name", "parent", "site", "article", "photo"} {
		f := m.Descriptor().Fields().ByName(name)
		if f != nil && f.Kind() == protoreflect.StringKind && !f.IsList() {
			m.Set(f, protoreflect.ValueOfString(site+"/articles/x"))
			return true
		}
	}
	if !top {
		return false
	}
	found := false
	for i := range m.Descriptor().Fields().Len() {
		f := m.Descriptor().Fields().Get(i)
		if f.Message() != nil && !f.IsList() && !f.IsMap() && hasName(f.Message()) {
			found = setSite(m.Mutable(f).Message(), site, false) || found
		}
	}
	return found
}

func hasName(d protoreflect.MessageDescriptor) bool {
	return d.Fields().ByName("name") != nil || d.Fields().ByName("parent") != nil
}

// askForWorking returns the ways in which a request can ask for more than the
// public part.
func askForWorking(m protoreflect.Message) []func(protoreflect.Message) {
	var ways []func(protoreflect.Message)
	if f := m.Descriptor().Fields().ByName("show_deleted"); f != nil {
		ways = append(ways, func(m protoreflect.Message) { m.Set(f, protoreflect.ValueOfBool(true)) })
	}
	f := m.Descriptor().Fields().ByName("view")
	if f == nil || f.Enum() == nil {
		return ways
	}
	for i := range f.Enum().Values().Len() {
		v := f.Enum().Values().Get(i)
		if strings.HasSuffix(string(v.Name()), "_WORKING") {
			ways = append(ways, func(m protoreflect.Message) { m.Set(f, protoreflect.ValueOfEnum(v.Number())) })
		}
	}
	return ways
}
