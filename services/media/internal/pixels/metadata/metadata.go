// Package metadata reads the few things a newsroom wants to know out of what
// cameras and agencies write into photos, and writes the one packet that our
// renditions carry. It never reads positions or serial numbers.
//
// Three standards overlap. XMP is believed before IPTC, and that before EXIF,
// which is also the order in which they can hold Lithuanian letters.
//
// All input is hostile. What does not parse is left out without an error: a
// photo with broken metadata is still a photo. The texts returned are as found;
// the caller makes them fit for a record.
package metadata

import (
	"cmp"
	"strings"
	"time"
)

// Fields is what was found; all are empty when nothing was.
type Fields struct {
	// CaptureTime is in UTC: the camera's clock, which is taken for UTC
	// unless the file says the zone.
	CaptureTime time.Time
	// Alt is the text written for people who do not see the photo.
	Alt string
	// Credit is the line to print, or else who made the photo.
	Credit string
	// Copyright is the notice.
	Copyright string
}

// The EXIF fields that [Read] looks at, by libvips' names.
const (
	ExifTime      = "exif-ifd2-DateTimeOriginal"
	ExifZone      = "exif-ifd2-OffsetTimeOriginal"
	ExifArtist    = "exif-ifd0-Artist"
	ExifCopyright = "exif-ifd0-Copyright"
)

// Read finds the fields in the texts of EXIF, as libvips prints them, and in
// raw XMP and IPTC blocks; any may be absent.
func Read(exif map[string]string, xmp, iptc []byte) Fields {
	x, i := readXMP(xmp), readIPTC(iptc)
	return Fields{
		CaptureTime: captureTime(ascii(exif[ExifTime]), ascii(exif[ExifZone])),
		Alt:         x.alt,
		Credit:      cmp.Or(x.credit, i.credit, x.creator, i.creator, ascii(exif[ExifArtist])),
		Copyright:   cmp.Or(x.rights, i.rights, ascii(exif[ExifCopyright])),
	}
}

// ascii takes the text out of what libvips prints for a field,
// "text (text again, ASCII, 20 components, 20 bytes)". The text may hold
// parentheses itself; the second copy may be worded otherwise.
func ascii(field string) string {
	end := strings.LastIndex(field, ", ASCII, ")
	if end < 0 {
		return ""
	}
	twice := field[:end]
	if half := (len(twice) - 2) / 2; half > 0 && twice[:half]+" ("+twice[:half] == twice {
		return strings.TrimSpace(twice[:half])
	}
	text, _, _ := strings.Cut(twice, " (")
	return strings.TrimSpace(text)
}

// captureTime is in UTC; a year that no calendar of ours can write is dropped.
func captureTime(clock, zone string) time.Time {
	t, err := time.Parse("2006:01:02 15:04:05-07:00", clock+zone)
	if err != nil {
		t, err = time.Parse("2006:01:02 15:04:05", clock)
	}
	if t = t.UTC(); err != nil || t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}
	}
	return t
}
