package rest

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
)

type impliedMaskKey struct{}

// noteMask marks a PATCH that names no update mask. The generated handler then
// makes one of the fields in the body.
func noteMask(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if r.Method == http.MethodPatch && !q.Has("updateMask") && !q.Has("update_mask") {
			r = r.WithContext(context.WithValue(r.Context(), impliedMaskKey{}, true))
		}
		next.ServeHTTP(w, r)
	})
}

// trimMask brings a mask that was made of a body into the shape of the
// contract: top-level fields that callers may set. So a client may send back a
// whole resource that it read, and a field that it sent empty is emptied.
func trimMask(ctx context.Context, method string, req, answer any, conn *grpc.ClientConn,
	invoke grpc.UnaryInvoker, opts ...grpc.CallOption,
) error {
	if m, ok := req.(proto.Message); ok {
		if implied, _ := ctx.Value(impliedMaskKey{}).(bool); implied {
			trim(m.ProtoReflect())
		} else {
			rename(m.ProtoReflect())
		}
	}
	return invoke(ctx, method, req, answer, conn, opts...)
}

// maskOf returns the update_mask of a request that has one, and the resource it
// is about; nil for none.
func maskOf(m protoreflect.Message) (*fieldmaskpb.FieldMask, protoreflect.MessageDescriptor) {
	fields := m.Descriptor().Fields()
	maskField := fields.ByName("update_mask")
	if maskField == nil || !m.Has(maskField) {
		return nil, nil
	}
	mask, ok := m.Get(maskField).Message().Interface().(*fieldmaskpb.FieldMask)
	resource := resourceOf(fields)
	if !ok || resource == nil {
		return nil, nil
	}
	return mask, resource
}

// rename gives the fields in a mask of the caller's own their proto names: in
// JSON they are written as elsewhere in JSON, such as languageCode. What is no
// field stays for the service to refuse.
func rename(m protoreflect.Message) {
	mask, resource := maskOf(m)
	for i, path := range mask.GetPaths() {
		parts := strings.Split(path, ".")
		in := resource
		for j, part := range parts {
			field := in.Fields().ByJSONName(part)
			if field == nil {
				field = in.Fields().ByName(protoreflect.Name(part))
			}
			if field == nil {
				break
			}
			parts[j] = string(field.Name())
			if in = field.Message(); in == nil || field.IsMap() {
				break
			}
		}
		mask.Paths[i] = strings.Join(parts, ".")
	}
}

// trim rewrites the update_mask of a request that has one.
func trim(m protoreflect.Message) {
	mask, resource := maskOf(m)
	if mask == nil {
		return
	}
	var paths []string
	for _, path := range mask.GetPaths() {
		top, _, _ := strings.Cut(path, ".")
		if settable(resource.Fields().ByTextName(top)) {
			paths = append(paths, top)
		}
	}
	slices.Sort(paths)
	mask.Paths = slices.Compact(paths)
}

// resourceOf returns the message that an update request changes: its one field
// of a message type besides the mask.
func resourceOf(fields protoreflect.FieldDescriptors) protoreflect.MessageDescriptor {
	for i := range fields.Len() {
		if f := fields.Get(i); f.Message() != nil && f.Name() != "update_mask" {
			return f.Message()
		}
	}
	return nil
}

// settable reports whether callers may change the field. The etag is sent in
// the resource but is not a part of it to change.
func settable(field protoreflect.FieldDescriptor) bool {
	if field == nil || field.Name() == "etag" {
		return false
	}
	behaviors, _ := proto.GetExtension(field.Options(), annotations.E_FieldBehavior).([]annotations.FieldBehavior)
	return !slices.Contains(behaviors, annotations.FieldBehavior_OUTPUT_ONLY) &&
		!slices.Contains(behaviors, annotations.FieldBehavior_IDENTIFIER)
}
