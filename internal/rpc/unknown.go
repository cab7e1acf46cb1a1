package rpc

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// shape tells of each message type which of its fields hold messages, so that
// looking for unknown fields passes by all the others.
type shape map[protoreflect.FullName][]protoreflect.FieldDescriptor

// learn adds a message type and all that it is made of.
func (s shape) learn(d protoreflect.MessageDescriptor) {
	if _, known := s[d.FullName()]; known {
		return
	}
	s[d.FullName()] = nil
	for i := range d.Fields().Len() {
		field := d.Fields().Get(i)
		inner := field.Message()
		if field.IsMap() {
			inner = field.MapValue().Message()
		}
		if inner != nil {
			s[d.FullName()] = append(s[d.FullName()], field)
			s.learn(inner)
		}
	}
}

// unknown returns the path of the first field in m, at any depth, that this
// build does not know, such as "article.blocks[2].99". Messages inside a
// google.protobuf.Any are not opened. The path is put together on the way back,
// so that nothing is spent on the paths of what is known.
func (s shape) unknown(m protoreflect.Message) (path string, found bool) {
	if unknown := m.GetUnknown(); len(unknown) > 0 {
		number, _, _ := protowire.ConsumeTag(unknown)
		return fmt.Sprint(number), true
	}
	for _, field := range s[m.Descriptor().FullName()] {
		if !m.Has(field) {
			continue
		}
		if path, found := s.unknownIn(field, m.Get(field)); found {
			return field.TextName() + path, true
		}
	}
	return "", false
}

// unknownIn is unknown for the value of one field; the path begins with what
// follows the field's name.
func (s shape) unknownIn(field protoreflect.FieldDescriptor, value protoreflect.Value) (path string, found bool) {
	switch {
	case field.IsMap():
		value.Map().Range(func(key protoreflect.MapKey, item protoreflect.Value) bool {
			if path, found = s.unknown(item.Message()); found {
				path = fmt.Sprintf("[%q].%s", key.String(), path)
			}
			return !found
		})
		return path, found
	case field.IsList():
		list := value.List()
		for i := range list.Len() {
			if path, found := s.unknown(list.Get(i).Message()); found {
				return fmt.Sprintf("[%d].%s", i, path), true
			}
		}
		return "", false
	}
	path, found = s.unknown(value.Message())
	return "." + path, found
}
