package photo

import (
	"strings"

	"github.com/skaitykla/skaitykla/internal/fault"
)

// UploadName is the parsed name of an upload in pieces.
type UploadName struct{ Site, ID string }

// String returns sites/{site}/uploads/{upload}.
func (n UploadName) String() string { return "sites/" + n.Site + "/uploads/" + n.ID }

// ParseUploadName parses sites/{site}/uploads/{upload}. It fails with
// INVALID_FIELD on field.
func ParseUploadName(field, name string) (UploadName, error) {
	parts := strings.Split(name, "/")
	if len(parts) != 4 || parts[0] != "sites" || parts[2] != "uploads" || !validID(parts[1]) || !validID(parts[3]) {
		return UploadName{}, fault.InvalidField(field, "%.100q is not the name of an upload; write sites/{site}/uploads/{upload}", name)
	}
	return UploadName{Site: parts[1], ID: parts[3]}, nil
}
