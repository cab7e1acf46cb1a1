package media_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvopen"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	"github.com/skaitykla/skaitykla/internal/testkit"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
	"github.com/skaitykla/skaitykla/services/media/internal/sweep"
)

// TestKillRounds kills the service again and again at random moments while
// photos are uploaded and their renditions made. In the end every photo that
// was acknowledged has all of them, nothing is wanted any more, and what the
// sweeper leaves is what the records tell. SKAITYKLA_SOAK makes it 50 rounds.
func TestKillRounds(t *testing.T) {
	rounds := 5
	if os.Getenv("SKAITYKLA_SOAK") != "" {
		rounds = 50
	}
	const seed = 4
	chance := rand.New(rand.NewPCG(seed, seed))
	s3 := miniotest.Start(t)
	env := environ(t, s3)
	ctx := asAuthor(t, env)

	acknowledged := make(map[string]string) // etags by name
	for round := range rounds {
		service := launch(t, env)
		acknowledge := uploading(ctx, t, service.client, uint8(round))
		<-time.After(time.Duration(chance.IntN(2000)) * time.Millisecond)
		must(t, service.command.Process.Kill())
		_ = service.command.Wait() // it was killed
		maps.Copy(acknowledged, acknowledge())
	}
	last := launch(t, env)
	for name, etag := range acknowledged {
		if p := awaitReady(ctx, t, last.client, name); p.GetEtag() != etag || len(p.GetRenditions()) != smallRenditions {
			t.Errorf("%s: %d renditions, want %d; etag %s, want %s", name, len(p.GetRenditions()), smallRenditions, p.GetEtag(), etag)
		}
	}
	awaitAll(ctx, t, last.client)
	must(t, last.command.Process.Signal(os.Interrupt))
	must(t, last.command.Wait())
	t.Logf("%d rounds, %d photos acknowledged", rounds, len(acknowledged))
	checkObjects(t, env, s3)
}

// smallRenditions is how many there are of small: two widths, a wide, a classic
// and a square one in three formats, and a social one.
const smallRenditions = (2+1+1+1)*3 + 1

func small(t *testing.T, shade uint8) []byte {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, 420, 300))
	for i := range picture.Pix {
		picture.Pix[i] = uint8(i>>3) + shade
	}
	var file bytes.Buffer
	must(t, jpeg.Encode(&file, picture, nil))
	return file.Bytes()
}

// distinct returns a JPEG with a comment, so that it is no duplicate.
func distinct(file []byte, comment string) []byte {
	const header = 2 // start of image
	segment := append([]byte{0xFF, 0xFE, 0, byte(len(comment) + 2)}, comment...)
	return slices.Concat(file[:header], segment, file[header:])
}

// uploading sends photos until the service is gone; the function that it returns
// waits for that and returns what was acknowledged.
func uploading(ctx context.Context, t *testing.T, client mediav1.MediaServiceClient, round uint8) (wait func() map[string]string) {
	t.Helper()
	picture := small(t, round)
	var mu sync.Mutex
	acknowledged := make(map[string]string)
	var senders sync.WaitGroup
	for sender := range 2 {
		senders.Go(func() {
			for i := range 10 {
				p, err := trySend(ctx, client, distinct(picture, fmt.Sprint(round, sender, i)))
				if err != nil {
					return
				}
				mu.Lock()
				acknowledged[p.GetName()] = p.GetEtag()
				mu.Unlock()
			}
		})
	}
	return func() map[string]string { senders.Wait(); return acknowledged }
}

// awaitAll waits until no photo is in state PROCESSING, those included whose
// acknowledgment was lost.
func awaitAll(ctx context.Context, t *testing.T, client mediav1.MediaServiceClient) {
	t.Helper()
	request := &mediav1.ListPhotosRequest{Parent: testkit.Site, View: mediav1.PhotoView_PHOTO_VIEW_WORKING, PageSize: 200}
	for {
		photos, err := client.ListPhotos(ctx, request)
		must(t, err)
		for _, p := range photos.GetPhotos() {
			awaitReady(ctx, t, client, p.GetName())
		}
		if request.PageToken = photos.GetNextPageToken(); request.PageToken == "" {
			return
		}
	}
}

// checkObjects sweeps as the service would in two days, and compares what is in
// the bucket then with the records.
func checkObjects(t *testing.T, env map[string]string, s3 *miniotest.Own) {
	t.Helper()
	records, _, err := kvopen.Open(env["SKAITYKLA_MEDIA_STORE"], kv.Options{Format: store.Format()})
	must(t, err)
	defer func() { must(t, records.Close()) }()
	photos := store.New(records)
	objects, err := blobs.Open(blobs.Config{
		Endpoint: s3.Endpoint, AccessKey: s3.AccessKey, SecretKey: s3.SecretKey, Bucket: "skaitykla-photos",
	})
	must(t, err)
	later := time.Now().Add(48 * time.Hour)
	sweeper := &sweep.Sweeper{Objects: objects, Records: photos, Grace: 24 * time.Hour, Log: testkit.Log(t)}
	removed, err := sweeper.Sweep(t.Context(), later)
	must(t, err)
	t.Logf("%d orphans swept", removed)
	if work, next, err := photos.Take(t.Context(), photo.Lease{Holder: "test"}, later); work != nil || !next.IsZero() || err != nil {
		t.Errorf("something is still wanted: %+v, %v", work, err)
	}
	want := map[string]bool{"owner": true} // the sweeper's own
	for p, err := range photos.Walk(t.Context(), "-") {
		must(t, err)
		want[string(blobs.Original(p.GetSha256()))] = true
		for _, r := range p.GetRenditions() {
			a, _ := photo.AddressOf(r)
			want[string(blobs.Rendition(p.GetSha256(), a.Generation, a.File()))] = true
		}
	}
	var got []string
	for object, err := range objects.List(t.Context(), "") {
		must(t, err)
		got = append(got, string(object.Key))
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), got); diff != "" {
		t.Errorf("objects (-want +got):\n%s", fmt.Sprintf("%.4000s", diff))
	}
}
