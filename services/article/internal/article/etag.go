package article

import (
	"fmt"
	"strconv"
	"strings"

	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Etag returns the etag of a content revision: "r12-" and six characters that
// stand for the article, so that it never fits another one of the same name, and
// for its redactions: what was read before one must not be saved after it.
func Etag(a *recordv1.State, revision int64) string {
	return fmt.Sprintf("r%d-%s", revision, etagTail(a))
}

func etagTail(a *recordv1.State) string {
	if a.GetRedactions() == 0 {
		return sixOf(a.GetUid())
	}
	return sixOf(a.GetUid() + "/" + strconv.FormatInt(a.GetRedactions(), 10))
}

// RevisionOf returns the revision that an etag of the article stands for, and
// false when it is not one that the article has had since its last redaction.
func RevisionOf(a *recordv1.State, etag string) (int64, bool) {
	number, tail, ok := strings.Cut(strings.TrimPrefix(etag, "r"), "-")
	if !ok || !strings.HasPrefix(etag, "r") || tail != etagTail(a) {
		return 0, false
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 1 || n > a.GetRevision() || Etag(a, n) != etag {
		return 0, false
	}
	return n, true
}

// SiteEtag returns the etag of a state of a site.
func SiteEtag(s *recordv1.Site) string {
	return fmt.Sprintf("s%d-%s", s.GetVersion(), sixOf(s.GetSite().GetUid()))
}
