// Package photo holds the rules about the record of a photograph: its name,
// who may write which field, what an etag stands for, how edits merge, and the
// addresses of its renditions. It reads no clock and stores nothing.
//
// A record is the protobuf Photo. Its content - the fields that Fields names:
// texts, license, people shown, tags and so on - is what people edit, and each
// edit makes a new revision; the etag stands for a revision of the content.
// Everything else is state, set by the server, and never breaks an editor's
// etag. Rights follow from the content, the state and the time; see RightsOf.
package photo

import (
	"cmp"
	"crypto/rand"
	"strings"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// Facts are what the server finds out about the bytes of an upload.
type Facts struct {
	SHA256        string
	Size          int64
	MediaType     string
	Width, Height int
	// Frames is 1 for a still photo.
	Frames      int
	Color       string
	Placeholder []byte
	// Suggestions are what the file says of itself, in EXIF, IPTC and XMP; they
	// describe nothing until a person takes them over.
	Suggestions *mediav1.PhotoSuggestions
}

// New returns the record of a photo that was just uploaded, in state
// PROCESSING, at revision 1. The description gives the content; its other
// fields are not looked at. It fails with INVALID_TEXT or INVALID_FIELD.
func New(name Name, description *mediav1.Photo, facts Facts, creator string, now time.Time) (*mediav1.Photo, error) {
	p := &mediav1.Photo{
		Name:        name.String(),
		Uid:         uuid.NewString(),
		State:       mediav1.Photo_STATE_PROCESSING,
		Sha256:      facts.SHA256,
		SizeBytes:   facts.Size,
		MimeType:    facts.MediaType,
		Width:       int32(facts.Width),  //nolint:gosec // limited to 16,384 by the decoder
		Height:      int32(facts.Height), //nolint:gosec // the same
		FrameCount:  int32(facts.Frames), //nolint:gosec // limited too
		Color:       facts.Color,
		Placeholder: facts.Placeholder,
		Suggestions: Suggest(facts.Suggestions),
		Creator:     creator,
		CreateTime:  timestamppb.New(now),
		UpdateTime:  timestamppb.New(now),
	}
	content, err := Clean(description, "description.photo")
	if err != nil {
		return nil, err
	}
	Copy(p, content, Fields())
	p.Etag = Etag(p.GetUid(), 1)
	return p, nil
}

// Name is the parsed name of a photo.
type Name struct{ Site, ID string }

// String returns sites/{site}/photos/{photo}.
func (n Name) String() string { return "sites/" + n.Site + "/photos/" + n.ID }

// Compare orders names by site, then by id.
func (n Name) Compare(other Name) int {
	return cmp.Or(strings.Compare(n.Site, other.Site), strings.Compare(n.ID, other.ID))
}

// Parent returns sites/{site}.
func (n Name) Parent() string { return "sites/" + n.Site }

// ParseName parses sites/{site}/photos/{photo}. It fails with INVALID_FIELD on
// field.
func ParseName(field, name string) (Name, error) {
	parts := strings.Split(name, "/")
	if len(parts) != 4 || parts[0] != "sites" || parts[2] != "photos" || !validID(parts[1]) || !validID(parts[3]) {
		return Name{}, fault.InvalidField(field, "%.100q is not the name of a photo; write sites/{site}/photos/{photo}", name)
	}
	return Name{Site: parts[1], ID: parts[3]}, nil
}

// ParseParent parses sites/{site} and returns the id of the site, "-" for
// sites/-. It fails with INVALID_FIELD on parent.
func ParseParent(parent string) (site string, err error) {
	id, found := strings.CutPrefix(parent, "sites/")
	if !found || (id != "-" && !validID(id)) {
		return "", fault.InvalidField("parent", "%.100q is not the name of a site; write sites/{site}", parent)
	}
	return id, nil
}

// NewID returns a random id: 16 lower-case letters and digits, a letter first.
func NewID() string {
	// rand.Text has 26 characters of A to Z and 2 to 7.
	text := strings.ToLower(rand.Text())
	return string('a'+(text[0]%26)) + text[1:16]
}

// validID reports whether id is 3 to 63 characters of [a-z0-9-], a letter
// first.
func validID(id string) bool {
	if len(id) < 3 || len(id) > 63 || id[0] < 'a' || id[0] > 'z' {
		return false
	}
	return strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// shorten cuts s to at most n characters.
func shorten(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return strings.TrimSpace(string(runes[:n]))
	}
	return s
}
