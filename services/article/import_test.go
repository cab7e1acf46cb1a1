package article_test

import (
	"bytes"
	"testing"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/archive"
)

type records = []*articlev1.ArchiveRecord

// smallArchive is the archive of a site with a draft, and with an article that
// is published, moved and scheduled.
func smallArchive(t *testing.T) records {
	t.Helper()
	s := newSuite(t)
	s.create("Antras", func(a *articlev1.Article) { a.Aliases = []string{"/?p=2"} })
	a := s.publish(s.create("Pirmas", func(a *articlev1.Article) {
		a.Aliases, a.Blocks = []string{"/?p=1"}, []*articlev1.Block{paragraph("b1", "Žodžiai"), paragraph("b2", "Kiti")}
	}))
	s.move(a, "kitoks")
	s.schedule(s.now(a), soon())
	return s.export()
}

// summed replaces the end by the right one.
func summed(t *testing.T, all records) records {
	t.Helper()
	sum := archive.NewSum()
	for _, r := range all[:len(all)-1] {
		if err := sum.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	return append(all[:len(all)-1:len(all)-1], sum.End())
}

// whereIs returns where the n-th record of a kind stands.
func (s *suite) whereIs(all records, n int, is func(*articlev1.ArchiveRecord) bool) int {
	s.t.Helper()
	for i, r := range all {
		if is(r) {
			if n--; n < 0 {
				return i
			}
		}
	}
	s.t.Fatal("the archive has no such record")
	return 0
}

// rows returns how many rows tell of a site.
func (s *suite) rows(site string) int {
	s.t.Helper()
	count := 0
	err := s.db.View(s.t.Context(), func(r kv.Reader) error {
		count = 0
		for e, err := range r.Scan(kv.Range{}) {
			if err != nil {
				return err
			}
			if bytes.Contains(append(e.Key, '/'), []byte("/"+site+"/")) {
				count++
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return count
}

func isRevision(r *articlev1.ArchiveRecord) bool { return r.GetArticleRevision() != nil }
func isShown(r *articlev1.ArchiveRecord) bool    { return r.GetPublication() != nil }
func isSchedule(r *articlev1.ArchiveRecord) bool { return r.GetSchedule() != nil }
func isSlug(r *articlev1.ArchiveRecord) bool     { return r.GetSlug() != nil }
func isEvent(r *articlev1.ArchiveRecord) bool    { return r.GetAuditEvent() != nil }

// TestImportRefuses imports archives that no export could have written. Nothing
// of them is left.
func TestImportRefuses(t *testing.T) {
	good := smallArchive(t)
	s := start(t, t.TempDir())
	const invalid, badText, mismatch = faultv1.Reason_REASON_INVALID_FIELD, faultv1.Reason_REASON_INVALID_TEXT, faultv1.Reason_REASON_CHECKSUM_MISMATCH
	// published is the first article with a publication, draft the other one.
	published := s.whereIs(good, 0, func(r *articlev1.ArchiveRecord) bool { return r.GetArticle().GetPublishedRevision() != 0 })
	draft := s.whereIs(good, 0, func(r *articlev1.ArchiveRecord) bool {
		return r.GetArticle().GetState() == articlev1.Article_STATE_DRAFT
	})
	find := func(all records, n int, is func(*articlev1.ArchiveRecord) bool) *articlev1.ArchiveRecord {
		return all[s.whereIs(all, n, is)]
	}
	for _, test := range []struct {
		name   string
		reason faultv1.Reason
		change func(all records) records // its end is made right afterwards
	}{
		{"an empty record", invalid, func(all records) records { all[1] = &articlev1.ArchiveRecord{}; return all }},
		{"no site", invalid, func(all records) records { return all[1:] }},
		{"two sites", invalid, func(all records) records { return append(records{all[0]}, all...) }},
		{"the etag of a site", invalid, func(all records) records { all[0].GetSite().Etag = "s1-000000"; return all }},
		{"a site without a title", invalid, func(all records) records { all[0].GetSite().Title = ""; return all }},
		{"records out of order", invalid, func(all records) records { all[1], all[2] = all[2], all[1]; return all }},
		{"an article twice", invalid, func(all records) records { return append(all[:3:3], all[1:]...) }},
		{"no revision", invalid, func(all records) records {
			return append(all[:draft+1:draft+1], all[draft+2:]...)
		}},
		{"other content than the newest revision's", invalid, func(all records) records { all[draft].GetArticle().Title = "Kitas"; return all }},
		{"a control character", badText, func(all records) records {
			find(all, 0, isRevision).GetArticleRevision().GetArticle().Title = "a\x01b"
			return all
		}},
		{"not NFC", invalid, func(all records) records { all[draft].GetArticle().Title = "Ž"; return all }},
		{"two blocks of one id", invalid, func(all records) records { all[published].GetArticle().Blocks[1].Id = "b1"; return all }},
		{"a block without id", invalid, func(all records) records { all[published].GetArticle().Blocks[1].Id = ""; return all }},
		{"a photo of another site", invalid, func(all records) records {
			all[draft].GetArticle().Blocks = []*articlev1.Block{figure("b1", "sites/kita/photos/kate")}
			return all
		}},
		{"an article of another site", invalid, func(all records) records {
			all[draft].GetArticle().Name = "sites/kita/articles/antras"
			return all
		}},
		{"no uid", invalid, func(all records) records { all[draft].GetArticle().Uid = "1"; return all }},
		{"no language", invalid, func(all records) records { all[draft].GetArticle().LanguageCode = "xx"; return all }},
		{"the etag of an article", invalid, func(all records) records { all[draft].GetArticle().Etag = "r2-000000"; return all }},
		{"published without a revision", invalid, func(all records) records {
			all[draft].GetArticle().State = articlev1.Article_STATE_PUBLISHED
			return all
		}},
		{"a draft with a time of deletion", invalid, func(all records) records {
			all[draft].GetArticle().DeleteTime = timestamppb.Now()
			return all
		}},
		{"nanoseconds", invalid, func(all records) records { all[draft].GetArticle().CreateTime.Nanos = 1; return all }},
		{"what only answers have", invalid, func(all records) records { all[draft].GetArticle().Path = "/antras"; return all }},
		{"an alias twice", faultv1.Reason_REASON_ALIAS_TAKEN, func(all records) records {
			all[draft].GetArticle().Aliases = []string{"/?p=1"}
			return all
		}},
		{"an alias in another form", invalid, func(all records) records {
			all[draft].GetArticle().Aliases = []string{"/X/?utm_source=a&p=1"}
			return all
		}},
		{"a revision too many", invalid, func(all records) records {
			find(all, 0, isRevision).GetArticleRevision().Name += "0"
			return all
		}},
		{"another publication than the state's", invalid, func(all records) records {
			find(all, 1, isShown).GetPublication().Revision = 1
			return all
		}},
		{"a publication without slug", invalid, func(all records) records {
			find(all, 0, isShown).GetPublication().Slug = ""
			return all
		}},
		{"a schedule without its revision", invalid, func(all records) records {
			find(all, 0, isSchedule).GetSchedule().Revision = 9
			return all
		}},
		{"a schedule in no zone", invalid, func(all records) records {
			find(all, 0, isSchedule).GetSchedule().TimeZone = "Europe/Nowhere"
			return all
		}},
		{"a basis without schedule", invalid, func(all records) records {
			all[1].ScheduleBasis = &articlev1.ArchiveRecord_ScheduleBasis{InstantHolds: true}
			return all
		}},
		{"a slug of nobody", invalid, func(all records) records {
			slug := find(all, 0, isSlug).GetSlug()
			slug.Article, slug.OncePublic = testkit.Site+"/articles/niekas", false
			return all
		}},
		{"a slug in another language", invalid, func(all records) records {
			find(all, 0, isSlug).GetSlug().LanguageCode = "da"
			return all
		}},
		{"slugs out of order", invalid, func(all records) records {
			i := s.whereIs(all, 0, isSlug)
			all[i], all[i+1] = all[i+1], all[i]
			return all
		}},
		{"events out of order", invalid, func(all records) records {
			i := s.whereIs(all, 0, isEvent)
			all[i], all[i+1] = all[i+1], all[i]
			return all
		}},
		{"an event about another site", invalid, func(all records) records {
			find(all, 0, isEvent).GetAuditEvent().Resource = "sites/kita"
			return all
		}},
		{"an event of another time", invalid, func(all records) records {
			find(all, 0, isEvent).GetAuditEvent().CreateTime.Seconds++
			return all
		}},
		{"a forged import", invalid, func(all records) records {
			find(all, 0, isEvent).GetAuditEvent().Method = archive.MethodImport
			return all
		}},
	} {
		_, err := s.importAs(testkit.Site, "", summed(t, test.change(cloned(good)))...)
		if e := rpc.FromStatus(err); err == nil || e.Reason != test.reason {
			t.Errorf("%s: %v, want %v", test.name, err, test.reason)
		}
	}
	ends := good[len(good)-1]
	changed := cloned(good)
	changed[0].GetSite().Description = "Kita"
	for name, all := range map[string]records{
		"cut off": good[:len(good)-1], "nothing": nil, "a changed record": changed,
		"a record less": append(good[:len(good)-2:len(good)-2], ends),
	} {
		if _, err := s.importAs(testkit.Site, "", all...); err == nil || rpc.FromStatus(err).Reason != mismatch {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := s.importAs(testkit.Site, "", append(cloned(good), ends)...)
	wantReason(t, err, invalid)
	if left := s.rows("biblioteka"); left != 0 {
		t.Errorf("%d rows are left", left)
	}
	made, err := s.importAs(testkit.Site, "", good...)
	must(t, made, err)
}

func cloned(all records) records {
	clone := make(records, len(all))
	for i, r := range all {
		clone[i] = proto.CloneOf(r)
	}
	return clone
}

// TestImportUnderAnotherID brings names over, and finds hosts, ids and requests
// that are taken.
func TestImportUnderAnotherID(t *testing.T) {
	s := newSuite(t)
	photo := s.media.put("kate")
	a := s.create("Su nuotrauka", func(a *articlev1.Article) { a.Blocks = []*articlev1.Block{figure("b1", photo)} })
	a = s.publish(a)
	link := paragraph("b2", "Kitas")
	link.GetParagraph().GetText().GetSpans()[0].Link = &articlev1.Link{Target: &articlev1.Link_Resource{Resource: a.GetName()}}
	s.publish(s.create("Nuoroda", func(b *articlev1.Article) { b.Blocks = []*articlev1.Block{link} }))
	all := s.export()

	_, err := s.importAs(testkit.Site, "", all...)
	wantReason(t, err, faultv1.Reason_REASON_RESOURCE_EXISTS)
	request := uuid.NewString()
	made, err := s.importAs("sites/kita", request, all...)
	must(t, made, err)
	if made.GetSite().GetName() != "sites/kita" || made.GetArticleCount() != 2 || len(made.GetMissingPhotos()) != 1 || made.GetMissingPhotos()[0] != "sites/kita/photos/kate" {
		t.Errorf("the import answers %v", made)
	}
	renamed := bytes.ReplaceAll(encodeArchive(t, s.exportOf("sites/kita")), []byte("sites/kita"), nil)
	if want := bytes.ReplaceAll(encodeArchive(t, all), []byte(testkit.Site), nil); len(renamed) == len(want) && bytes.Contains(renamed, []byte("biblioteka")) {
		t.Error("the archive of the copy names the first site")
	}
	for _, r := range s.exportOf("sites/kita") {
		if text, err := proto.Marshal(r); err != nil || r.GetEnd() == nil && bytes.Contains(text, []byte("sites/biblioteka")) {
			t.Errorf("%v, %v", r, err)
		}
	}

	again, err := s.importAs("sites/kita", request, all...)
	if !proto.Equal(must(t, again, err), made) {
		t.Errorf("the second time it answers %v, want %v", again, made)
	}
	other := cloned(all)
	other[0].GetSite().Description = "Kita"
	_, err = s.importAs("sites/kita", request, summed(t, other)...)
	wantReason(t, err, faultv1.Reason_REASON_REQUEST_ID_REUSED)

	hosted := cloned(all)
	hosted[0].GetSite().Hosts = []string{"naujienos.example.lt"}
	hosted[0].GetSite().BaseUri = "https://naujienos.example.lt"
	made, err = s.importAs("sites/trecia", "", summed(t, hosted)...)
	if must(t, made, err); len(made.GetSite().GetHosts()) > 0 || made.GetSite().GetBaseUri() != "" {
		t.Errorf("a copy under another id answers in place of its site: %v", made.GetSite())
	}

	// Under its own id it comes back with its hosts, where nobody has them.
	empty := start(t, t.TempDir())
	taken := newSite()
	taken.Hosts = hosted[0].GetSite().GetHosts()
	_, err = empty.as(auth.Operator).CreateSite(t.Context(), &articlev1.CreateSiteRequest{SiteId: "kita", Site: taken})
	must(t, taken, err)
	_, err = empty.importAs(testkit.Site, "", summed(t, hosted)...)
	wantReason(t, err, faultv1.Reason_REASON_HOST_TAKEN)
	if left := empty.rows("biblioteka"); left != 0 {
		t.Errorf("%d rows are left", left)
	}
}
