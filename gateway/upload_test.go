package gateway_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/skaitykla/skaitykla/internal/auth"
)

const uploadPath = "/upload/v1/" + siteName + "/photos"

func (s *suite) author() map[string]string {
	return map[string]string{
		"Authorization": "Bearer " + s.kit.Token(principal(auth.Author)), "Content-Type": "image/jpeg",
	}
}

func TestUploadStreams(t *testing.T) {
	s := newSuite(t)
	content := large(3<<20 + 17)
	sum := sha256.Sum256(content)
	form := &bytes.Buffer{}
	w := multipart.NewWriter(form)
	must(t, w.WriteField("photoId", "lempa"))
	part, err := w.CreateFormFile("file", "lempa.jpg")
	must(t, err)
	_, err = part.Write(content)
	must(t, err)
	must(t, w.Close())

	cases := []struct {
		name, path, kind string
		body             []byte
		size             int64 // announced
	}{
		{"body", uploadPath + "?photoId=lempa", "image/jpeg", content, int64(len(content))},
		{"form", uploadPath, w.FormDataContentType(), form.Bytes(), 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			headers := s.author()
			headers["Content-Type"] = c.kind
			resp, got := s.do(t, http.MethodPost, c.path, headers, bytes.NewReader(c.body))
			if resp.StatusCode != http.StatusCreated {
				t.Fatalf("%s %s", resp.Status, got)
			}
			u := wait(t, s.media.uploads, "the upload")
			if u.sha256 != hex.EncodeToString(sum[:]) || u.size != len(content) {
				t.Errorf("%d bytes arrived, want %d", u.size, len(content))
			}
			if u.largest != chunk {
				t.Errorf("the largest chunk has %d bytes, want %d", u.largest, chunk)
			}
			if u.description.GetSizeBytes() != c.size || u.description.GetPhotoId() != "lempa" {
				t.Errorf("description %v", u.description)
			}
		})
	}
}

// TestUploadCutOff breaks the connection in the middle of a file: the media
// service must see the call canceled, never the end of a whole file.
func TestUploadCutOff(t *testing.T) {
	cases := []struct{ name, head string }{
		{"body", "Content-Type: image/jpeg\r\nContent-Length: 4000000\r\n\r\n"},
		{"chunks", "Content-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\n80000\r\n"},
		{"form", "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 4000000\r\n\r\n" +
			"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newSuite(t)
			conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.base, "http://"))
			must(t, err)
			_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: biblioteka.example\r\nAuthorization: %s\r\n%s",
				uploadPath, s.author()["Authorization"], c.head)
			must(t, err)
			_, err = conn.Write(large(400_000))
			must(t, err)
			wait(t, s.media.begun, "the first bytes")
			must(t, conn.Close())
			u := wait(t, s.media.uploads, "the end of the upload")
			if status.Code(u.err) != codes.Canceled {
				t.Errorf("the media service saw %v after %d bytes, want a canceled call", u.err, u.size)
			}
		})
	}
}

func TestUploadTooLarge(t *testing.T) {
	for name, body := range map[string]io.Reader{
		"announced":   bytes.NewReader(large(9 << 20)),
		"unannounced": io.MultiReader(bytes.NewReader(large(9 << 20))),
	} {
		t.Run(name, func(t *testing.T) {
			s := newSuite(t)
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.base+uploadPath, body)
			must(t, err)
			for key, value := range s.author() {
				req.Header.Set(key, value)
			}
			resp, err := client().Do(req)
			if _, reset := errors.AsType[*net.OpError](err); reset {
				// The server answered and closed while the client was still
				// sending, and the answer was lost with the connection; what
				// matters is that nothing was taken.
				if name == "announced" {
					if len(s.media.begun) > 0 {
						t.Error("an upload announced as too large reached the media service")
					}
				} else if u := wait(t, s.media.uploads, "the end of the upload"); u.err == nil {
					t.Errorf("the media service took %d bytes", u.size)
				}
				return
			}
			must(t, err)
			defer resp.Body.Close()
			got, err := io.ReadAll(resp.Body)
			must(t, err)
			if resp.StatusCode != http.StatusRequestEntityTooLarge || !bytes.Contains(got, []byte("IMAGE_TOO_LARGE")) {
				t.Errorf("%s %s", resp.Status, got)
			}
		})
	}
}
