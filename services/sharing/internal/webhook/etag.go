package webhook

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// Etag returns the etag of the resource with a uid after so many changes. It
// cannot be mistaken for that of another resource.
func Etag(uid string, revision int64) string {
	number := strconv.FormatInt(revision, 36)
	sum := sha256.Sum256([]byte(uid + "/" + number))
	return number + "-" + hex.EncodeToString(sum[:8])
}
