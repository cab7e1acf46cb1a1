package sharelink

import (
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/skaitykla/skaitykla/internal/filter"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// Fields are what links can be filtered by.
func Fields() filter.Fields[Link] {
	return filter.Fields[Link]{
		"article": filter.Text(func(l Link) string { return l.ArticleName().String() }),
		"kind": filter.Enum("KIND_", sharingv1.ShareLink_Kind(0).Descriptor().Values(), func(l Link) protoreflect.EnumNumber {
			return l.Record.GetKind().Number()
		}),
		"state": filter.Enum("STATE_", sharingv1.ShareLink_State(0).Descriptor().Values(), func(l Link) protoreflect.EnumNumber {
			return l.State().Number()
		}),
	}
}
