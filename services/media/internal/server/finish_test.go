package server_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/ladder"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/server"
	"github.com/skaitykla/skaitykla/services/media/internal/sweep"
)

// TestFinishGivesUp finishes uploads of bytes that are no photo, or not the
// announced ones: nothing of them stays.
func TestFinishGivesUp(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	whole := drawn(t, 300, 200, 11)
	cases := []struct {
		name   string
		data   []byte
		sha256 string
		reason faultv1.Reason
	}{
		{"checksum", whole, sum([]byte("other")), faultv1.Reason_REASON_CHECKSUM_MISMATCH},
		{"cut off", whole[:len(whole)/2], "", faultv1.Reason_REASON_IMAGE_DAMAGED},
		{"too short to tell", []byte("short"), "", faultv1.Reason_REASON_IMAGE_UNSUPPORTED},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			u, err := author.CreateUpload(t.Context(), &mediav1.CreateUploadRequest{
				Parent: testkit.Site, Upload: &mediav1.Upload{SizeBytes: int64(len(c.data)), Sha256: c.sha256},
			})
			must(t, err)
			_, err = add(t.Context(), t, author, u.GetName(), 0, c.data)
			must(t, err)
			_, err = author.FinishUpload(t.Context(), &mediav1.FinishUploadRequest{Name: u.GetName()})
			testkit.WantFault(t, err, codes.InvalidArgument, c.reason)
			_, err = author.GetUpload(t.Context(), &mediav1.GetUploadRequest{Name: u.GetName()})
			testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
			if left := s.partsLeft(t); len(left) != 0 {
				t.Errorf("the bucket has %v", left)
			}
		})
	}
}

// TestFinishAfterSlowDecoding finishes an upload while the machine is too busy
// to decode in time: the bytes stay, to be finished later.
func TestFinishAfterSlowDecoding(t *testing.T) {
	s := newSuiteOn(t, objects.Server(t), func(c *server.Config) {
		limits := pixels.DefaultLimits()
		limits.Time = time.Millisecond
		slow := ladder.NewMaker(pixels.New(pixels.Config{Concurrency: 1, Limits: limits, Logger: c.Log}), c.Objects)
		c.Queue = ladder.NewQueue(ladder.QueueConfig{
			Maker: slow, Objects: c.Objects, Records: c.Store, SpoolDir: c.SpoolDir, MaxBytes: c.MaxBytes, Log: c.Log,
		})
	})
	author := s.client(auth.Author)
	data := drawn(t, 300, 200, 14)
	u := begin(t, author, data)
	_, err := add(t.Context(), t, author, u.GetName(), 0, data)
	must(t, err)
	_, err = author.FinishUpload(t.Context(), &mediav1.FinishUploadRequest{Name: u.GetName()})
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_IMAGE_TOO_LARGE)
	kept, err := author.GetUpload(t.Context(), &mediav1.GetUploadRequest{Name: u.GetName()})
	must(t, err)
	if kept.GetOffsetBytes() != int64(len(data)) || len(s.partsLeft(t)) == 0 {
		t.Errorf("of %d bytes %d are left, in %d parts", len(data), kept.GetOffsetBytes(), len(s.partsLeft(t)))
	}
}

// TestFinishAfterCrash finishes an upload whose photo was made by a call that
// was killed before it could say so.
func TestFinishAfterCrash(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	data := drawn(t, 300, 200, 12)
	u := begin(t, author, data)
	_, err := add(t.Context(), t, author, u.GetName(), 0, data)
	must(t, err)
	must(t, s.finishHalf(t, u, sum(data)))
	p, err := author.FinishUpload(t.Context(), &mediav1.FinishUploadRequest{Name: u.GetName()})
	must(t, err)
	if p.GetName() != testkit.Site+"/photos/"+u.GetPhotoId() || len(s.partsLeft(t)) != 0 {
		t.Errorf("it became %s and left %v", p.GetName(), s.partsLeft(t))
	}
}

// TestSweepUploads leaves uploads at every stage and sweeps when their time is
// over.
func TestSweepUploads(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	data := drawn(t, 300, 200, 13)
	begin(t, author, data)
	half := begin(t, author, data)
	_, err := add(t.Context(), t, author, half.GetName(), 0, data[:1000])
	must(t, err)
	whole := begin(t, author, data)
	_, err = add(t.Context(), t, author, whole.GetName(), 0, data)
	must(t, err)
	deleted := begin(t, author, data)
	_, err = add(t.Context(), t, author, deleted.GetName(), 0, data)
	must(t, err)
	_, err = author.DeleteUpload(t.Context(), &mediav1.DeleteUploadRequest{Name: deleted.GetName()})
	must(t, err)
	// A part whose call was killed before the record named it.
	must(t, s.putPart(t, half, "nobodys"))

	sweeper := sweep.Sweeper{Objects: s.objects, Records: s.store, Grace: time.Hour, Log: testkit.Log(t)}
	if n, err := sweeper.Sweep(t.Context(), time.Now()); n != 0 || err != nil {
		t.Errorf("%d objects were removed at once, %v", n, err)
	}
	if n, err := sweeper.Sweep(t.Context(), time.Now().Add(2*time.Hour)); n != 1 || err != nil {
		t.Errorf("%d objects were removed after two hours, want the one without an upload; %v", n, err)
	}
	if n, err := sweeper.Sweep(t.Context(), time.Now().Add(25*time.Hour)); n != 2 || err != nil {
		t.Errorf("%d objects were removed after a day, want those of two uploads; %v", n, err)
	}
	if left := s.partsLeft(t); len(left) != 0 {
		t.Errorf("the bucket still has %v", left)
	}
	for _, name := range []string{half.GetName(), whole.GetName()} {
		_, err := author.GetUpload(t.Context(), &mediav1.GetUploadRequest{Name: name})
		testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	}
	if keys := s.rows(t, "up/", "ux/", "un/"); len(keys) != 0 {
		t.Errorf("the store still has %q", keys)
	}
}

func TestCreateUploadTwice(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	req := &mediav1.CreateUploadRequest{
		Parent: testkit.Site, UploadId: "vasara", RequestId: uuid.NewString(), Upload: &mediav1.Upload{SizeBytes: 10, PhotoId: "vasara"},
	}
	one, err := author.CreateUpload(t.Context(), req)
	must(t, err)
	two, err := author.CreateUpload(t.Context(), req)
	must(t, err)
	if one.GetUid() != two.GetUid() || one.GetName() != testkit.Site+"/uploads/vasara" {
		t.Errorf("got %v and %v", one, two)
	}
	req.RequestId = ""
	_, err = author.CreateUpload(t.Context(), req)
	testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_RESOURCE_EXISTS)
	d := describe()
	d.PhotoId = "ruduo"
	uploaded(t, author, d, drawn(t, 300, 200, 14))
	req.UploadId, req.Upload.PhotoId = "ruduo", "ruduo"
	_, err = author.CreateUpload(t.Context(), req)
	testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_RESOURCE_EXISTS)
}

func TestDuplicates(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	data := drawn(t, 300, 200, 15)
	first := uploaded(t, author, describe(), data)
	under := func(policy mediav1.DuplicatePolicy, id string) *mediav1.UploadDescription {
		d := describe()
		d.DuplicatePolicy, d.PhotoId, d.Photo.Credit = policy, id, "Kitas"
		return d
	}
	for _, policy := range []mediav1.DuplicatePolicy{0, mediav1.DuplicatePolicy_DUPLICATE_POLICY_REUSE} {
		again := uploaded(t, author, under(policy, ""), data)
		if again.GetName() != first.GetName() || again.GetCredit() != first.GetCredit() {
			t.Errorf("%v: got %v, want %s unchanged", policy, again, first.GetName())
		}
	}
	_, err := upload(t, author, under(mediav1.DuplicatePolicy_DUPLICATE_POLICY_REFUSE, ""), data)
	e := testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_DUPLICATE_PHOTO)
	if e.Metadata["name"] != first.GetName() {
		t.Errorf("the photo that is there: %q, want %s", e.Metadata["name"], first.GetName())
	}
	_, err = author.CreateUpload(t.Context(), &mediav1.CreateUploadRequest{Parent: testkit.Site, Upload: &mediav1.Upload{
		SizeBytes: int64(len(data)), Sha256: sum(data), DuplicatePolicy: mediav1.DuplicatePolicy_DUPLICATE_POLICY_REFUSE,
	}})
	testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_DUPLICATE_PHOTO)
	second := uploaded(t, author, under(mediav1.DuplicatePolicy_DUPLICATE_POLICY_ALLOW, "antra"), data)
	if second.GetName() == first.GetName() || second.GetSha256() != first.GetSha256() {
		t.Errorf("allowed twice it is %s", second.GetName())
	}
	var originals int
	for object, err := range s.objects.List(t.Context(), "original/") {
		must(t, err)
		originals++
		_ = object
	}
	if originals != 1 {
		t.Errorf("%d originals, want one", originals)
	}
}

// TestDuplicatesAtOnce sends the same bytes four times at once, in pieces and
// in one stream.
func TestDuplicatesAtOnce(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	data := drawn(t, 300, 200, 16)
	names := make([]string, 4)
	var uploads sync.WaitGroup
	for i := range names {
		uploads.Go(func() {
			if i%2 == 0 {
				d := describe()
				d.DuplicatePolicy = mediav1.DuplicatePolicy_DUPLICATE_POLICY_REUSE
				names[i] = uploaded(t, author, d, data).GetName()
				return
			}
			u := begin(t, author, data)
			_, err := add(t.Context(), t, author, u.GetName(), 0, data)
			must(t, err)
			p, err := author.FinishUpload(t.Context(), &mediav1.FinishUploadRequest{Name: u.GetName()})
			must(t, err)
			names[i] = p.GetName()
		})
	}
	uploads.Wait()
	slices.Sort(names)
	if len(slices.Compact(names)) != 1 {
		t.Errorf("four uploads of one photo made %v", names)
	}
	settled(t, author, names[0])
}
