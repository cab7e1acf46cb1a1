package rpc

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// unknownField returns the path of the first field in m, at any depth, that
// this build does not know, such as "article.blocks[2].99". Messages inside a
// google.protobuf.Any are not opened. The path is put together on the way back,
// so that nothing is spent on the paths of what is known.
func unknownField(m protoreflect.Message) (path string, found bool) {
	if unknown := m.GetUnknown(); len(unknown) > 0 {
		number, _, _ := protowire.ConsumeTag(unknown)
		return fmt.Sprint(number), true
	}
	m.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		if path, found = unknownIn(field, value); found {
			path = field.TextName() + path
		}
		return !found
	})
	return path, found
}

// unknownIn is unknownField for the value of one field; the path begins with
// what follows the field's name.
func unknownIn(field protoreflect.FieldDescriptor, value protoreflect.Value) (path string, found bool) {
	switch {
	case field.IsMap():
		if field.MapValue().Message() == nil {
			return "", false
		}
		value.Map().Range(func(key protoreflect.MapKey, item protoreflect.Value) bool {
			if path, found = unknownField(item.Message()); found {
				path = fmt.Sprintf("[%q].%s", key.String(), path)
			}
			return !found
		})
		return path, found
	case field.Message() == nil:
		return "", false
	case field.IsList():
		list := value.List()
		for i := range list.Len() {
			if path, found := unknownField(list.Get(i).Message()); found {
				return fmt.Sprintf("[%d].%s", i, path), true
			}
		}
		return "", false
	}
	path, found = unknownField(value.Message())
	return "." + path, found
}
