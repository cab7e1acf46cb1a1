package photo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

func TestParseName(t *testing.T) {
	for _, good := range []string{"sites/abc/photos/xyz", "sites/vilkaviskis/photos/a-1", "sites/abc/photos/" + strings.Repeat("x", 63)} {
		name, err := photo.ParseName("name", good)
		if err != nil || name.String() != good {
			t.Errorf("ParseName(%q) = %v, %v", good, name, err)
		}
	}
	for _, bad := range []string{
		"", "sites/abc", "sites/abc/photos/", "sites/abc/photos/ab", "sites/abc/photos/1bc", "sites/abc/photos/Abc",
		"sites/-/photos/abc", "sites/abc/articles/abc", "sites/abc/photos/abc/x", "/sites/abc/photos/abc",
		"sites/abc/photos/" + strings.Repeat("x", 64), "sites/abc/photos/ab%2f", "sites/abc/photos/a\x00b",
	} {
		_, err := photo.ParseName("name", bad)
		testkit.WantReason(t, err, faultv1.Reason_REASON_INVALID_FIELD)
	}
}

func TestNewIDIsValid(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		id := photo.NewID()
		if _, err := photo.ParseName("name", "sites/abc/photos/"+id); err != nil || len(id) != 16 || seen[id] {
			t.Fatalf("NewID() = %q: %v", id, err)
		}
		seen[id] = true
	}
}

func TestClean(t *testing.T) {
	got, err := photo.Clean(&mediav1.Photo{
		Name: "ignored", Sha256: "ignored", Credit: "Z\u030cilvinas",
		Alts: map[string]string{"LT": "Kny\u0328ga", "en-gb": "Book", "da": ""}, Captions: map[string]string{"da": ""},
	}, "photo")
	if err != nil {
		t.Fatal(err)
	}
	want := &mediav1.Photo{Credit: "Žilvinas", Alts: map[string]string{"lt": "Kny\u0328ga", "en-GB": "Book"}}
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Errorf("Clean (-want +got):\n%s", diff)
	}
}

func TestCleanRefuses(t *testing.T) {
	for _, test := range []struct {
		name  string
		photo *mediav1.Photo
		field string
		want  faultv1.Reason
	}{
		{"control character", &mediav1.Photo{Filename: "a\x1bb"}, "photo.filename", faultv1.Reason_REASON_INVALID_TEXT},
		{"no UTF-8", &mediav1.Photo{Credit: "a\xff"}, "photo.credit", faultv1.Reason_REASON_INVALID_TEXT},
		{"bidirectional override", &mediav1.Photo{Alts: map[string]string{"lt": "a\u202eb"}}, `photo.alts["lt"]`, faultv1.Reason_REASON_INVALID_TEXT},
		{"no language", &mediav1.Photo{Captions: map[string]string{"": "x"}}, `photo.captions[""]`, faultv1.Reason_REASON_INVALID_FIELD},
		{"language twice", &mediav1.Photo{Alts: map[string]string{"lt": "x", "LT": "y"}}, `photo.alts["lt"]`, faultv1.Reason_REASON_INVALID_FIELD},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := photo.Clean(test.photo, "photo")
			if e := testkit.WantReason(t, err, test.want); e.Field != test.field {
				t.Errorf("field = %q, want %q", e.Field, test.field)
			}
		})
	}
}

func TestMask(t *testing.T) {
	p := &mediav1.Photo{Credit: "Ona", Etag: "x", Name: "y"}
	for _, test := range []struct {
		name  string
		paths []string
		want  []string
	}{
		{"empty: what is set", nil, []string{"credit"}},
		{"all", []string{"*"}, photo.Fields()},
		{"some", []string{"filename", "alts", "alts"}, []string{"alts", "filename"}},
		{"with name and etag", []string{"name", "credit", "etag"}, []string{"credit"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := photo.Mask(&fieldmaskpb.FieldMask{Paths: test.paths}, p)
			if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
				t.Errorf("Mask = %v (-want +got):\n%s", err, diff)
			}
		})
	}
	for _, path := range []string{"state", "uid", "nothing", "alts.lt", "license.expire_time", "suggestions", "rights", "", "*"} {
		_, err := photo.Mask(&fieldmaskpb.FieldMask{Paths: []string{"credit", path}}, p)
		testkit.WantReason(t, err, faultv1.Reason_REASON_INVALID_FIELD_MASK)
	}
}

// TestNewSuggests holds that what the file says describes nothing by itself.
func TestNewSuggests(t *testing.T) {
	facts := photo.Facts{Suggestions: &mediav1.PhotoSuggestions{
		Alt: "  Knygos\x00\u202e\tlentynoje ", Credit: strings.Repeat("ž", 2100), Author: "\xff",
		Tags: []string{"Vasara", "", "vasara ", "knygos\n"}, CaptureTime: &timestamppb.Timestamp{Seconds: 1, Nanos: 1500},
	}}
	p, err := photo.New(photo.Name{Site: "abc", ID: "xyz"}, &mediav1.Photo{Author: "Ona"}, facts, "ona", time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	content := &mediav1.Photo{}
	photo.Copy(content, p, photo.Fields())
	if diff := cmp.Diff(&mediav1.Photo{Author: "Ona"}, content, protocmp.Transform()); diff != "" {
		t.Errorf("content (-want +got):\n%s", diff)
	}
	want := &mediav1.PhotoSuggestions{
		Alt: "Knygos lentynoje", Credit: strings.Repeat("ž", 2000), Tags: []string{"Vasara", "knygos"},
		CaptureTime: &timestamppb.Timestamp{Seconds: 1, Nanos: 1000},
	}
	if diff := cmp.Diff(want, p.GetSuggestions(), protocmp.Transform()); diff != "" {
		t.Errorf("suggestions (-want +got):\n%s", diff)
	}
	if p, err = photo.New(photo.Name{}, nil, photo.Facts{}, "ona", time.Unix(0, 0)); err != nil || p.Suggestions != nil {
		t.Errorf("a file that says nothing suggests %v, %v", p.GetSuggestions(), err)
	}
}
