package pixels

import "bytes"

// SniffLen is how many leading bytes [Sniff] wants to see; fewer will do for
// a file that is shorter.
const SniffLen = 64

// Sniff tells the media type of a photo by its first bytes, never by a name.
// It knows image/jpeg, png, webp, avif, heic, gif and tiff and says ok for
// nothing else: SVG and PDF are programs rather than pictures, and are refused
// with everything unknown.
func Sniff(head []byte) (mediaType string, ok bool) {
	signatures := []struct{ prefix, mediaType string }{
		{"\xff\xd8\xff", "image/jpeg"},
		{"\x89PNG\r\n\x1a\n", "image/png"},
		{"GIF87a", "image/gif"},
		{"GIF89a", "image/gif"},
		{"II*\x00", "image/tiff"},
		{"MM\x00*", "image/tiff"},
	}
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.prefix)) {
			return s.mediaType, true
		}
	}
	if len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP" {
		return "image/webp", true
	}
	return sniffBrands(head)
}

// sniffBrands reads the ftyp box that opens an ISO media file: a major brand,
// a version, then compatible brands.
func sniffBrands(head []byte) (string, bool) {
	if len(head) < 12 || string(head[4:8]) != "ftyp" || head[0]|head[1]|head[2] != 0 {
		return "", false
	}
	box := head[:min(len(head), int(head[3]))]
	brands := map[string]string{
		"avif": "image/avif", "avis": "image/avif",
		"heic": "image/heic", "heix": "image/heic", "heim": "image/heic", "heis": "image/heic",
	}
	for at := 8; at+4 <= len(box); at += 4 {
		if at == 12 { // the version, not a brand
			continue
		}
		if mediaType, ok := brands[string(box[at:at+4])]; ok {
			return mediaType, true
		}
	}
	return "", false
}
