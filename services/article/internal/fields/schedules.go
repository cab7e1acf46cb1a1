package fields

import (
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/skaitykla/skaitykla/internal/filter"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// Schedules returns the fields of schedules.
func Schedules() filter.Fields[*articlev1.Schedule] {
	return filter.Fields[*articlev1.Schedule]{
		"state": filter.Enum("STATE_", articlev1.Schedule_State(0).Descriptor().Values(),
			func(s *articlev1.Schedule) protoreflect.EnumNumber { return s.GetState().Number() }),
		"action": filter.Enum("ACTION_", articlev1.Schedule_Action(0).Descriptor().Values(),
			func(s *articlev1.Schedule) protoreflect.EnumNumber { return s.GetAction().Number() }),
		"late":      filter.Bool((*articlev1.Schedule).GetLate),
		"fire_time": filter.Time((*articlev1.Schedule).GetFireTime),
	}
}
