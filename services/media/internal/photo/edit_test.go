package photo_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

func TestEditApply(t *testing.T) {
	const uid = "u"
	old, now := photo.Etag(uid, 1), photo.Etag(uid, 2)
	base := &mediav1.Photo{Credit: "Ona", Filename: "a.jpg"}
	current := &mediav1.Photo{Name: "sites/abc/photos/xyz", Uid: uid, Credit: "Jonas", Filename: "a.jpg", Etag: now}
	for _, test := range []struct {
		name     string
		content  *mediav1.Photo
		fields   []string
		etag     string
		base     *mediav1.Photo
		want     string // credit, filename
		revision int64
		conflict bool
	}{
		{name: "current etag", content: &mediav1.Photo{Credit: "Eglė"}, fields: []string{"credit"}, etag: now, want: "Eglė a.jpg", revision: 3},
		{name: "no change", content: &mediav1.Photo{Credit: "Jonas"}, fields: []string{"credit"}, etag: now, want: "Jonas a.jpg", revision: 2},
		{name: "no change, unknown etag", content: &mediav1.Photo{Credit: "Jonas"}, fields: []string{"credit"}, etag: "x", want: "Jonas a.jpg", revision: 2},
		{name: "another field merges", content: &mediav1.Photo{Filename: "b.jpg"}, fields: []string{"filename"}, etag: old, base: base, want: "Jonas b.jpg", revision: 3},
		{
			name: "what the editor left alone stays theirs", content: &mediav1.Photo{Credit: "Ona", Filename: "b.jpg"},
			fields: photo.Fields(), etag: old, base: base, want: "Jonas b.jpg", revision: 3,
		},
		{name: "the same field", content: &mediav1.Photo{Credit: "Eglė"}, fields: []string{"credit"}, etag: old, base: base, conflict: true},
		{name: "the same change of both", content: &mediav1.Photo{Credit: "Jonas"}, fields: []string{"credit"}, etag: old, base: base, want: "Jonas a.jpg", revision: 2},
		{name: "base no longer known", content: &mediav1.Photo{Filename: "b.jpg"}, fields: []string{"filename"}, etag: old, conflict: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := proto.CloneOf(current)
			edit := photo.Edit{Content: test.content, Fields: test.fields, Etag: test.etag}
			got, err := edit.Apply(current, test.base, nil, time.Unix(1, 0))
			if !proto.Equal(before, current) {
				t.Error("Apply changed the current record")
			}
			if test.conflict {
				testkit.WantReason(t, err, faultv1.Reason_REASON_EDIT_CONFLICT)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got.GetCredit()+" "+got.GetFilename()); diff != "" {
				t.Errorf("content (-want +got):\n%s", diff)
			}
			if revision := photo.RevisionOf(got.GetEtag()); revision != test.revision {
				t.Errorf("revision = %d, want %d", revision, test.revision)
			}
		})
	}
}

func TestEtag(t *testing.T) {
	if photo.Etag("a", 7) == photo.Etag("b", 7) || photo.Etag("a", 7) == photo.Etag("a", 8) {
		t.Error("etags of different states are alike")
	}
	for etag, want := range map[string]int64{photo.Etag("a", 1234): 1234, "": 0, "x y": 0, "-5-abc": 0, "zzzzzzzzzzzzzzzzzzzzz-1": 0} {
		if got := photo.RevisionOf(etag); got != want {
			t.Errorf("RevisionOf(%q) = %d, want %d", etag, got, want)
		}
	}
}
