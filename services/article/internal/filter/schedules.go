package filter

import (
	"google.golang.org/protobuf/reflect/protoreflect"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// Schedules returns the fields of schedules.
func Schedules() Fields[*articlev1.Schedule] {
	return Fields[*articlev1.Schedule]{
		"state": Enum("STATE_", articlev1.Schedule_State(0).Descriptor().Values(),
			func(s *articlev1.Schedule) protoreflect.EnumNumber { return s.GetState().Number() }),
		"action": Enum("ACTION_", articlev1.Schedule_Action(0).Descriptor().Values(),
			func(s *articlev1.Schedule) protoreflect.EnumNumber { return s.GetAction().Number() }),
		"late":      Bool((*articlev1.Schedule).GetLate),
		"fire_time": Time((*articlev1.Schedule).GetFireTime),
	}
}
