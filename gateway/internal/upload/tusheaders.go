package upload

import (
	"encoding/base64"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/skaitykla/skaitykla/internal/fault"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// maxMetadata is the longest Upload-Metadata, in bytes.
const maxMetadata = 16 << 10

// incidental are names that clients in browsers send by themselves. They say
// nothing that the file does not; all others must be among Fields, so that no
// caption is lost to a slip of the pen.
func incidental() []string { return []string{"name", "type", "filetype", "relativePath"} }

// number reads a header that must be a whole number of at least zero.
func number(r *http.Request, name string) (int64, error) {
	const bits = 63
	n, err := strconv.ParseUint(r.Header.Get(name), 10, bits)
	if err != nil {
		return 0, fault.InvalidField(name, "send a whole number of bytes")
	}
	return int64(n), nil
}

// metadata reads Upload-Metadata: pairs of a name and a value in base64,
// separated by commas.
func metadata(r *http.Request) (*mediav1.UploadDescription, error) {
	text := r.Header.Get(headerMetadata)
	if len(text) > maxMetadata || len(r.Header.Values(headerMetadata)) > 1 {
		return nil, fault.InvalidField(headerMetadata, "send it once, in at most %d bytes", maxMetadata)
	}
	form, seen := newForm(r.PathValue("site")), map[string]bool{}
	for pair := range strings.SplitSeq(text, ",") {
		name, encoded, _ := strings.Cut(strings.TrimSpace(pair), " ")
		if name == "" {
			if text == "" {
				break
			}
			return nil, fault.InvalidField(headerMetadata, "a pair has no name; write: name base64, name base64")
		}
		if seen[name] {
			return nil, fault.InvalidField(headerMetadata, "send %.40q once", name)
		}
		seen[name] = true
		value, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
		if err != nil {
			return nil, fault.InvalidField(headerMetadata, "the value of %.40q is not base64", name)
		}
		if slices.Contains(incidental(), name) {
			if name == "name" {
				form.filename(string(value))
			}
			continue
		}
		if name == "filename" {
			delete(form.values, name) // it counts more than the incidental name
		}
		if err := form.set(name, string(value)); err != nil {
			return nil, err
		}
	}
	return form.finish()
}

// encodeMetadata is the Upload-Metadata that says what is known of an upload.
func encodeMetadata(u *mediav1.Upload) string {
	var pairs []string
	for _, p := range [][2]string{
		{"filename", u.GetPhoto().GetFilename()}, {"photoId", u.GetPhotoId()}, {"sha256", u.GetSha256()},
	} {
		if p[1] != "" {
			pairs = append(pairs, p[0]+" "+base64.StdEncoding.EncodeToString([]byte(p[1])))
		}
	}
	return strings.Join(pairs, ",")
}

// uploadName is the resource name of the upload that a request is about.
func uploadName(r *http.Request) string {
	return "sites/" + r.PathValue("site") + "/uploads/" + r.PathValue("upload")
}

// idOf is the last part of a resource name.
func idOf(name string) string { return path.Base(name) }
