package article

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Limits of preview tokens.
const (
	PreviewTTL    = 7 * 24 * time.Hour  // when none is asked for
	MaxPreviewTTL = 14 * 24 * time.Hour // the longest
	PreviewKeyTTL = time.Hour           // of what a token is exchanged for
	MaxPreviews   = 50                  // in use at a time, of one article
)

// PreviewName names a preview token.
type PreviewName struct {
	Name

	Token string // the id of the token
}

// ParsePreviewName reads
// "sites/{site}/articles/{article}/previewTokens/{preview_token}". It fails with
// INVALID_FIELD on the field called field.
func ParsePreviewName(field, name string) (PreviewName, error) {
	parent, id, ok := strings.Cut(name, "/previewTokens/")
	n, err := ParseName(field, parent)
	if err != nil || !ok || !ValidID(id) {
		return PreviewName{}, fault.InvalidField(field,
			"%q is not a name like sites/my-library/articles/my-article/previewTokens/my-token", clip(name))
	}
	return PreviewName{Name: n, Token: id}, nil
}

// String returns the resource name.
func (n PreviewName) String() string { return n.Name.String() + "/previewTokens/" + n.Token }

// PreviewEnd returns when a token made now ends: when asked, or after
// PreviewTTL. It fails with INVALID_FIELD for an end that has passed or lies
// further ahead than MaxPreviewTTL.
func PreviewEnd(asked, now time.Time) (time.Time, error) {
	const field = "preview_token.expire_time"
	switch {
	case asked.IsZero():
		return now.Add(PreviewTTL), nil
	case !asked.After(now):
		return asked, fault.InvalidField(field, "this time has passed; choose one in the next 14 days")
	case asked.After(now.Add(MaxPreviewTTL)):
		return asked, fault.InvalidField(field, "a preview ends after 14 days at most; choose an earlier time")
	}
	return asked, nil
}

// Preview returns a token as it is answered, without the token itself.
func Preview(n PreviewName, r *recordv1.PreviewToken) *articlev1.PreviewToken {
	return &articlev1.PreviewToken{
		Name: n.String(), DisplayName: r.GetDisplayName(), ExpireTime: r.GetExpireTime(),
		Creator: r.GetCreator(), CreateTime: r.GetCreateTime(), Etag: previewEtag(r),
	}
}

func previewEtag(r *recordv1.PreviewToken) string {
	sum := sha256.Sum256(r.GetNonce())
	return "p" + hex.EncodeToString(sum[:6])
}

// ForVisitors takes everything out of a working view that is for the staff of
// the site only. It changes and returns full.
func ForVisitors(full *articlev1.Article) *articlev1.Article {
	full.Annotations, full.Creator, full.Aliases = nil, "", nil
	full.Review, full.Waivers, full.FindingsSummary = nil, nil, nil
	for _, b := range full.GetBylines() {
		b.Principal = ""
	}
	return full
}
