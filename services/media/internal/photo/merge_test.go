package photo_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// full has every content field set; its values differ with the text.
func full(text string) *mediav1.Photo {
	return &mediav1.Photo{
		Alts: map[string]string{"lt": text}, Captions: map[string]string{"lt": text}, Credit: text, Filename: text, Author: text,
		CopyrightNotice: text, License: &mediav1.License{Terms: text}, Source: text, Tags: []string{text},
		PeopleShown: &mediav1.PeopleShown{Presence: mediav1.PeopleShown_PRESENCE_NAMED, PeopleNames: []string{text}},
		FocalPoint:  &mediav1.Photo_FocalPoint{X: 1 / float64(len(text))}, CaptureTime: &timestamppb.Timestamp{Seconds: int64(len(text))},
	}
}

// TestFields holds that the contract's optional fields are the content, but
// for the etag.
func TestFields(t *testing.T) {
	var set []string
	full("x").ProtoReflect().Range(func(f protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
		set = append(set, string(f.Name()))
		return true
	})
	if len(set) != len(photo.Fields()) {
		t.Errorf("the test sets %v, the content is %v", set, photo.Fields())
	}
	if diff := cmp.Diff(photo.Fields(), photo.Changed(&mediav1.Photo{}, full("x"))); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}
	if changed := photo.Changed(full("x"), full("x")); changed != nil {
		t.Errorf("%v of the same differ", changed)
	}
}

// TestTwoEditors lets two editors save from the same revision: whatever two
// fields they change, both edits stand; of the same field the second conflicts.
func TestTwoEditors(t *testing.T) {
	const uid = "u"
	old, now := photo.Etag(uid, 1), photo.Etag(uid, 2)
	base := full("old")
	for _, theirs := range photo.Fields() {
		current := proto.CloneOf(base)
		photo.Copy(current, full("theirs"), []string{theirs})
		current.Uid, current.Etag = uid, now
		for _, yours := range photo.Fields() {
			edit := photo.Edit{Content: full("yours, longer"), Fields: []string{yours}, Etag: old}
			got, err := edit.Apply(current, base, nil, time.Unix(1, 0))
			if yours == theirs {
				testkit.WantReason(t, err, faultv1.Reason_REASON_EDIT_CONFLICT)
				continue
			}
			if err != nil {
				t.Fatalf("%s after %s: %v", yours, theirs, err)
			}
			want := proto.CloneOf(base)
			photo.Copy(want, full("theirs"), []string{theirs})
			photo.Copy(want, full("yours, longer"), []string{yours})
			if diff := cmp.Diff(want, got, protocmp.Transform(), protocmp.IgnoreFields(&mediav1.Photo{}, "uid", "etag", "update_time")); diff != "" {
				t.Errorf("%s after %s (-want +got):\n%s", yours, theirs, diff)
			}
		}
	}
}

// TestPartsOfTheLicenseConflict holds that license and people are edited as a
// whole: half of one editor's terms with half of another's would be nobody's.
func TestPartsOfTheLicenseConflict(t *testing.T) {
	base := &mediav1.Photo{License: &mediav1.License{SpdxId: "CC-BY-4.0"}}
	current := &mediav1.Photo{Uid: "u", Etag: photo.Etag("u", 2), License: &mediav1.License{SpdxId: "CC-BY-4.0", Terms: "theirs"}}
	edit := photo.Edit{
		Content: &mediav1.Photo{License: &mediav1.License{SpdxId: "CC-BY-4.0", ExpireTime: timestamppb.New(time.Unix(9, 0))}},
		Fields:  []string{"license"}, Etag: photo.Etag("u", 1),
	}
	_, err := edit.Apply(current, base, nil, time.Unix(1, 0))
	testkit.WantReason(t, err, faultv1.Reason_REASON_EDIT_CONFLICT)
}

func TestCopyOwnsItsValues(t *testing.T) {
	from, to := full("a"), &mediav1.Photo{}
	photo.Copy(to, from, photo.Fields())
	from.Tags[0], from.License.Terms, from.Alts["lt"] = "b", "b", "b"
	if diff := cmp.Diff(full("a"), to, protocmp.Transform()); diff != "" {
		t.Errorf("the copy changed with its source:\n%s", diff)
	}
	photo.Copy(to, &mediav1.Photo{}, photo.Fields())
	if changed := photo.Changed(to, &mediav1.Photo{}); changed != nil {
		t.Errorf("%v were not cleared", changed)
	}
}
