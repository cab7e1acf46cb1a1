package blobs

import "strings"

// Key names an object in the bucket.
type Key string

// Prefixes of the keys of originals and of renditions.
const (
	OriginalPrefix  = "original/"
	RenditionPrefix = "rendition/"
)

// Original returns the key of the original with the given SHA-256 in
// hexadecimal.
func Original(sha256 string) Key { return Key(OriginalPrefix + sha256) }

// Rendition returns the key of a rendition of that original. The generation
// stands for what it was made with, the file for its width, crop and format.
func Rendition(sha256, generation, file string) Key {
	return Key(RenditionPrefix + sha256 + "/" + generation + "/" + file)
}

// Parts returns which original a key belongs to and, for renditions, their
// generation. It reports false for a key that no function here made.
func (k Key) Parts() (sha256, generation string, ok bool) {
	if sha, found := strings.CutPrefix(string(k), OriginalPrefix); found {
		return sha, "", len(sha) == 64
	}
	rest, found := strings.CutPrefix(string(k), RenditionPrefix)
	if !found {
		return "", "", false
	}
	parts := strings.Split(rest, "/")
	if len(parts) != 3 || len(parts[0]) != 64 {
		return "", "", false
	}
	return parts[0], parts[1], true
}
