package article_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	bolt "go.etcd.io/bbolt"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/packing"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// person is who asks to be forgotten. The name is in no fixture.
const person = "Vardenė Pavardenytė"

// tellAbout gives an article the name in each place where text may stand, half
// of it bold in the body.
func tellAbout(a *articlev1.Article) {
	a.Title = "Susitikimas: " + person
	a.Lead = text("Kalbėjo " + person + ".")
	bold := text("Pirmoji kalbėjo Vardenė ")
	bold.Spans = append(bold.Spans, &articlev1.Span{Text: "Pavardenytė", Marks: []articlev1.Span_Mark{articlev1.Span_MARK_STRONG}}, &articlev1.Span{Text: ", po jos kiti."})
	a.Blocks = []*articlev1.Block{
		{Id: "b1", Content: &articlev1.Block_Paragraph{Paragraph: &articlev1.Paragraph{Text: bold}}},
		paragraph("b2", strings.Repeat("Bibliotekose lankosi įvairaus amžiaus žmonės. ", 200)),
	}
	for i := range 40 { // many pages, so that some are free in the end
		a.Blocks = append(a.Blocks, paragraph(fmt.Sprintf("c%d", i), strings.Repeat(fmt.Sprintf("Tą %d kartą kalbėjo %s. ", i, person), 40)))
	}
	a.TranslationGroup = "susitikimas"
	a.Tags, a.Topics = []string{"susitikimai", person}, []string{person}
	a.Bylines = []*articlev1.Byline{{DisplayName: person}}
	a.Event = &articlev1.Event{StartTime: &timestamppb.Timestamp{Seconds: 1_800_000_000}, Place: "Salė, kurioje kalba " + person}
	a.FundingLines = []string{"Aukojo " + person}
	a.Annotations = map[string]string{"guest": person}
}

// aboutPerson makes an article with a life, in which the name was said
// everywhere and is still public.
func aboutPerson(s *suite) *articlev1.Article {
	s.t.Helper()
	ctx := s.t.Context()
	created, err := s.editor.CreateArticle(ctx, &articlev1.CreateArticleRequest{
		Parent: testkit.Site, ArticleId: "susitikimas", Note: "Apie " + person, RequestId: uuid.NewString(),
		Article: func() *articlev1.Article { a := &articlev1.Article{Slug: "susitikimas"}; tellAbout(a); return a }(),
	})
	a := must(s.t, created, err)
	submitted, err := s.editor.SubmitArticle(ctx, &articlev1.SubmitArticleRequest{Name: a.GetName(), Etag: a.GetEtag(), Note: person + " sutiko"})
	a = must(s.t, submitted, err)
	returned, err := s.editor.ReturnArticle(ctx, &articlev1.ReturnArticleRequest{Name: a.GetName(), Etag: a.GetEtag(), Note: "Ar " + person + " sutiko?"})
	a = must(s.t, returned, err)
	for i := range 90 { // more than one group of revisions
		a.Blocks[1] = paragraph("b2", a.GetBlocks()[1].GetParagraph().GetText().GetSpans()[0].GetText()+strings.Repeat(" Dar.", i%3)+person)
		saved, err := s.editor.UpdateArticle(ctx, &articlev1.UpdateArticleRequest{Article: a, Note: person})
		a = must(s.t, saved, err)
	}
	token, err := s.editor.CreatePreviewToken(ctx, &articlev1.CreatePreviewTokenRequest{
		Parent: a.GetName(), PreviewToken: &articlev1.PreviewToken{DisplayName: person, ExpireTime: timestamppb.New(time.Now().Add(time.Hour))},
	})
	must(s.t, token, err)
	scheduled, err := s.editor.CreateSchedule(ctx, &articlev1.CreateScheduleRequest{
		Parent: a.GetName(), Schedule: &articlev1.Schedule{
			Action: articlev1.Schedule_ACTION_UNPUBLISH, FireTime: timestamppb.New(time.Now().Add(time.Hour)), Note: "Iki tol kalbės " + person,
		},
	})
	must(s.t, scheduled, err)
	a = s.publish(a)
	created, err = s.editor.CreateArticle(ctx, &articlev1.CreateArticleRequest{
		Parent: testkit.Site, ArticleId: "a-meeting",
		Article: &articlev1.Article{Title: "A meeting", LanguageCode: "en", TranslationGroup: "susitikimas"},
	})
	english := must(s.t, created, err)
	if told := s.publish(english).GetTranslations(); len(told) != 1 || told[0].GetTitle() != a.GetTitle() {
		s.t.Fatalf("the translation shows %v", told)
	}
	return a
}

func (s *suite) redact(a *articlev1.Article) *articlev1.RedactArticleRevisionsResponse {
	s.t.Helper()
	done, err := s.admin.RedactArticleRevisions(s.t.Context(), &articlev1.RedactArticleRevisionsRequest{
		Parent: a.GetName(), Etag: a.GetEtag(), Text: person, Reason: "Prašymas Nr. 7, GDPR 17 str.", RequestId: uuid.NewString(),
	})
	return must(s.t, done, err)
}

// TestRedact takes a name out of a store and finds it nowhere in the bytes of
// the file, whatever was packed or is free.
func TestRedact(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "article.db")
	s := start(t, dir)
	s.site("biblioteka")
	a := aboutPerson(s)
	if has := whereIs(t, file, person, s); len(has) == 0 {
		t.Fatal("the name is not in the store, so this tests nothing")
	}

	s = start(t, dir)
	s.index()
	if found := titlesFound(s.find("pavardenytė")); found != a.GetTitle() {
		t.Fatalf("searches find %q", found)
	}
	events := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{})
	if first, second := events.next(), events.next(); first == second {
		t.Errorf("the snapshot has %q twice", first)
	}
	events.want("END")
	done := s.redact(a)
	if !done.GetDone() || done.GetRevisionCount() != 91 || done.GetEtag() == a.GetEtag() {
		t.Errorf("got %v", done)
	}
	events.want("UPDATED Susitikimas: […]")
	public := s.get(s.anonymous, "susitikimas", 0)
	if got := public.GetLead().GetSpans()[0].GetText(); got != "Kalbėjo […]." || public.GetRevision() != 91 || public.GetEtag() != done.GetEtag() {
		t.Errorf("readers see %q in revision %d", got, public.GetRevision())
	}
	if got := public.GetBlocks()[0].GetParagraph().GetText().GetSpans()[0].GetText(); got != "Pirmoji kalbėjo […]" {
		t.Errorf("readers see %q", got)
	}
	for name := range strings.SplitSeq("public working", " ") {
		view := map[string]articlev1.ArticleView{"working": working}[name]
		english := s.get(s.editor, "a-meeting", view)
		if told := english.GetTranslations(); len(told) != 1 || told[0].GetTitle() != public.GetTitle() {
			t.Errorf("the %s translation shows %v", name, told)
		}
	}
	a.Etag = done.GetEtag()
	if again := s.redact(a); again.GetRevisionCount() != 0 {
		t.Errorf("a second time: %v", again)
	}
	s.change(s.get(s.editor, "susitikimas", working), func(a *articlev1.Article) { a.Title = "Susitikimas" })

	if found := titlesFound(s.find("pavardenytė")); found != "" {
		t.Errorf("searches find %q", found)
	}

	s.stop()
	index := segments(t, dir)
	if raw, err := os.ReadFile(file); err != nil || !bytes.Contains(raw, []byte(person)) {
		t.Fatalf("bbolt left nothing to remove, so this tests nothing: %v", err)
	}
	s = start(t, dir) // compacts, and makes the index anew
	s.index()
	s.find("susitikimas")
	s.stop()
	for _, segment := range segments(t, dir) {
		for _, old := range index {
			if os.SameFile(segment, old) && segment.ModTime().Equal(old.ModTime()) {
				t.Errorf("%s of the index is as it was", old.Name())
			}
		}
	}
	if has := whereIs(t, file, person, nil); len(has) > 0 {
		t.Errorf("the name is still in %q", has)
	}
	if has := whereIs(t, file, "Prašymas Nr. 7", nil); len(has) == 0 {
		t.Error("that it was redacted, and why, is not kept")
	}
}

// segments returns the files of the search index.
func segments(t *testing.T, dir string) []os.FileInfo {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "index", "*", "store", "*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("the index has the files %v, %v", names, err)
	}
	var infos []os.FileInfo
	for _, name := range names {
		info, err := os.Stat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue // merged away
		}
		infos = append(infos, must(t, info, err))
	}
	return infos
}

// whereIs stops s and returns where a text stands in the file: in a record, also
// after unpacking it, or somewhere else among the bytes.
func whereIs(t *testing.T, file, text string, s *suite) []string {
	t.Helper()
	if s != nil {
		s.stop()
	}
	var found []string
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte(text)) {
		found = append(found, "the bytes of the file")
	}
	db, err := bolt.Open(file, 0o600, &bolt.Options{ReadOnly: true})
	must(t, db, err)
	defer db.Close()
	unpacked := 0
	err = db.View(func(tx *bolt.Tx) error {
		return tx.ForEach(func(_ []byte, b *bolt.Bucket) error {
			return b.ForEach(func(key, value []byte) error {
				contents := [][]byte{key, value}
				if bytes.HasPrefix(key, []byte("revision/")) {
					contents = append(contents, unpackAll(t, value)...)
					unpacked += len(contents) - 2
				}
				for _, content := range contents {
					if bytes.Contains(content, []byte(text)) {
						found = append(found, string(key))
					}
				}
				return nil
			})
		})
	})
	if err != nil || unpacked == 0 {
		t.Fatalf("unpacked %d revisions, %v", unpacked, err)
	}
	return found
}

func unpackAll(t *testing.T, value []byte) [][]byte {
	t.Helper()
	g := &recordv1.RevisionGroup{}
	if err := proto.Unmarshal(value, g); err != nil {
		t.Fatal(err)
	}
	contents := map[int64][]byte{}
	var all [][]byte
	for _, r := range g.GetRevisions() {
		content, err := packing.Unpack(contents[r.GetBase()], r.GetPacked())
		contents[r.GetNumber()] = must(t, content, err)
		all = append(all, content)
	}
	return all
}

func TestRedactRefuses(t *testing.T) {
	s := newSuite(t)
	a := s.create("Vardenė", func(a *articlev1.Article) { a.Lead = text(person) })
	for _, c := range []struct {
		name, text, reason, etag string
		code                     codes.Code
		want                     faultv1.Reason
	}{
		{"no etag", person, "x", "", codes.FailedPrecondition, faultv1.Reason_REASON_ETAG_REQUIRED},
		{"stale etag", person, "x", "r9-abcdef", codes.Aborted, faultv1.Reason_REASON_EDIT_CONFLICT},
		{"short", "ab", "x", a.GetEtag(), codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD},
		{"the marker", "[…]", "x", a.GetEtag(), codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD},
		{"text in the reason", person, "Prašo " + person, a.GetEtag(), codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD},
		{"no reason", person, "", a.GetEtag(), codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD},
		{"blank reason", person, "  ", a.GetEtag(), codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := s.admin.RedactArticleRevisions(t.Context(), &articlev1.RedactArticleRevisionsRequest{
				Parent: a.GetName(), Text: c.text, Reason: c.reason, Etag: c.etag,
			})
			testkit.WantFault(t, err, c.code, c.want)
		})
	}
	if got := s.get(s.editor, a.GetName()[len(testkit.Site+"/articles/"):], working).GetLead().GetSpans()[0].GetText(); got != person {
		t.Errorf("what was refused made it %q", got)
	}
}

// TestRedactAgain answers a repeated request as the first time, and refuses
// another one under its id. Text typed in another Unicode form is found.
func TestRedactAgain(t *testing.T) {
	s := newSuite(t)
	a := s.create("Vardenė", func(a *articlev1.Article) { a.Lead = text(person) })
	req := &articlev1.RedactArticleRevisionsRequest{
		Parent: a.GetName(), Text: "Vardene\u0307 Pavardenyte\u0307", Reason: "x", Etag: a.GetEtag(), RequestId: uuid.NewString(),
	}
	for range 2 {
		done, err := s.admin.RedactArticleRevisions(t.Context(), req)
		if err != nil || !done.GetDone() || done.GetRevisionCount() != 1 || done.GetEtag() != s.reread(a).GetEtag() {
			t.Errorf("got %v, %v", done, err)
		}
	}
	req.Text = "kitas tekstas"
	_, err := s.admin.RedactArticleRevisions(t.Context(), req)
	testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_REQUEST_ID_REUSED)
}
