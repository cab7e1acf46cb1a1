package photo

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// Etag returns the etag of a revision of the content of the photo with the
// given uid. It holds the revision in readable form and cannot be mistaken for
// that of another photo.
func Etag(uid string, revision int64) string {
	number := strconv.FormatInt(revision, 36)
	sum := sha256.Sum256([]byte(uid + "/" + number))
	return number + "-" + hex.EncodeToString(sum[:8])
}

// RevisionOf returns the revision in an etag, 0 when it is not one of ours.
func RevisionOf(etag string) int64 {
	number, _, _ := strings.Cut(etag, "-")
	revision, err := strconv.ParseInt(number, 36, 64)
	if err != nil || revision < 0 {
		return 0
	}
	return revision
}
