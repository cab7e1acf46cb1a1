package article_test

import (
	"testing"

	"github.com/google/uuid"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// TestImportRefusesUIDs imports archives whose uids or redactions do not go with
// the rest. Nothing of them is left.
func TestImportRefusesUIDs(t *testing.T) {
	good := smallArchive(t)
	s := newSuite(t)
	slugs := func(all records, change func(*articlev1.ArchiveRecord_Slug)) {
		for i := s.whereIs(all, 0, isSlug); isSlug(all[i]); i++ {
			change(all[i].GetSlug())
		}
	}
	for name, spoil := range map[string]func(records){
		"slugs of others of the name": func(all records) {
			slugs(all, func(one *articlev1.ArchiveRecord_Slug) { one.ArticleUid = uuid.NewString() })
		},
		"slugs of nobody": func(all records) {
			slugs(all, func(one *articlev1.ArchiveRecord_Slug) { one.ArticleUid = "" })
		},
		"no uid": func(all records) {
			slugs(all, func(one *articlev1.ArchiveRecord_Slug) { one.ArticleUid = "x" })
		},
		"a former uid without the article": func(all records) {
			slugs(all, func(one *articlev1.ArchiveRecord_Slug) { one.FormerArticleUid = uuid.NewString() })
		},
		"taken over from itself": func(all records) {
			slugs(all, func(one *articlev1.ArchiveRecord_Slug) {
				one.FormerArticle, one.FormerArticleUid, one.OncePublic = one.GetArticle(), one.GetArticleUid(), true
			})
		},
		"redactions that the etag does not know": func(all records) { all[1].Redactions++ },
		"redactions of a revision":               func(all records) { all[2].Redactions++ },
	} {
		t.Run(name, func(t *testing.T) {
			all := cloned(good)
			spoil(all)
			_, err := s.importAs("sites/kita", "", summed(t, all)...)
			wantReason(t, err, faultv1.Reason_REASON_INVALID_FIELD)
			if left := s.rows("kita"); left != 0 {
				t.Errorf("%d rows are left", left)
			}
		})
	}
	made, err := s.importAs("sites/kita", "", good...)
	must(t, made, err)
}
