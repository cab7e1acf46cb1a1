package article

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// ApplyMask returns base with the fields that mask names taken from change: all
// that are set in change when mask is empty, all of mutable for "*". A path may
// go down into messages and maps ("cover.alt", "annotations.key"). The name, etag
// and language of a resource may be named and change nothing. It fails with
// INVALID_FIELD_MASK for a path that does not exist or is not mutable.
func ApplyMask[M proto.Message](base, change M, mask *fieldmaskpb.FieldMask, mutable []protoreflect.Name) (M, error) {
	result := proto.CloneOf(base)
	to, from := result.ProtoReflect(), change.ProtoReflect()
	paths := mask.GetPaths()
	switch {
	case len(paths) == 0:
		paths = setFields(from, mutable)
	case len(paths) == 1 && paths[0] == "*":
		paths = nil
		for _, name := range mutable {
			paths = append(paths, string(name))
		}
	}
	for _, path := range paths {
		head, _, _ := strings.Cut(path, ".")
		switch {
		case slices.Contains([]string{"name", "etag", "language_code"}, path) && exists(to.Descriptor(), []string{path}):
			continue
		case !slices.Contains(mutable, protoreflect.Name(head)):
			return base, badPath(path)
		case !assign(to, from, strings.Split(path, ".")):
			return base, badPath(path)
		}
	}
	return proto.CloneOf(result), nil
}

func setFields(m protoreflect.Message, mutable []protoreflect.Name) []string {
	var paths []string
	for _, name := range mutable {
		if m.Has(m.Descriptor().Fields().ByName(name)) {
			paths = append(paths, string(name))
		}
	}
	return paths
}

// assign copies one path and reports whether the message has it.
func assign(to, from protoreflect.Message, path []string) bool {
	field := to.Descriptor().Fields().ByName(protoreflect.Name(path[0]))
	if field == nil {
		return false
	}
	switch {
	case len(path) == 1 && from.Has(field):
		to.Set(field, from.Get(field))
		return true
	case len(path) == 1:
		to.Clear(field)
		return true
	case field.IsMap() && len(path) == 2 && field.MapKey().Kind() == protoreflect.StringKind:
		key := protoreflect.ValueOfString(path[1]).MapKey()
		if from.Get(field).Map().Has(key) {
			to.Mutable(field).Map().Set(key, from.Get(field).Map().Get(key))
		} else if to.Has(field) {
			to.Mutable(field).Map().Clear(key)
		}
		return true
	case field.IsList() || field.IsMap() || field.Message() == nil:
		return false
	case !from.Has(field) && !to.Has(field):
		return exists(field.Message(), path[1:])
	}
	return assign(to.Mutable(field).Message(), from.Get(field).Message(), path[1:])
}

// exists reports whether the path names a field of the message.
func exists(m protoreflect.MessageDescriptor, path []string) bool {
	for i, name := range path {
		field := m.Fields().ByName(protoreflect.Name(name))
		switch {
		case field == nil:
			return false
		case i == len(path)-1:
			return true
		case field.IsList() || field.IsMap() || field.Message() == nil:
			return false
		}
		m = field.Message()
	}
	return false
}

func badPath(path string) error {
	return fault.Invalid("update_mask", faultv1.Reason_REASON_INVALID_FIELD_MASK,
		"%q is not a field that can be changed; remove it from the mask", clip(path)).With("path", clip(path))
}
