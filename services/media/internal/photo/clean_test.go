package photo_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

func TestCleanRights(t *testing.T) {
	got, err := photo.Clean(&mediav1.Photo{
		Author: "Ona Onaite\u0307", CopyrightNotice: "© 2026", Source: "Archyvas, 12/3",
		License:     &mediav1.License{SpdxId: "cc-by-sa-4.0", Uri: "https://creativecommons.org/licenses/by-sa/4.0/deed.lt"},
		PeopleShown: &mediav1.PeopleShown{Presence: mediav1.PeopleShown_PRESENCE_NAMED, PeopleNames: []string{" Jonas  Jonaitis ", "jonas jonaitis"}, Consent: &mediav1.Consent{}},
		Tags:        []string{"Žiema", "z\u030ciema", "  ", "Vilniaus\u00a0knygų mugė"},
		FocalPoint:  &mediav1.Photo_FocalPoint{X: math.Copysign(0, -1), Y: 1},
		CaptureTime: &timestamppb.Timestamp{Seconds: 10, Nanos: 1_999},
		Suggestions: &mediav1.PhotoSuggestions{Alt: "not theirs to set"}, Rights: &mediav1.Rights{Cleared: true}, Published: true,
	}, "photo")
	if err != nil {
		t.Fatal(err)
	}
	want := &mediav1.Photo{
		Author: "Ona Onaitė", CopyrightNotice: "© 2026", Source: "Archyvas, 12/3",
		License:     &mediav1.License{SpdxId: "CC-BY-SA-4.0", Uri: "https://creativecommons.org/licenses/by-sa/4.0/deed.lt"},
		PeopleShown: &mediav1.PeopleShown{Presence: mediav1.PeopleShown_PRESENCE_NAMED, PeopleNames: []string{"Jonas Jonaitis"}},
		Tags:        []string{"Žiema", "Vilniaus knygų mugė"},
		FocalPoint:  &mediav1.Photo_FocalPoint{Y: 1},
		CaptureTime: &timestamppb.Timestamp{Seconds: 10, Nanos: 1_000},
	}
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Errorf("Clean (-want +got):\n%s", diff)
	}
	empty, err := photo.Clean(&mediav1.Photo{
		License: &mediav1.License{}, PeopleShown: &mediav1.PeopleShown{Consent: &mediav1.Consent{}}, Tags: []string{""},
	}, "photo")
	if err != nil || !proto.Equal(empty, &mediav1.Photo{}) {
		t.Errorf("of what says nothing remains %v, %v", empty, err)
	}
}

func TestCleanRefusesRights(t *testing.T) {
	license := func(l *mediav1.License) *mediav1.Photo { return &mediav1.Photo{License: l} }
	people := func(p *mediav1.PeopleShown) *mediav1.Photo { return &mediav1.Photo{PeopleShown: p} }
	for _, test := range []struct {
		name  string
		photo *mediav1.Photo
		field string
	}{
		{"license that SPDX does not know", license(&mediav1.License{SpdxId: "CC-BY"}), "photo.license.spdx_id"},
		{"expression", license(&mediav1.License{SpdxId: "MIT OR CC0-1.0"}), "photo.license.spdx_id"},
		{"script", license(&mediav1.License{Uri: "javascript:alert(1)"}), "photo.license.uri"},
		{"relative", license(&mediav1.License{Uri: "/licenses/by/4.0"}), "photo.license.uri"},
		{"no host", license(&mediav1.License{Uri: "https:///by"}), "photo.license.uri"},
		{"password", license(&mediav1.License{Uri: "https://ona:x@example.org/"}), "photo.license.uri"},
		{"space", license(&mediav1.License{Uri: "https://example.org/a b"}), "photo.license.uri"},
		{"end of the license", license(&mediav1.License{ExpireTime: &timestamppb.Timestamp{Seconds: 1 << 50}}), "photo.license.expire_time"},
		{"names of a crowd", people(&mediav1.PeopleShown{Presence: mediav1.PeopleShown_PRESENCE_CROWD, PeopleNames: []string{"Ona"}}), "photo.people_shown.people_names"},
		{"unknown presence", people(&mediav1.PeopleShown{Presence: 99}), "photo.people_shown.presence"},
		{"unknown basis", people(&mediav1.PeopleShown{Consent: &mediav1.Consent{Basis: 99}}), "photo.people_shown.consent.basis"},
		{"end of the consent", people(&mediav1.PeopleShown{Consent: &mediav1.Consent{ExpireTime: &timestamppb.Timestamp{Nanos: -1}}}), "photo.people_shown.consent.expire_time"},
		{"no number", &mediav1.Photo{FocalPoint: &mediav1.Photo_FocalPoint{X: math.NaN()}}, "photo.focal_point.x"},
		{"outside", &mediav1.Photo{FocalPoint: &mediav1.Photo_FocalPoint{Y: 1.01}}, "photo.focal_point.y"},
		{"no time", &mediav1.Photo{CaptureTime: &timestamppb.Timestamp{Seconds: -1 << 50}}, "photo.capture_time"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := photo.Clean(test.photo, "photo")
			if e := testkit.WantReason(t, err, faultv1.Reason_REASON_INVALID_FIELD); e.Field != test.field {
				t.Errorf("field = %q, want %q", e.Field, test.field)
			}
		})
	}
	for name, p := range map[string]*mediav1.Photo{
		"photo.author":                         {Author: "a\x00"},
		"photo.copyright_notice":               {CopyrightNotice: "a\u202e"},
		"photo.source":                         {Source: "\xff"},
		"photo.tags[1]":                        {Tags: []string{"a", "b\x07"}},
		"photo.license.terms":                  license(&mediav1.License{Terms: "\x1b"}),
		"photo.people_shown.people_names[0]":   people(&mediav1.PeopleShown{Presence: mediav1.PeopleShown_PRESENCE_NAMED, PeopleNames: []string{"\x00"}}),
		"photo.people_shown.consent.purpose":   people(&mediav1.PeopleShown{Consent: &mediav1.Consent{Purpose: "\x00"}}),
		"photo.people_shown.consent.reference": people(&mediav1.PeopleShown{Consent: &mediav1.Consent{Reference: "\x00"}}),
	} {
		_, err := photo.Clean(p, "photo")
		if e := testkit.WantReason(t, err, faultv1.Reason_REASON_INVALID_TEXT); e.Field != name {
			t.Errorf("field = %q, want %q", e.Field, name)
		}
	}
}

// FuzzClean holds that what is accepted is stable: cleaning it again changes
// nothing, so that a client that sends back what it got changes nothing either.
func FuzzClean(f *testing.F) {
	for _, p := range []*mediav1.Photo{
		{Alts: map[string]string{"LT": "Kny\u0328ga", "iw": "x"}, Tags: []string{"a\u0301", " b\n c "}, Filename: "a.jpg"},
		{License: &mediav1.License{SpdxId: "mit", Uri: "HTTPS://žemė.lt/%7e?x#y", ExpireTime: &timestamppb.Timestamp{Seconds: 1, Nanos: 1}}},
		{PeopleShown: &mediav1.PeopleShown{Presence: 4, PeopleNames: []string{"İ", "i̇"}, Consent: &mediav1.Consent{Basis: 2}}},
		{FocalPoint: &mediav1.Photo_FocalPoint{X: math.Copysign(0, -1)}, CaptureTime: &timestamppb.Timestamp{}},
	} {
		data, err := proto.Marshal(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p := &mediav1.Photo{}
		if proto.Unmarshal(data, p) != nil {
			return
		}
		// As bytes: a clone would lose the sign of a zero.
		before := encode(t, p)
		clean, err := photo.Clean(p, "photo")
		if !bytes.Equal(before, encode(t, p)) {
			t.Error("Clean changed what it was given")
		}
		if err != nil {
			return
		}
		again, err := photo.Clean(clean, "photo")
		if err != nil {
			t.Fatalf("what was accepted is refused: %v", err)
		}
		if diff := cmp.Diff(clean, again, protocmp.Transform()); diff != "" {
			t.Errorf("Clean is not stable (-once +twice):\n%s", diff)
		}
		if changed := photo.Changed(clean, again); changed != nil {
			t.Errorf("%v differ", changed)
		}
		if strings.ContainsAny(clean.GetLicense().GetUri(), " \n\t") {
			t.Errorf("the address %q has a space", clean.GetLicense().GetUri())
		}
	})
}

func encode(t *testing.T, p *mediav1.Photo) []byte {
	t.Helper()
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
