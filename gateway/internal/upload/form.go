package upload

import (
	"path"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protojson"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// Fields returns the names of the parameters of an upload.
func Fields() []string {
	return []string{
		"photoId", "requestId", "sha256", "duplicatePolicy", "filename", "credit", "author", "source", "copyrightNotice",
		"license",      // the SPDX identifier
		"tags",         // separated by commas
		"languageCode", // of alt and caption
		"alt", "caption",
		"photo", // all of the above texts at once, in JSON
	}
}

// form collects the parameters of an upload.
type form struct {
	description *mediav1.UploadDescription
	values      map[string]string
}

func newForm(site string) *form {
	return &form{&mediav1.UploadDescription{Parent: "sites/" + site}, map[string]string{}}
}

// set takes one parameter. It fails with UNKNOWN_FIELD for a name that is not
// among Fields, and with INVALID_FIELD when one comes twice or is not text.
func (f *form) set(name, value string) error {
	for _, field := range Fields() {
		if name != field && name != snake(field) {
			continue
		}
		if _, twice := f.values[field]; twice {
			return fault.InvalidField(field, "send it once")
		}
		if !utf8.ValidString(value) {
			return fault.InvalidField(field, "this is not UTF-8; send text in UTF-8")
		}
		f.values[field] = value
		return nil
	}
	return fault.Invalid(strings.ToValidUTF8(name, "\uFFFD"), faultv1.Reason_REASON_UNKNOWN_FIELD,
		"an upload has no such parameter; use %s", strings.Join(Fields(), ", "))
}

// filename takes the name of the file in a form, without the folder that some
// browsers send, unless the caller named it.
func (f *form) filename(name string) {
	if _, given := f.values["filename"]; !given && name != "" {
		f.values["filename"] = strings.ToValidUTF8(path.Base(strings.ReplaceAll(name, `\`, "/")), "\uFFFD")
	}
}

// finish returns the description.
func (f *form) finish() (*mediav1.UploadDescription, error) {
	d, photo := f.description, &mediav1.Photo{}
	if text := f.values["photo"]; text != "" {
		if err := protojson.Unmarshal([]byte(text), photo); err != nil {
			return nil, fault.InvalidField("photo", "not a Photo in JSON; see /openapi.json")
		}
	}
	d.PhotoId, d.RequestId, d.Sha256 = f.values["photoId"], f.values["requestId"], f.values["sha256"]
	if v := f.values["duplicatePolicy"]; v != "" {
		policy, known := mediav1.DuplicatePolicy_value["DUPLICATE_POLICY_"+strings.TrimPrefix(v, "DUPLICATE_POLICY_")]
		if !known {
			return nil, fault.InvalidField("duplicatePolicy", "write REUSE, ALLOW or REFUSE")
		}
		d.DuplicatePolicy = mediav1.DuplicatePolicy(policy)
	}
	f.words(photo)
	language := f.values["languageCode"]
	if language == "" && f.values["alt"]+f.values["caption"] != "" {
		return nil, fault.InvalidField("languageCode", "alt and caption need the language they are in, such as lt")
	}
	if v := f.values["alt"]; v != "" {
		photo.Alts = put(photo.GetAlts(), language, v)
	}
	if v := f.values["caption"]; v != "" {
		photo.Captions = put(photo.GetCaptions(), language, v)
	}
	d.Photo = photo
	return d, nil
}

// words sets the texts of the photo that have no language.
func (f *form) words(photo *mediav1.Photo) {
	for field, text := range map[string]*string{
		"filename": &photo.Filename, "credit": &photo.Credit, "author": &photo.Author, "source": &photo.Source,
		"copyrightNotice": &photo.CopyrightNotice,
	} {
		if v := f.values[field]; v != "" {
			*text = v
		}
	}
	if v := f.values["license"]; v != "" {
		photo.License = &mediav1.License{SpdxId: v}
	}
	if v := f.values["tags"]; v != "" {
		photo.Tags = nil
		for tag := range strings.SplitSeq(v, ",") {
			if tag = strings.TrimSpace(tag); tag != "" {
				photo.Tags = append(photo.Tags, tag)
			}
		}
	}
}

func put(m map[string]string, key, value string) map[string]string {
	if m == nil {
		m = make(map[string]string, 1)
	}
	m[key] = value
	return m
}

// snake returns the proto spelling of a camelCase name.
func snake(name string) string {
	var b strings.Builder
	for _, r := range name {
		if 'A' <= r && r <= 'Z' {
			b.WriteByte('_')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
