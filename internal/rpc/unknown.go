package rpc

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// unknownField returns the path of the first field in m, at any depth, that
// this build does not know, such as "article.blocks[2].99". Messages inside a
// google.protobuf.Any are not opened.
func unknownField(m protoreflect.Message, path string) (string, bool) {
	if unknown := m.GetUnknown(); len(unknown) > 0 {
		number, _, _ := protowire.ConsumeTag(unknown)
		return join(path, fmt.Sprint(number)), true
	}
	found := ""
	m.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		found = unknownIn(field, value, path)
		return found == ""
	})
	return found, found != ""
}

// unknownIn is unknownField for the value of one field; "" means none.
func unknownIn(field protoreflect.FieldDescriptor, value protoreflect.Value, path string) string {
	name := join(path, field.TextName())
	switch {
	case field.IsMap():
		if field.MapValue().Message() == nil {
			return ""
		}
		found := ""
		value.Map().Range(func(key protoreflect.MapKey, item protoreflect.Value) bool {
			found, _ = unknownField(item.Message(), fmt.Sprintf("%s[%q]", name, key.String()))
			return found == ""
		})
		return found
	case field.Message() == nil:
		return ""
	case field.IsList():
		list := value.List()
		for i := range list.Len() {
			if found, ok := unknownField(list.Get(i).Message(), fmt.Sprintf("%s[%d]", name, i)); ok {
				return found
			}
		}
		return ""
	}
	found, _ := unknownField(value.Message(), name)
	return found
}

func join(path, name string) string {
	return strings.TrimPrefix(path+"."+name, ".")
}
