package article_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protodelim"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// export returns the records of the test site.
func (s *suite) export() []*articlev1.ArchiveRecord {
	s.t.Helper()
	return s.exportOf(testkit.Site)
}

func (s *suite) exportOf(site string) []*articlev1.ArchiveRecord {
	s.t.Helper()
	stream, err := s.as(auth.Operator).ExportArticles(s.t.Context(), &articlev1.ExportArticlesRequest{Parent: site})
	if err != nil {
		s.t.Fatal(err)
	}
	var records []*articlev1.ArchiveRecord
	for {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return records
		}
		records = append(records, must(s.t, m, err).GetRecord())
	}
}

// importAs makes a site of records.
func (s *suite) importAs(site, request string, records ...*articlev1.ArchiveRecord) (*articlev1.ImportArticlesResponse, error) {
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	stream, err := s.as(auth.Operator).ImportArticles(ctx)
	if err != nil {
		return nil, err
	}
	messages := []*articlev1.ImportArticlesRequest{{Parent: site, RequestId: request}}
	for _, r := range records {
		messages = append(messages, &articlev1.ImportArticlesRequest{Record: r})
	}
	for _, m := range messages {
		if err := stream.Send(m); err != nil {
			break // the answer says why
		}
	}
	return stream.CloseAndRecv()
}

// encodeArchive returns an archive as it stands in a file.
func encodeArchive(t *testing.T, records []*articlev1.ArchiveRecord) []byte {
	t.Helper()
	var file bytes.Buffer
	marshal := protodelim.MarshalOptions{MarshalOptions: proto.MarshalOptions{Deterministic: true}}
	for _, r := range records {
		if _, err := marshal.MarshalTo(&file, r); err != nil {
			t.Fatal(err)
		}
	}
	return file.Bytes()
}

// fillRich is fillStore and all that a site can have besides.
func fillRich(s *suite) {
	s.t.Helper()
	ctx := s.t.Context()
	gone := s.publish(s.create("Nebėra", func(a *articlev1.Article) { a.Aliases = []string{"/?p=7"} }))
	s.remove(gone)
	if _, err := s.parts.Store.Sweep(ctx, time.Now().Add(31*24*time.Hour)); err != nil {
		s.t.Fatal(err)
	}
	_, id, _ := strings.Cut(gone.GetName(), "/articles/")
	again, err := s.createAs(id, "vel-yra", false)
	s.publish(must(s.t, again, err))
	fillStore(s)
	long := s.create("Daug įrašų", func(a *articlev1.Article) {
		a.Aliases = []string{"/2009/05/06/daug", "/?p=12"}
		for i := range 30 {
			a.Blocks = append(a.Blocks, paragraph(fmt.Sprintf("b%d", i), strings.Repeat("Skaitytojų laukia nauja lentyna. ", 20)))
		}
	})
	for i := range 200 {
		long = s.change(long, func(a *articlev1.Article) {
			a.Blocks[i%30] = paragraph(fmt.Sprintf("b%d", i%30), strings.Repeat("Skaitytojų laukia lentyna. ", 20)+savedText(i))
		})
		if i == 100 {
			long = s.publish(long)
			s.move(long, "labai-daug-irasu")
			long = s.now(long)
		}
	}
	about := aboutPerson(s)
	s.redact(s.now(about))

	s.schedule(long, soon().Add(240*time.Hour))
	s.scheduleAs(long, &articlev1.Schedule{Action: toUnpublish, WallClock: "2099-06-01T09:00", TimeZone: "Europe/Copenhagen", Note: "Pasibaigia paroda"})
	planned := s.create("Planuojamas")
	one := s.schedule(planned, soon())
	s.sweep(soon())
	s.wantSchedule(one, done, "")

	from := s.publish(s.create("Perleistas adresas"))
	s.move(from, "naujas-adresas")
	s.publish(s.now(from))
	taken := s.create("Perėmėjas")
	taken.Slug = "perleistas-adresas"
	moved, err := s.editor.UpdateArticle(ctx, &articlev1.UpdateArticleRequest{Article: taken, TakeOverSlug: true})
	must(s.t, moved, err)
	noise := s.junk("Knygos ir t.t.")
	waived, err := s.editor.WaiveFinding(ctx, &articlev1.WaiveFindingRequest{
		Article: noise.GetName(), Etag: noise.GetEtag(), Fingerprint: s.check(noise.GetName())["alt-junk"].GetFingerprint(), Reason: "Taip vadinasi lempa.",
	})
	must(s.t, waived, err)
	s.publish(noise)
	waits := s.create("Laukia redaktoriaus", func(a *articlev1.Article) { a.TranslationGroup = "vasara-2" })
	submitted, err := s.editor.SubmitArticle(ctx, &articlev1.SubmitArticleRequest{Name: waits.GetName(), Etag: waits.GetEtag(), Note: "Prašau\npažiūrėti"})
	must(s.t, submitted, err)
	english := s.create("Waiting", func(a *articlev1.Article) { a.LanguageCode, a.TranslationGroup = "en", "vasara-2" })
	s.publish(english)
}

// answers are all that a site answers to readers and to its staff.
func (s *suite) answers() []proto.Message {
	s.t.Helper()
	ctx, parent := s.t.Context(), testkit.Site
	var all []proto.Message
	tell := func(m proto.Message, err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
		all = append(all, m)
	}
	site, err := s.anonymous.GetSite(ctx, &articlev1.GetSiteRequest{Name: parent})
	tell(site, err)
	list, err := s.editor.ListArticles(ctx, &articlev1.ListArticlesRequest{Parent: parent, View: working, ShowDeleted: true, PageSize: 100})
	tell(list, err)
	public, err := s.anonymous.ListArticles(ctx, &articlev1.ListArticlesRequest{Parent: parent, PageSize: 100})
	tell(public, err)
	oldest, err := s.editor.ListArticles(ctx, &articlev1.ListArticlesRequest{Parent: parent, View: working, OrderBy: "update_time", PageSize: 100})
	tell(oldest, err)
	tagged, err := s.anonymous.ListArticles(ctx, &articlev1.ListArticlesRequest{Parent: parent, Filter: `tags:"skaitymas"`, PageSize: 100})
	tell(tagged, err)
	tags, err := s.anonymous.ListTags(ctx, &articlev1.ListTagsRequest{Parent: parent})
	tell(tags, err)
	schedules, err := s.editor.ListSchedules(ctx, &articlev1.ListSchedulesRequest{Parent: parent + "/articles/-", PageSize: 100})
	tell(schedules, err)
	events, err := s.admin.ListAuditEvents(ctx, &articlev1.ListAuditEventsRequest{Parent: parent, PageSize: 200, Filter: `method != "ImportArticles"`})
	tell(events, err)
	for _, a := range list.GetArticles() {
		revisions, err := s.editor.ListArticleRevisions(ctx, &articlev1.ListArticleRevisionsRequest{Parent: a.GetName(), PageSize: 300})
		tell(revisions, err)
		for i, r := range revisions.GetArticleRevisions() {
			if i > 20 && i%10 != 0 {
				continue
			}
			revision, err := s.editor.GetArticleRevision(ctx, &articlev1.GetArticleRevisionRequest{Name: r.GetName()})
			tell(revision, err)
			path, err := s.anonymous.ResolvePath(ctx, &articlev1.ResolvePathRequest{Site: parent, Path: revision.GetArticle().GetPath()})
			if err == nil {
				all = append(all, path)
			}
			for _, t := range r.GetPublishTimes() {
				if t.AsTime().After(time.Now()) {
					continue // a schedule was done before its time
				}
				then, err := s.editor.GetArticle(ctx, &articlev1.GetArticleRequest{Name: a.GetName(), ReadTime: t})
				tell(then, err)
			}
		}
	}
	for _, a := range public.GetArticles() {
		full, err := s.anonymous.GetArticle(ctx, &articlev1.GetArticleRequest{Name: a.GetName()})
		tell(full, err)
	}
	for _, path := range []string{"/nebera", "/?p=7", "/?p=12", "/2009/05/06/daug", "/daug-irasu", "/labai-daug-irasu", "/perleistas-adresas", "/naujas-adresas", "/en/waiting"} {
		found, err := s.anonymous.ResolvePath(ctx, &articlev1.ResolvePathRequest{Site: parent, Path: path})
		if err != nil {
			found = &articlev1.ResolvePathResponse{Path: err.Error()}
		}
		all = append(all, found)
	}
	return all
}

// published lists what readers see.
func (s *suite) published() []*articlev1.Article {
	s.t.Helper()
	list, err := s.anonymous.ListArticles(s.t.Context(), &articlev1.ListArticlesRequest{Parent: testkit.Site, PageSize: 100})
	return must(s.t, list, err).GetArticles()
}

// tidy leaves out what is sealed.
func tidy() cmp.Options {
	return cmp.Options{
		protocmp.Transform(), protocmp.IgnoreFields(&articlev1.ListAuditEventsResponse{}, "next_page_token"),
		protocmp.IgnoreFields(&articlev1.ListArticleRevisionsResponse{}, "next_page_token"),
	}
}

// same compares what two sites answer, once both have brought the titles of
// translations up to date, which follows a save by itself.
func same(t *testing.T, one, two *suite) {
	t.Helper()
	diff := ""
	for limit := time.Now().Add(10 * time.Second); time.Now().Before(limit); {
		if diff = cmp.Diff(one.answers(), two.answers(), tidy()); diff == "" {
			return
		}
	}
	t.Errorf("answers (-want +got):\n%s", diff)
}

// TestExportAndImport makes a second site of the archive of a rich one: it
// answers the same and exports the same bytes.
func TestExportAndImport(t *testing.T) {
	one := newSuite(t)
	fillRich(one)
	records := one.export()
	archived := encodeArchive(t, records)
	if !bytes.Equal(archived, encodeArchive(t, one.export())) {
		t.Error("the same site exports other bytes the second time")
	}
	t.Logf("%d records, %d bytes", len(records), len(archived))

	two := startWith(t, t.TempDir(), one.media)
	made, err := two.importAs(testkit.Site, "", one.export()...)
	must(t, made, err)
	if made.GetSite().GetName() != testkit.Site || made.GetArticleCount() < 10 || len(made.GetMissingPhotos()) != 0 {
		t.Errorf("the import answers %v", made)
	}
	if diff := cmp.Diff(records, two.export(), protocmp.Transform()); diff != "" {
		t.Errorf("the archive of the import (-want +got):\n%s", diff)
	}
	if !bytes.Equal(archived, encodeArchive(t, two.export())) {
		t.Error("the site that was imported exports other bytes")
	}
	same(t, one, two)
	one.index()
	two.index()
	for _, query := range []string{"lentynos", "skaitymo iššūkis", "waiting"} {
		want, got := titlesFound(one.find(query)), titlesFound(two.find(query))
		if want == "" || got != want {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
	}

	// Life goes on: what is made now, and what was planned.
	a := two.publish(two.create("Po perkėlimo"))
	if got := two.resolvePath(a.GetPath()); !strings.Contains(got, "found") {
		t.Errorf("a new article is %s", got)
	}
	two.sweep(soon().Add(250 * time.Hour))
	for _, a := range two.published() {
		if a.GetTitle() == "Daug įrašų" && a.GetPublishedRevision() < 200 {
			t.Errorf("what was planned before the export did not happen: %v", a)
		}
	}
}
