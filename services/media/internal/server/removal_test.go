package server_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/purge"
)

const workingView = mediav1.PhotoView_PHOTO_VIEW_WORKING

// purge does what is due at a time.
func (s *suite) purge(t *testing.T, at time.Time) {
	t.Helper()
	p := purge.Purger{
		Records: s.store, Objects: s.objects, Owned: func(context.Context) error { return nil }, UnusedAge: s.unusedAge, Log: testkit.Log(t),
	}
	must(t, p.Once(t.Context(), at))
}

// objectCount returns how many objects the content of a photo has.
func (s *suite) objectCount(t *testing.T, sha256 string) int {
	t.Helper()
	n := 0
	for _, prefix := range []string{string(blobs.Original(sha256)), blobs.RenditionPrefix + sha256 + "/"} {
		for _, err := range s.objects.List(t.Context(), prefix) {
			must(t, err)
			n++
		}
	}
	return n
}

func TestDeletePhoto(t *testing.T) {
	s := newSuite(t)
	author, anyone := s.client(auth.Author), s.client(auth.Anonymous)
	p := settled(t, author, uploaded(t, author, describe(), drawn(t, 400, 300, 60)).GetName())
	remove := &mediav1.DeletePhotoRequest{Name: p.GetName(), Etag: p.GetEtag(), RequestId: uuid.NewString()}

	s.publish(t, p.GetName())
	_, err := author.DeletePhoto(t.Context(), remove)
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_PHOTO_IN_USE)
	s.unpublish(t)
	_, err = author.DeletePhoto(t.Context(), &mediav1.DeletePhotoRequest{Name: p.GetName()})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_ETAG_REQUIRED)
	_, err = author.DeletePhoto(t.Context(), &mediav1.DeletePhotoRequest{Name: p.GetName(), Etag: "0-1234"})
	testkit.WantFault(t, err, codes.Aborted, faultv1.Reason_REASON_EDIT_CONFLICT)
	other := testkit.PrincipalOf(auth.Author)
	other.ID = "kita@example.lt"
	_, err = mediav1.NewMediaServiceClient(s.AsPrincipal(other)).DeletePhoto(t.Context(), &mediav1.DeletePhotoRequest{Name: p.GetName(), Etag: p.GetEtag()})
	testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_PERMISSION_DENIED)

	stream, stop := watching(t, author, &mediav1.WatchPhotosRequest{Parent: testkit.Site})
	defer stop()
	for next(t, stream).GetKind() != mediav1.WatchPhotosResponse_KIND_SNAPSHOT_END {
	}
	deleted, err := author.DeletePhoto(t.Context(), remove)
	must(t, err)
	if told := next(t, stream); told.GetKind() != mediav1.WatchPhotosResponse_KIND_DELETED || told.GetName() != p.GetName() {
		t.Errorf("watchers were told %v", told)
	}
	want := deleted.GetDeleteTime().AsTime().Add(30 * 24 * time.Hour)
	if deleted.GetState() != mediav1.Photo_STATE_DELETED || !deleted.GetPurgeTime().AsTime().Equal(want) {
		t.Errorf("deleted = %v, want it until %v", deleted, want)
	}
	again, err := author.DeletePhoto(t.Context(), remove)
	if must(t, err); again.GetState() != mediav1.Photo_STATE_DELETED {
		t.Errorf("the retry answered with %v", again.GetState())
	}
	_, err = author.DeletePhoto(t.Context(), &mediav1.DeletePhotoRequest{Name: p.GetName(), Etag: p.GetEtag()})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_WRONG_STATE)
	_, err = author.UpdatePhoto(t.Context(), &mediav1.UpdatePhotoRequest{Photo: &mediav1.Photo{Name: p.GetName(), Etag: p.GetEtag(), Credit: "Ona"}})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_WRONG_STATE)

	// An article that is published now does not bring it back.
	s.publish(t, p.GetName())
	_, err = anyone.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: p.GetName()})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	shown, err := author.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: p.GetName(), View: workingView})
	if must(t, err); shown.GetDeleteTime() == nil || len(shown.GetRights().GetProblems()) != 1 {
		t.Errorf("shown = %v", shown)
	}
	back, err := author.UndeletePhoto(t.Context(), &mediav1.UndeletePhotoRequest{Name: p.GetName(), Etag: p.GetEtag()})
	must(t, err)
	if back.GetState() != p.GetState() || back.GetDeleteTime() != nil || back.GetPurgeTime() != nil || !back.GetPublished() {
		t.Errorf("after UndeletePhoto: %v", back)
	}
	_, err = anyone.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: p.GetName()})
	must(t, err)
}

func TestDeletedPhotosArePurged(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	data := drawn(t, 400, 300, 61)
	first := settled(t, author, uploaded(t, author, describe(), data).GetName())
	second := settled(t, author, uploaded(t, author, describe(), data).GetName())
	had := s.objectCount(t, first.GetSha256())
	for i, p := range []*mediav1.Photo{first, second} {
		deleted, err := author.DeletePhoto(t.Context(), &mediav1.DeletePhotoRequest{Name: p.GetName(), Etag: p.GetEtag()})
		must(t, err)
		s.purge(t, deleted.GetPurgeTime().AsTime().Add(-time.Millisecond))
		_, err = author.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: p.GetName(), View: workingView})
		must(t, err)
		s.purge(t, deleted.GetPurgeTime().AsTime())
		_, err = author.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: p.GetName(), View: workingView})
		testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
		// The objects stay as long as another photo has the same bytes.
		if got, want := s.objectCount(t, first.GetSha256()), had*(1-i); got != want {
			t.Errorf("after photo %d was purged there are %d objects, want %d", i+1, got, want)
		}
	}
	// Nothing of it is in the way of the next one.
	uploaded(t, author, describe(), data)
}

func TestWithdrawPhoto(t *testing.T) {
	s := newSuite(t)
	editor, anyone := s.client(auth.Editor), s.client(auth.Anonymous)
	data := drawn(t, 400, 300, 62)
	p := settled(t, editor, uploaded(t, editor, describe(), data).GetName())
	twin := settled(t, editor, uploaded(t, editor, describe(), data).GetName())
	s.publish(t, p.GetName())
	stream, stop := watching(t, editor, &mediav1.WatchPhotosRequest{Parent: testkit.Site})
	defer stop()
	for next(t, stream).GetKind() != mediav1.WatchPhotosResponse_KIND_SNAPSHOT_END {
	}

	answer, err := editor.WithdrawPhoto(t.Context(), &mediav1.WithdrawPhotoRequest{Name: p.GetName(), Etag: p.GetEtag(), Reason: "Prašymas"})
	must(t, err)
	if diff := cmp.Diff([]string{twin.GetName()}, answer.GetDuplicatePhotos()); diff != "" {
		t.Errorf("duplicates (-want +got):\n%s", diff)
	}
	if len(answer.GetUsages()) != 1 || !answer.GetUsages()[0].GetPublished() {
		t.Errorf("usages = %v", answer.GetUsages())
	}
	w := answer.GetPhoto()
	if w.GetState() != mediav1.Photo_STATE_WITHDRAWN || len(w.GetRenditions()) != 0 || len(w.GetPlaceholder()) != 0 || w.GetColor() != "" ||
		w.GetWithdrawalReason() != "Prašymas" || w.GetPublished() {
		t.Errorf("withdrawn = %v", w)
	}
	told := next(t, stream)
	if told.GetKind() != mediav1.WatchPhotosResponse_KIND_WITHDRAWN || len(told.GetArticles()) != 1 || len(told.GetPhoto().GetRenditions()) != 0 {
		t.Errorf("watchers were told %v", told)
	}
	for _, test := range []struct {
		name   string
		client mediav1.MediaServiceClient
	}{{"anyone", anyone}, {"an editor", editor}} {
		_, err := test.client.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: p.GetName()})
		testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_GONE)
		_, _, err = read(t, test.client, &mediav1.ReadRenditionRequest{Photo: p.GetName(), Format: mediav1.Rendition_FORMAT_JPEG, Width: 320})
		testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_GONE)
	}
	_, err = editor.UndeletePhoto(t.Context(), &mediav1.UndeletePhotoRequest{Name: p.GetName(), Etag: p.GetEtag()})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_WRONG_STATE)

	back, err := editor.RestorePhoto(t.Context(), &mediav1.RestorePhotoRequest{Name: p.GetName(), Etag: p.GetEtag()})
	must(t, err)
	if back.GetState() != p.GetState() || !back.GetPublished() || back.GetWithdrawalReason() != "" || back.GetPurgeTime() != nil ||
		len(back.GetRenditions()) != len(p.GetRenditions()) {
		t.Errorf("restored = %v", back)
	}
	_, _, err = read(t, anyone, &mediav1.ReadRenditionRequest{Photo: p.GetName(), Format: mediav1.Rendition_FORMAT_JPEG, Width: 320})
	must(t, err)
}

// Whoever may not see a photo does not learn from its withdrawal that it was
// there.
func TestWithdrawnPhotoThatWasNeverPublic(t *testing.T) {
	s := newSuite(t)
	editor, anyone := s.client(auth.Editor), s.client(auth.Anonymous)
	p := uploaded(t, editor, describe(), drawn(t, 400, 300, 63))
	_, err := editor.WithdrawPhoto(t.Context(), &mediav1.WithdrawPhotoRequest{Name: p.GetName(), Etag: p.GetEtag(), Reason: "Klaida"})
	must(t, err)
	_, err = anyone.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: p.GetName()})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	_, _, err = read(t, anyone, &mediav1.ReadRenditionRequest{Photo: p.GetName(), Format: mediav1.Rendition_FORMAT_JPEG, Width: 320})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
}

func TestWithdrawnPhotosArePurged(t *testing.T) {
	s := newSuite(t)
	editor := s.client(auth.Editor)
	data := drawn(t, 400, 300, 64)
	d := describe()
	d.Photo = &mediav1.Photo{
		Filename: "ona-onaite.jpg", Alts: map[string]string{"lt": "Ona Onaitė"}, Credit: "Jonas", Tags: []string{"Ona"},
		PeopleShown: &mediav1.PeopleShown{Presence: mediav1.PeopleShown_PRESENCE_NAMED, PeopleNames: []string{"Ona Onaitė"}},
	}
	p := settled(t, editor, uploaded(t, editor, d, data).GetName())
	twin := settled(t, editor, uploaded(t, editor, describe(), data).GetName())
	request := &mediav1.WithdrawPhotoRequest{
		Name: p.GetName(), Etag: p.GetEtag(), Reason: "Prašymas", Purge: true, IncludeDuplicates: true, RequestId: uuid.NewString(),
	}
	answer, err := editor.WithdrawPhoto(t.Context(), request)
	must(t, err)
	if diff := cmp.Diff([]string{twin.GetName()}, answer.GetDuplicatePhotos()); diff != "" {
		t.Errorf("duplicates (-want +got):\n%s", diff)
	}
	again, err := editor.WithdrawPhoto(t.Context(), request)
	must(t, err)
	if diff := cmp.Diff(answer, again, protocmp.Transform()); diff != "" {
		t.Errorf("the retry answered otherwise (-first +second):\n%s", diff)
	}
	s.purge(t, time.Now())
	left, err := editor.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: p.GetName(), View: workingView})
	must(t, err)
	if n := s.objectCount(t, p.GetSha256()); n != 0 {
		t.Errorf("%d objects are left", n)
	}
	want := &mediav1.Photo{
		Name: p.GetName(), Uid: p.GetUid(), State: mediav1.Photo_STATE_WITHDRAWN, Purged: true, Sha256: p.GetSha256(), SizeBytes: p.GetSizeBytes(),
		MimeType: p.GetMimeType(), Credit: "Jonas", Creator: p.GetCreator(), CreateTime: p.GetCreateTime(), WithdrawalReason: "Prašymas",
		Rights: &mediav1.Rights{Problems: []mediav1.Rights_Problem{mediav1.Rights_PROBLEM_WITHDRAWN}},
	}
	if diff := cmp.Diff(want, left, protocmp.Transform(), protocmp.IgnoreFields(want, "etag", "update_time", "withdraw_time", "purge_time")); diff != "" {
		t.Errorf("what is left (-want +got):\n%s", diff)
	}
	_, err = editor.RestorePhoto(t.Context(), &mediav1.RestorePhotoRequest{Name: p.GetName(), Etag: left.GetEtag()})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_WRONG_STATE)

	// Sent again it is recognized, and taken only when that is asked for.
	for _, policy := range []mediav1.DuplicatePolicy{
		mediav1.DuplicatePolicy_DUPLICATE_POLICY_UNSPECIFIED, mediav1.DuplicatePolicy_DUPLICATE_POLICY_REFUSE,
	} {
		_, err = upload(t, editor, &mediav1.UploadDescription{Parent: testkit.Site, DuplicatePolicy: policy}, data)
		testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_DUPLICATE_PHOTO)
	}
	uploaded(t, editor, describe(), data)
}

func TestUnusedPhotos(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	used := uploaded(t, author, describe(), drawn(t, 40, 30, 65))
	unused := uploaded(t, author, describe(), drawn(t, 40, 30, 66))
	s.publish(t, used.GetName())
	state := func(p *mediav1.Photo) mediav1.Photo_State {
		t.Helper()
		now, err := author.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: p.GetName(), View: workingView})
		must(t, err)
		return now.GetState()
	}
	later := time.Now().Add(48 * time.Hour)
	s.purge(t, later) // off unless asked for
	if got := state(unused); got == mediav1.Photo_STATE_DELETED {
		t.Errorf("an unused photo is %v though nobody asked for that", got)
	}
	s.unusedAge = 24 * time.Hour
	s.purge(t, later) // it is not known yet which articles there are
	if got := state(unused); got == mediav1.Photo_STATE_DELETED {
		t.Error("an unused photo was deleted before the articles were known")
	}
	s.follow(t)
	s.purge(t, later)
	if got := state(unused); got != mediav1.Photo_STATE_DELETED {
		t.Errorf("an unused photo is %v", got)
	}
	if got := state(used); got == mediav1.Photo_STATE_DELETED {
		t.Error("a used photo was deleted")
	}
}
