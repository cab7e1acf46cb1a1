package cards_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/cards"
)

func TestShowable(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	licensed := func(end time.Time) *mediav1.Photo {
		return &mediav1.Photo{State: mediav1.Photo_STATE_ACTIVE, License: &mediav1.License{ExpireTime: timestamppb.New(end)}}
	}
	for name, test := range map[string]struct {
		photo *mediav1.Photo
		want  bool
	}{
		"nothing said":        {&mediav1.Photo{State: mediav1.Photo_STATE_PROCESSING}, true},
		"license that lasts":  {licensed(now.Add(time.Second)), true},
		"license that ended":  {licensed(now), false},
		"named without basis": {&mediav1.Photo{State: mediav1.Photo_STATE_ACTIVE, PeopleShown: &mediav1.PeopleShown{Presence: mediav1.PeopleShown_PRESENCE_NAMED}}, false},
		"withdrawn":           {&mediav1.Photo{State: mediav1.Photo_STATE_WITHDRAWN}, false},
		"deleted":             {&mediav1.Photo{State: mediav1.Photo_STATE_DELETED}, false},
		"no record":           {nil, false},
	} {
		if got := cards.Showable(test.photo, now); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}
