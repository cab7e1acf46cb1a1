package photo

import (
	"fmt"
	"strconv"
	"strings"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// Address says where a browser finds a rendition. Its text never names other
// bytes: the generation changes with the settings they were made with.
type Address struct {
	Name       Name
	Generation string
	Width      int32
	Format     mediav1.Rendition_Format
}

// String returns /media/{site}/{photo}/{generation}/{width}.{jpg|webp}.
func (a Address) String() string {
	return fmt.Sprintf("/media/%s/%s/%s/%d.%s", a.Name.Site, a.Name.ID, a.Generation, a.Width, Extension(a.Format))
}

// ParseAddress parses what String returned. It reports false for anything
// else.
func ParseAddress(uri string) (Address, bool) {
	parts := strings.Split(uri, "/")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "media" || !validID(parts[2]) || !validID(parts[3]) || parts[4] == "" {
		return Address{}, false
	}
	number, extension, _ := strings.Cut(parts[5], ".")
	width, err := strconv.ParseInt(number, 10, 32)
	a := Address{Name: Name{Site: parts[2], ID: parts[3]}, Generation: parts[4], Width: int32(width), Format: formatOf(extension)}
	return a, err == nil && a.Format != mediav1.Rendition_FORMAT_UNSPECIFIED && a.String() == uri
}

// Generation returns the generation of a photo's renditions, "" when it has
// none.
func Generation(p *mediav1.Photo) string {
	for _, r := range p.GetRenditions() {
		if a, ok := ParseAddress(r.GetUri()); ok {
			return a.Generation
		}
	}
	return ""
}

// Extension returns the file name extension of a format, without the dot.
func Extension(f mediav1.Rendition_Format) string {
	if f == mediav1.Rendition_FORMAT_WEBP {
		return "webp"
	}
	return "jpg"
}

// MediaType returns the media type of a format.
func MediaType(f mediav1.Rendition_Format) string {
	if f == mediav1.Rendition_FORMAT_WEBP {
		return "image/webp"
	}
	return "image/jpeg"
}

func formatOf(extension string) mediav1.Rendition_Format {
	switch extension {
	case "jpg":
		return mediav1.Rendition_FORMAT_JPEG
	case "webp":
		return mediav1.Rendition_FORMAT_WEBP
	}
	return mediav1.Rendition_FORMAT_UNSPECIFIED
}
