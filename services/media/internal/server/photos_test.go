package server_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

const working = mediav1.PhotoView_PHOTO_VIEW_WORKING

func TestBatchGet(t *testing.T) {
	s := newSuite(t)
	author, reader := s.client(auth.Author), s.client(auth.Anonymous)
	hidden := uploaded(t, author, describe(), drawn(t, 40, 30, 30))
	public := uploaded(t, author, describe(), drawn(t, 40, 30, 31))
	s.publish(t, public.GetName())
	req := &mediav1.BatchGetPhotosRequest{Parent: testkit.Site, Names: []string{public.GetName(), hidden.GetName(), public.GetName()}, View: working}
	got, err := author.BatchGetPhotos(t.Context(), req)
	must(t, err)
	var signed []bool
	for i, p := range got.GetPhotos() {
		if p.GetName() != req.GetNames()[i] {
			t.Errorf("photo %d is %s, want %s", i, p.GetName(), req.GetNames()[i])
		}
		signed = append(signed, strings.Contains(p.GetRenditions()[0].GetUri(), "signature="))
	}
	if diff := cmp.Diff([]bool{false, true, false}, signed); diff != "" {
		t.Errorf("signed addresses (-want +got):\n%s", diff)
	}

	_, err = reader.BatchGetPhotos(t.Context(), req)
	testkit.WantFault(t, err, codes.Unauthenticated, faultv1.Reason_REASON_TOKEN_REQUIRED)
	req.View = mediav1.PhotoView_PHOTO_VIEW_PUBLISHED
	_, err = reader.BatchGetPhotos(t.Context(), req)
	e := testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	if e.Metadata["name"] != hidden.GetName() {
		t.Errorf("metadata = %v, want the name of the hidden photo", e.Metadata)
	}
	_, err = reader.BatchGetPhotos(t.Context(), &mediav1.BatchGetPhotosRequest{Parent: testkit.Site, Names: []string{"sites/kita/photos/kita"}})
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
}

func TestListPages(t *testing.T) {
	s := newSuite(t)
	author, reader := s.client(auth.Author), s.client(auth.Anonymous)
	data := drawn(t, 40, 30, 32)
	var want []string
	for i := range 5 {
		d := describe()
		d.PhotoId = fmt.Sprintf("nuotrauka-%d", i)
		want = append([]string{uploaded(t, author, d, data).GetName()}, want...)
	}
	req := &mediav1.ListPhotosRequest{Parent: testkit.Site, PageSize: 2, View: working}
	var got []string
	for {
		page, err := author.ListPhotos(t.Context(), req)
		must(t, err)
		for _, p := range page.GetPhotos() {
			got = append(got, p.GetName())
		}
		if req.PageToken = page.GetNextPageToken(); req.GetPageToken() == "" {
			break
		}
		if len(got) == 2 { // a photo that comes meanwhile shifts nothing
			uploaded(t, author, describe(), data)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}

	s.publish(t, want[3])
	public, err := reader.ListPhotos(t.Context(), &mediav1.ListPhotosRequest{Parent: testkit.Site})
	must(t, err)
	if len(public.GetPhotos()) != 1 || public.GetPhotos()[0].GetName() != want[3] {
		t.Errorf("anyone sees %v, want %s alone", public.GetPhotos(), want[3])
	}
}

func TestListRefuses(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	data := drawn(t, 40, 30, 33)
	uploaded(t, author, describe(), data)
	uploaded(t, author, describe(), data)
	page, err := author.ListPhotos(t.Context(), &mediav1.ListPhotosRequest{Parent: testkit.Site, PageSize: 1, View: working})
	must(t, err)
	for _, test := range []struct {
		name string
		req  *mediav1.ListPhotosRequest
		want faultv1.Reason
	}{
		{"filter over a field that there is not", &mediav1.ListPhotosRequest{Filter: `color = "#ffffff"`}, faultv1.Reason_REASON_INVALID_FILTER},
		{"filter over what readers do not see", &mediav1.ListPhotosRequest{Filter: `people_shown = NAMED`}, faultv1.Reason_REASON_INVALID_FILTER},
		{"filter over who uploaded", &mediav1.ListPhotosRequest{Filter: `creator = "author@example.lt"`}, faultv1.Reason_REASON_INVALID_FILTER},
		{"hash that is none", &mediav1.ListPhotosRequest{Filter: `sha256 = "abc"`}, faultv1.Reason_REASON_INVALID_FILTER},
		{"order by another field", &mediav1.ListPhotosRequest{OrderBy: "credit"}, faultv1.Reason_REASON_INVALID_ORDER_BY},
		{"order by what readers do not see", &mediav1.ListPhotosRequest{OrderBy: "expire_time"}, faultv1.Reason_REASON_INVALID_ORDER_BY},
		{"deleted ones for readers", &mediav1.ListPhotosRequest{ShowDeleted: true}, faultv1.Reason_REASON_INVALID_FIELD},
		{"filter that does not parse", &mediav1.ListPhotosRequest{Filter: `sha256 = `}, faultv1.Reason_REASON_INVALID_FILTER},
		{"token of nobody", &mediav1.ListPhotosRequest{PageToken: "abc"}, faultv1.Reason_REASON_INVALID_PAGE_TOKEN},
		{
			"token of another query",
			&mediav1.ListPhotosRequest{PageToken: page.GetNextPageToken(), View: mediav1.PhotoView_PHOTO_VIEW_PUBLISHED},
			faultv1.Reason_REASON_INVALID_PAGE_TOKEN,
		},
		{"negative size", &mediav1.ListPhotosRequest{PageSize: -1}, faultv1.Reason_REASON_INVALID_FIELD},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.req.Parent = testkit.Site
			_, err := author.ListPhotos(t.Context(), test.req)
			testkit.WantFault(t, err, codes.InvalidArgument, test.want)
		})
	}
}

func TestUpdate(t *testing.T) {
	s := newSuite(t)
	author, editor := s.client(auth.Author), s.client(auth.Editor)
	first := uploaded(t, author, describe(), drawn(t, 40, 30, 34))
	update := func(client mediav1.MediaServiceClient, p *mediav1.Photo, paths ...string) (*mediav1.Photo, error) {
		p.Name = first.GetName()
		return client.UpdatePhoto(t.Context(), &mediav1.UpdatePhotoRequest{Photo: p, UpdateMask: &fieldmaskpb.FieldMask{Paths: paths}})
	}

	_, err := update(editor, &mediav1.Photo{Credit: "Ona"})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_ETAG_REQUIRED)

	second, err := update(editor, &mediav1.Photo{Credit: "Ona", Etag: first.GetEtag()})
	must(t, err)
	if second.GetCredit() != "Ona" || second.GetFilename() != "nuotrauka.jpg" || second.GetEtag() == first.GetEtag() {
		t.Errorf("got %v", second)
	}

	// The author had the first etag in hand and changes another field.
	third, err := update(author, &mediav1.Photo{Alts: map[string]string{"lt": "Knygos"}, Etag: first.GetEtag()})
	must(t, err)
	if third.GetCredit() != "Ona" || third.GetAlts()["lt"] != "Knygos" {
		t.Errorf("the edits did not merge: %v", third)
	}

	// The same field is a conflict.
	_, err = update(author, &mediav1.Photo{Credit: "Jonas", Etag: first.GetEtag()})
	e := testkit.WantFault(t, err, codes.Aborted, faultv1.Reason_REASON_EDIT_CONFLICT)
	checkConflict(t, e.Details, third)

	// What changes nothing succeeds, whatever the etag.
	same, err := update(author, &mediav1.Photo{Credit: "Ona", Etag: first.GetEtag()})
	must(t, err)
	if same.GetEtag() != third.GetEtag() {
		t.Errorf("an edit without change made the revision %s", same.GetEtag())
	}

	// Clearing needs the mask.
	cleared, err := update(editor, &mediav1.Photo{Etag: third.GetEtag()}, "credit")
	must(t, err)
	if cleared.GetCredit() != "" || cleared.GetAlts()["lt"] != "Knygos" {
		t.Errorf("got %v", cleared)
	}
	_, err = update(editor, &mediav1.Photo{Etag: third.GetEtag()}, "sha256")
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD_MASK)
}

func TestUpdateOfOthersPhoto(t *testing.T) {
	s := newSuite(t)
	p := uploaded(t, s.client(auth.Editor), describe(), drawn(t, 40, 30, 35))
	change := &mediav1.UpdatePhotoRequest{Photo: &mediav1.Photo{Name: p.GetName(), Credit: "Ona", Etag: p.GetEtag()}}
	_, err := s.client(auth.Author).UpdatePhoto(t.Context(), change)
	testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_PERMISSION_DENIED)
	if _, err := s.client(auth.Editor).UpdatePhoto(t.Context(), change); err != nil {
		t.Errorf("an editor may not: %v", err)
	}
}

func TestUpdateAgainWithRequestID(t *testing.T) {
	s := newSuite(t)
	editor := s.client(auth.Editor)
	p := uploaded(t, editor, describe(), drawn(t, 40, 30, 36))
	req := &mediav1.UpdatePhotoRequest{
		Photo: &mediav1.Photo{Name: p.GetName(), Credit: "Ona", Etag: p.GetEtag()}, RequestId: uuid.NewString(),
	}
	one, err := editor.UpdatePhoto(t.Context(), req)
	must(t, err)
	two, err := editor.UpdatePhoto(t.Context(), req)
	must(t, err)
	if one.GetEtag() != two.GetEtag() {
		t.Errorf("the retry made the revision %s after %s", two.GetEtag(), one.GetEtag())
	}
	req.Photo.Credit = "Jonas"
	_, err = editor.UpdatePhoto(t.Context(), req)
	testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_REQUEST_ID_REUSED)
}
