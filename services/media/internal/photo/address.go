package photo

import (
	"fmt"
	"strconv"
	"strings"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// Address says where a browser finds a rendition. Its text never names other
// bytes: the generation changes with all that they are made of.
type Address struct {
	Name       Name
	Generation string
	Width      int32
	Format     mediav1.Rendition_Format
	Crop       mediav1.Rendition_Crop
}

// String returns /media/{site}/{photo}/{generation}/{file}.
func (a Address) String() string {
	return fmt.Sprintf("/media/%s/%s/%s/%s", a.Name.Site, a.Name.ID, a.Generation, a.File())
}

// File returns {width}.{jpg|webp|avif}, or for cut renditions
// {width}-{wide|classic|square|social}.{jpg|webp|avif}.
func (a Address) File() string {
	name := strconv.Itoa(int(a.Width))
	if a.Crop != mediav1.Rendition_CROP_UNSPECIFIED {
		name += "-" + CropName(a.Crop)
	}
	return name + "." + Extension(a.Format)
}

// ParseAddress parses what String returned. It reports false for anything
// else.
func ParseAddress(uri string) (Address, bool) {
	parts := strings.Split(uri, "/")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "media" || !validID(parts[2]) || !validID(parts[3]) || parts[4] == "" {
		return Address{}, false
	}
	stem, extension, _ := strings.Cut(parts[5], ".")
	number, crop, _ := strings.Cut(stem, "-")
	width, err := strconv.ParseInt(number, 10, 32)
	a := Address{
		Name: Name{Site: parts[2], ID: parts[3]}, Generation: parts[4], Width: int32(width),
		Format: formatOf(extension), Crop: CropOf(crop),
	}
	return a, err == nil && a.Format != mediav1.Rendition_FORMAT_UNSPECIFIED && a.String() == uri
}

// AddressOf returns the address of a rendition, and false when it has none.
func AddressOf(r *mediav1.Rendition) (Address, bool) { return ParseAddress(r.GetUri()) }

// CropName returns the name of a crop in addresses, "" for the whole photo.
func CropName(c mediav1.Rendition_Crop) string {
	switch c {
	case mediav1.Rendition_CROP_WIDE:
		return "wide"
	case mediav1.Rendition_CROP_CLASSIC:
		return "classic"
	case mediav1.Rendition_CROP_SQUARE:
		return "square"
	case mediav1.Rendition_CROP_SOCIAL:
		return "social"
	case mediav1.Rendition_CROP_UNSPECIFIED:
	}
	return ""
}

// CropOf returns the crop that CropName calls so, and the whole photo for
// anything else.
func CropOf(name string) mediav1.Rendition_Crop {
	for number := range mediav1.Rendition_Crop_name {
		if c := mediav1.Rendition_Crop(number); CropName(c) == name {
			return c
		}
	}
	return mediav1.Rendition_CROP_UNSPECIFIED
}

// Extension returns the file name extension of a format, without the dot.
func Extension(f mediav1.Rendition_Format) string {
	switch f {
	case mediav1.Rendition_FORMAT_WEBP:
		return "webp"
	case mediav1.Rendition_FORMAT_AVIF:
		return "avif"
	case mediav1.Rendition_FORMAT_JPEG, mediav1.Rendition_FORMAT_UNSPECIFIED:
	}
	return "jpg"
}

// MediaType returns the media type of a format.
func MediaType(f mediav1.Rendition_Format) string {
	if extension := Extension(f); extension != "jpg" {
		return "image/" + extension
	}
	return "image/jpeg"
}

func formatOf(extension string) mediav1.Rendition_Format {
	for _, f := range Formats() {
		if Extension(f) == extension {
			return f
		}
	}
	return mediav1.Rendition_FORMAT_UNSPECIFIED
}
