package server_test

import (
	"strings"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/replay"
	"github.com/skaitykla/skaitykla/internal/testkit"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// finishHalf makes the photo of an upload as FinishUpload does, and nothing of
// what follows.
func (s *suite) finishHalf(t *testing.T, u *mediav1.Upload, sha256 string) error {
	t.Helper()
	name := photo.Name{Site: strings.TrimPrefix(testkit.Site, "sites/"), ID: u.GetPhotoId()}
	p, err := photo.New(name, u.GetPhoto(), photo.Facts{SHA256: sha256, Size: u.GetSizeBytes(), MediaType: "image/jpeg"}, u.GetCreator(), time.Now())
	if err != nil {
		return err
	}
	_, err = s.store.Create(t.Context(), p, replay.Request{
		Principal: u.GetCreator(), Method: mediav1.MediaService_FinishUpload_FullMethodName, Target: u.GetName(), ID: u.GetUid(),
	}, time.Now())
	return err
}

// putPart puts an object among the parts of an upload.
func (s *suite) putPart(t *testing.T, u *mediav1.Upload, id string) error {
	t.Helper()
	name, err := photo.ParseUploadName("name", u.GetName())
	must(t, err)
	return s.objects.Put(t.Context(), blobs.Part(name.Site, name.ID, id), strings.NewReader("x"), 1, "application/octet-stream")
}

// rows returns the keys in the store that begin with one of the prefixes.
func (s *suite) rows(t *testing.T, prefixes ...string) (keys []string) {
	t.Helper()
	must(t, s.kv.View(t.Context(), func(r kv.Reader) error {
		for _, prefix := range prefixes {
			for entry, err := range r.Scan(kv.Prefix([]byte(prefix))) {
				if err != nil {
					return err
				}
				keys = append(keys, string(entry.Key))
			}
		}
		return nil
	}))
	return keys
}
