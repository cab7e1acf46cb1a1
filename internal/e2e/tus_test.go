package e2e_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/grpc/metadata"

	"github.com/skaitykla/skaitykla/internal/e2e"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

const tusPath = "/upload/v1/sites/kaunas/photos/tus"

// TestTus uploads by the tus protocol: with the client that web pages use, over
// a line that breaks, and by hand with what no client would send.
func TestTus(t *testing.T) {
	suite := e2e.Start(t, program, t.TempDir())
	createSite(t, suite)
	token, exit := tokenFor(t, suite, "ona@example.lt", "author")
	if exit != 0 {
		t.Fatal(token)
	}
	u := uploader{suite, token}
	t.Run("a line that breaks", u.brokenLine)
	t.Run("another day", u.anotherDay)
	t.Run("by hand", u.byHand)
	t.Run("no photo", u.noPhoto)
	t.Run("hostile", u.hostile)
	t.Run("a checksum", u.checksum)
}

// uploader is somebody with photos.
type uploader struct {
	suite *e2e.Suite
	token string
}

// noisy returns a photo of more than 1 MB that differs with the seed.
func noisy(t *testing.T, seed uint64) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 1000, 700))
	chance := rand.New(rand.NewPCG(seed, seed))
	for i := range picture.Pix {
		picture.Pix[i] = uint8(chance.Uint32())
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, picture, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// client runs the client from npm and returns what it says.
func (u uploader) client(t *testing.T, base, file, state string, more ...string) (result struct {
	URL, Photo, Resumed, Error string
	Errors                     int
	Stopped                    int64
},
) {
	t.Helper()
	folder, err := filepath.Abs("../../tools/tus")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "node_modules")); err != nil {
		t.Fatal("the client is not installed; run `go run ./tools/setup test`, as `make test` does")
	}
	args := append([]string{filepath.Join(folder, "upload.mjs"), base + tusPath, file, state}, more...)
	cmd := exec.CommandContext(t.Context(), "node", args...)
	cmd.Env = append(os.Environ(), "SKAITYKLA_TOKEN="+u.token)
	cmd.Stderr = t.Output()
	out, err := cmd.Output()
	if failed := json.Unmarshal(out, &result); failed != nil || err != nil {
		t.Fatalf("the client printed %q, %v", out, err)
	}
	return result
}

// photo returns the record of a photo.
func (u uploader) photo(t *testing.T, name string) *mediav1.Photo {
	t.Helper()
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+u.token)
	p, err := mediav1.NewMediaServiceClient(dial(t, u.suite.Media)).GetPhoto(ctx,
		&mediav1.GetPhotoRequest{Name: name, View: mediav1.PhotoView_PHOTO_VIEW_WORKING})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func hexSum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// brokenLine uploads over a line that breaks twice in the middle of the file.
func (u uploader) brokenLine(t *testing.T) {
	dir := t.TempDir()
	data := noisy(t, 1)
	file := filepath.Join(dir, "a.jpg")
	write(t, file, string(data))
	line := newLine(t, strings.TrimPrefix(u.suite.HTTP, "http://"), int64(len(data)/3), int64(len(data)*2/3))
	result := u.client(t, "http://"+line.address, file, filepath.Join(dir, "state"))
	if result.Errors < 2 || line.cuts() != 2 {
		t.Errorf("the line broke %d times and the client noticed %d of them, want 2", line.cuts(), result.Errors)
	}
	if line.carried() > int64(len(data))*2 {
		t.Errorf("%d bytes were sent for a photo of %d: it did not go on where it was", line.carried(), len(data))
	}
	p := u.photo(t, result.Photo)
	if p.GetSha256() != hexSum(data) || p.GetAlts()["lt"] != "Traukinys stotyje" || p.GetFilename() != "traukinys.jpg" || p.GetCredit() != "Ona Onaitė" {
		t.Errorf("the photo is %v", p)
	}
}

// anotherDay ends the client in the middle and starts it again.
func (u uploader) anotherDay(t *testing.T) {
	dir := t.TempDir()
	data := noisy(t, 2)
	file, state := filepath.Join(dir, "a.jpg"), filepath.Join(dir, "state")
	write(t, file, string(data))
	if first := u.client(t, u.suite.HTTP, file, state, fmt.Sprint(len(data)/2)); first.Stopped == 0 {
		t.Fatalf("the client did not stop: %+v", first)
	}
	second := u.client(t, u.suite.HTTP, file, state)
	if second.Resumed == "" || u.photo(t, second.Photo).GetSha256() != hexSum(data) {
		t.Errorf("started again it says %+v", second)
	}
}

// tusMetadata writes Upload-Metadata.
func tusMetadata(pairs ...string) string {
	var text []string
	for i := 0; i < len(pairs); i += 2 {
		text = append(text, pairs[i]+" "+base64.StdEncoding.EncodeToString([]byte(pairs[i+1])))
	}
	return strings.Join(text, ",")
}

// do sends one request of the protocol; headers are pairs.
func (u uploader) do(t *testing.T, method, address string, body []byte, headers ...string) (answer, string) {
	t.Helper()
	if strings.HasPrefix(address, "/") {
		address = u.suite.HTTP + address
	}
	req, err := http.NewRequestWithContext(t.Context(), method, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Tus-Resumable", "1.0.0")
	req.Header.Set("Authorization", "Bearer "+u.token)
	for i := 0; i < len(headers); i += 2 {
		if req.Header.Del(headers[i]); headers[i+1] != "" {
			req.Header.Set(headers[i], headers[i+1])
		}
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Status, resp.Header}, string(text)
}

// answer is an HTTP response without its body.
type answer struct {
	StatusCode int
	Status     string
	Header     http.Header
}
