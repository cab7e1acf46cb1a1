package e2e_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/e2e"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
)

// TestDownloadResumes kills the object store in the middle of a picture that a
// reader downloads. He sees that it is not all, is told to try again, and gets
// the rest by a range.
func TestDownloadResumes(t *testing.T) {
	s3 := miniotest.Start(t)
	gate := miniotest.NewGate(t, s3.Endpoint)
	t.Setenv("SKAITYKLA_S3_ENDPOINT", gate.Addr)
	t.Setenv("SKAITYKLA_S3_ACCESS_KEY", s3.AccessKey)
	t.Setenv("SKAITYKLA_S3_SECRET_KEY", s3.SecretKey)
	suite := e2e.Start(t, program, t.TempDir())
	createSite(t, suite)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.jpg"), string(noisy(t, 40)))
	add(t, suite, 0, dir)
	address, file := largestFile(t, suite)

	const cut = 300 << 10 // more than one message has
	struck := make(chan struct{})
	gate.Set(miniotest.Watch{Sent: func(_, object string, n int) error {
		if !strings.HasSuffix(object, file) || n < cut {
			return nil
		}
		s3.Kill()
		close(struck)
		return errors.New("killed")
	}})
	first := do(t, http.MethodGet, address, "", nil)
	begin, err := io.ReadAll(first.Body)
	_ = first.Body.Close()
	if first.StatusCode != http.StatusOK || !errors.Is(err, io.ErrUnexpectedEOF) || len(begin) == 0 || int64(len(begin)) >= first.ContentLength {
		t.Fatalf("%s, %d bytes of %d, %v; want a part and a broken connection", first.Status, len(begin), first.ContentLength, err)
	}
	<-struck
	gate.Set(miniotest.Watch{})
	if status, body := get(t, address); status != http.StatusServiceUnavailable || !bytes.Contains(body, []byte("OBJECTS_UNAVAILABLE")) {
		t.Errorf("meanwhile: status %d, want 503 with the reason\n%.300s", status, body)
	}

	s3.Restart(t)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Range", fmt.Sprintf("bytes=%d-", len(begin)))
	request.Header.Set("If-Range", first.Header.Get("Etag"))
	second, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Body.Close()
	rest, err := io.ReadAll(second.Body)
	if err != nil || second.StatusCode != http.StatusPartialContent {
		t.Fatalf("%s, %v", second.Status, err)
	}
	if _, whole := get(t, address); !bytes.Equal(whole, append(begin, rest...)) || int64(len(whole)) != first.ContentLength {
		t.Errorf("%d and %d bytes are not the %d of the picture", len(begin), len(rest), len(whole))
	}
}

// largestFile returns the address of the widest JPEG of the only photo, and the
// name of its file.
func largestFile(t *testing.T, suite *e2e.Suite) (address, file string) {
	t.Helper()
	token, exit := tokenFor(t, suite, "rasa@example.lt", "editor")
	if exit != 0 {
		t.Fatalf("token: %s", token)
	}
	type rendition struct {
		URI, Crop, Format string
		Width             int
	}
	var list struct {
		Photos []struct{ Renditions []rendition }
	}
	send(t, token, http.MethodGet, suite.HTTP+"/v1/sites/kaunas/photos?view=PHOTO_VIEW_WORKING", http.StatusOK, "", &list)
	if len(list.Photos) != 1 {
		t.Fatalf("%d photos, want 1", len(list.Photos))
	}
	jpegs := slices.DeleteFunc(list.Photos[0].Renditions, func(r rendition) bool { return r.Format != "FORMAT_JPEG" || r.Crop != "" })
	widest := slices.MaxFunc(jpegs, func(a, b rendition) int { return a.Width - b.Width })
	path, _, _ := strings.Cut(widest.URI, "?")
	return suite.HTTP + widest.URI, filepath.Base(path)
}
