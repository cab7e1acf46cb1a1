package photo_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

func TestRightsOf(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	past, later, latest := timestamppb.New(now), timestamppb.New(now.Add(time.Hour)), timestamppb.New(now.Add(2*time.Hour))
	named := func(children bool, c *mediav1.Consent) *mediav1.PeopleShown {
		return &mediav1.PeopleShown{Presence: mediav1.PeopleShown_PRESENCE_NAMED, Children: children, Consent: c}
	}
	for _, test := range []struct {
		name     string
		photo    *mediav1.Photo
		problems []mediav1.Rights_Problem
		expires  *timestamppb.Timestamp
	}{
		{name: "nothing said", photo: &mediav1.Photo{}},
		{name: "license without an end", photo: &mediav1.Photo{License: &mediav1.License{SpdxId: "CC0-1.0"}}},
		{name: "license that lasts", photo: &mediav1.Photo{License: &mediav1.License{ExpireTime: later}}, expires: later},
		{
			name: "license at its end", photo: &mediav1.Photo{License: &mediav1.License{ExpireTime: past}}, expires: past,
			problems: []mediav1.Rights_Problem{mediav1.Rights_PROBLEM_LICENSE_EXPIRED},
		},
		{
			name: "crowd with children", photo: &mediav1.Photo{PeopleShown: &mediav1.PeopleShown{
				Presence: mediav1.PeopleShown_PRESENCE_CROWD, Children: true,
			}},
		},
		{
			name: "named without a basis", photo: &mediav1.Photo{PeopleShown: named(false, &mediav1.Consent{Purpose: "news"})},
			problems: []mediav1.Rights_Problem{mediav1.Rights_PROBLEM_CONSENT_MISSING},
		},
		{name: "named at a public event", photo: &mediav1.Photo{PeopleShown: named(false, &mediav1.Consent{Basis: mediav1.Consent_BASIS_JOURNALISM})}},
		{
			name: "named children agreed themselves", photo: &mediav1.Photo{PeopleShown: named(true, &mediav1.Consent{Basis: mediav1.Consent_BASIS_CONSENT})},
			problems: []mediav1.Rights_Problem{mediav1.Rights_PROBLEM_GUARDIAN_CONSENT_MISSING},
		},
		{
			name: "named children, nothing said", photo: &mediav1.Photo{PeopleShown: named(true, nil)},
			problems: []mediav1.Rights_Problem{mediav1.Rights_PROBLEM_GUARDIAN_CONSENT_MISSING},
		},
		{
			name: "guardians agreed for a time", expires: later,
			photo: &mediav1.Photo{
				License:     &mediav1.License{ExpireTime: latest},
				PeopleShown: named(true, &mediav1.Consent{Basis: mediav1.Consent_BASIS_GUARDIAN_CONSENT, ExpireTime: later}),
			},
		},
		{
			name: "everything at once", expires: past,
			photo: &mediav1.Photo{
				State: mediav1.Photo_STATE_WITHDRAWN, License: &mediav1.License{ExpireTime: past},
				PeopleShown: named(false, &mediav1.Consent{ExpireTime: past}),
			},
			problems: []mediav1.Rights_Problem{
				mediav1.Rights_PROBLEM_LICENSE_EXPIRED, mediav1.Rights_PROBLEM_CONSENT_EXPIRED,
				mediav1.Rights_PROBLEM_CONSENT_MISSING, mediav1.Rights_PROBLEM_WITHDRAWN,
			},
		},
		{
			name: "deleted", photo: &mediav1.Photo{State: mediav1.Photo_STATE_DELETED},
			problems: []mediav1.Rights_Problem{mediav1.Rights_PROBLEM_DELETED},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := &mediav1.Rights{Cleared: len(test.problems) == 0, Problems: test.problems, ExpireTime: test.expires}
			if diff := cmp.Diff(want, photo.RightsOf(test.photo, now), protocmp.Transform()); diff != "" {
				t.Errorf("rights (-want +got):\n%s", diff)
			}
			if got := photo.Public(test.photo, now); got {
				t.Error("a photo that no article uses is public")
			}
			test.photo.Published = true
			if got := photo.Public(test.photo, now); got != want.GetCleared() {
				t.Errorf("Public() = %v", got)
			}
			if got, want := photo.Ends(test.photo), test.expires; want != nil && !got.Equal(want.AsTime()) || want == nil && !got.IsZero() {
				t.Errorf("Ends() = %v, want %v", got, want)
			}
		})
	}
}

// TestRightsEndInTime looks at the moments around an end.
func TestRightsEndInTime(t *testing.T) {
	end := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	p := &mediav1.Photo{License: &mediav1.License{ExpireTime: timestamppb.New(end)}}
	for at, want := range map[time.Time]bool{end.Add(-time.Microsecond): true, end: false, end.Add(time.Microsecond): false} {
		if got := photo.Cleared(p, at); got != want {
			t.Errorf("at %s cleared = %v, want %v", at, got, want)
		}
	}
}

// TestRedact sees that readers are not told what only colleagues may know.
func TestRedact(t *testing.T) {
	p := &mediav1.Photo{
		Credit: "Ona", Creator: "ona@example.lt", Filename: "ona-onaite.jpg", WithdrawalReason: "Prašymas",
		PeopleShown: &mediav1.PeopleShown{PeopleNames: []string{"Ona"}}, Suggestions: &mediav1.PhotoSuggestions{Alt: "Ona"},
		FormatStatuses: []*mediav1.FormatStatus{{State: mediav1.FormatStatus_STATE_FAILED, Failure: "dial tcp 10.0.0.3:9000"}},
	}
	photo.Redact(p)
	want := &mediav1.Photo{Credit: "Ona", FormatStatuses: []*mediav1.FormatStatus{{State: mediav1.FormatStatus_STATE_FAILED}}}
	if diff := cmp.Diff(want, p, protocmp.Transform()); diff != "" {
		t.Errorf("readers are shown (-want +got):\n%s", diff)
	}
}
