package article_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

func TestPublish(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	long := now.AddDate(-2, 0, 0)
	a := &recordv1.State{State: article.Draft, Revision: 3}
	kind, err := article.Publish(a, 3, "pirma", time.Time{}, now)
	if err != nil || kind != articlev1.WatchArticlesResponse_KIND_PUBLISHED {
		t.Fatalf("got %v, %v", kind, err)
	}
	want := &recordv1.State{
		State: article.Published, Revision: 3, PublishedRevision: 3, PublicSlug: "pirma",
		PublishTime: timestamppb.New(now), FirstPublicTime: timestamppb.New(now),
	}
	if diff := cmp.Diff(want, a, protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
	a.Revision = 4
	if kind, err = article.Publish(a, 4, "antra", time.Time{}, now.Add(time.Hour)); err != nil || kind != articlev1.WatchArticlesResponse_KIND_MOVED {
		t.Fatalf("got %v, %v", kind, err)
	}
	if !a.GetPublishTime().AsTime().Equal(now) {
		t.Error("publishing again changed the time that readers see")
	}
	if _, err = article.Publish(a, 4, "antra", long, now); err != nil || !a.GetPublishTime().AsTime().Equal(long) || !a.GetFirstPublicTime().AsTime().Equal(now) {
		t.Errorf("backdated: got %v, %v", a, err)
	}
	if err := article.Delete(a, now); err != nil || a.GetPurgeTime().AsTime() != now.Add(article.Keep) || a.GetPublishedRevision() != 0 {
		t.Errorf("deleted: got %v, %v", a, err)
	}
	if _, err = article.Publish(a, 4, "antra", time.Time{}, now); fault.ReasonOf(err) != faultv1.Reason_REASON_WRONG_STATE {
		t.Errorf("publishing a deleted article: got %v", err)
	}
	if err := article.Undelete(a, now.Add(article.Keep)); fault.ReasonOf(err) != faultv1.Reason_REASON_WRONG_STATE {
		t.Errorf("restoring too late: got %v", err)
	}
	if err := article.Undelete(a, now); err != nil || a.GetState() != article.Unpublished || a.GetDeleteTime() != nil {
		t.Errorf("restored: got %v, %v", a, err)
	}
}

func TestApplyMask(t *testing.T) {
	alt := "Moteris skaito"
	base := &articlev1.Article{
		Title: "Sena", Tags: []string{"a"}, Annotations: map[string]string{"k": "1", "l": "2"},
		Cover: &articlev1.PhotoPlacement{Photo: "sites/abc/photos/abc"},
	}
	change := &articlev1.Article{
		Title: "Nauja", Slug: "nauja", Annotations: map[string]string{"k": "3"},
		Cover: &articlev1.PhotoPlacement{Alt: &alt},
	}
	edit := func(f func(*articlev1.Article)) *articlev1.Article { a := proto.CloneOf(base); f(a); return a }
	for _, c := range []struct {
		name  string
		paths []string
		want  *articlev1.Article // nil for INVALID_FIELD_MASK
	}{
		{"none: what is set", nil, edit(func(a *articlev1.Article) {
			a.Title, a.Slug, a.Annotations, a.Cover = "Nauja", "nauja", change.GetAnnotations(), change.GetCover()
		})},
		{"star: everything", []string{"*"}, edit(func(a *articlev1.Article) {
			a.Title, a.Slug, a.Annotations, a.Cover, a.Tags = "Nauja", "nauja", change.GetAnnotations(), change.GetCover(), nil
		})},
		{"one", []string{"title"}, edit(func(a *articlev1.Article) { a.Title = "Nauja" })},
		{"to empty", []string{"tags"}, edit(func(a *articlev1.Article) { a.Tags = nil })},
		{"below a message", []string{"cover.alt"}, edit(func(a *articlev1.Article) { a.Cover.Alt = &alt })},
		{"below what nobody has", []string{"event.place"}, base},
		{"a key", []string{"annotations.k"}, edit(func(a *articlev1.Article) { a.Annotations["k"] = "3" })},
		{"a key to nothing", []string{"annotations.l"}, edit(func(a *articlev1.Article) { delete(a.Annotations, "l") })},
		{"identifiers", []string{"name", "etag", "title"}, edit(func(a *articlev1.Article) { a.Title = "Nauja" })},
		{"unknown", []string{"color"}, nil},
		{"only the server's", []string{"create_time"}, nil},
		{"below a list", []string{"blocks.id"}, nil},
		{"unknown below", []string{"event.color"}, nil},
		{"star among others", []string{"*", "title"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := article.ApplyMask(base, change, &fieldmaskpb.FieldMask{Paths: c.paths}, article.MutableFields())
			if c.want == nil {
				if fault.ReasonOf(err) != faultv1.Reason_REASON_INVALID_FIELD_MASK {
					t.Fatalf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got, protocmp.Transform()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// blocks makes paragraphs of words like "a" or "a:text".
func blocks(words string) *articlev1.Article {
	a := &articlev1.Article{Title: "T"}
	for w := range strings.FieldsSeq(words) {
		id, text, _ := strings.Cut(w, ":")
		a.Blocks = append(a.Blocks, &articlev1.Block{Id: id, Content: &articlev1.Block_Paragraph{
			Paragraph: &articlev1.Paragraph{Text: &articlev1.RichText{Spans: []*articlev1.Span{{Text: text}}}},
		}})
	}
	return a
}

func words(a *articlev1.Article) string {
	var out []string
	for _, b := range a.GetBlocks() {
		w := b.GetId()
		if text := b.GetParagraph().GetText().GetSpans()[0].GetText(); text != "" {
			w += ":" + text
		}
		out = append(out, w)
	}
	return strings.Join(out, " ")
}

func TestChanged(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"nothing", "a b c", "a b c", ""},
		{"edited", "a b c", "a b:x c", "b"},
		{"added", "a b", "a n b", "n"},
		{"removed", "a b c", "a c", "b"},
		{"moved", "a b c d", "b c d a", "a"},
		{"moved and edited", "a b c", "c:x a b", "c"},
		{"swapped", "a b", "b a", "a"},
		{"all", "a b", "c d", "c d a b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := strings.Join(article.Changed(blocks(c.from), blocks(c.to)).GetBlockIds(), " ")
			if c.name == "swapped" {
				if len(got) != 1 {
					t.Errorf("one of two swapped blocks moved, got %q", got)
				}
				return
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	to := blocks("a")
	to.Title, to.Tags = "U", []string{"x"}
	if diff := cmp.Diff([]string{"title", "tags"}, article.Changed(blocks("a"), to).GetFields()); diff != "" {
		t.Error(diff)
	}
}

func TestMerge(t *testing.T) {
	for _, c := range []struct{ name, base, theirs, yours, want string }{
		{"different blocks", "a b c", "a:x b c", "a b c:y", "a:x b c:y"},
		{"same block", "a b", "a:x b", "a:y b", "conflict"},
		{"edit and remove", "a b", "a:x b", "b", "conflict"},
		{"remove different", "a b c", "a c", "a b", "a"},
		{"inserts at one place", "a b", "a t b", "a y b", "a t y b"},
		{"inserts at the end", "a", "a t", "a y", "a t y"},
		{"inserts at the beginning", "a", "t a", "y a", "t y a"},
		{"move and edit", "a b c d", "b c d a", "a b c:y d", "b c:y d a"},
		{"edit of what another one was moved behind", "a b c", "b c a", "a b:y c", "b:y c a"},
		{"edit of all that a move left", "a b c d", "d a b c", "a:y b:y c:y d", "d a:y b:y c:y"},
		{"swap and edit", "a b", "b a", "a:y b", "b a:y"},
		{"edit, insert and another's move", "a b c", "c a b", "a y b:y c", "c a y b:y"},
		{"move and move", "a b c d", "b c d a", "b c a d", "conflict"},
		{"insert after a removed one", "a b c", "a c", "a b y c", "a y c"},
	} {
		t.Run(c.name, func(t *testing.T) {
			merged, ok := article.Merge(blocks(c.base), blocks(c.theirs), blocks(c.yours))
			got := "conflict"
			if ok {
				got = words(merged)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	theirs, yours := blocks("a"), blocks("a")
	theirs.Title, yours.Tags = "U", []string{"x"}
	merged, ok := article.Merge(blocks("a"), theirs, yours)
	if !ok || merged.GetTitle() != "U" || len(merged.GetTags()) != 1 {
		t.Errorf("fields: got %v %v", merged, ok)
	}
	yours.Title = "V"
	if _, ok := article.Merge(blocks("a"), theirs, yours); ok {
		t.Error("two titles were merged")
	}
}

func TestEtag(t *testing.T) {
	a := &recordv1.State{Uid: "b2f4", Revision: 12}
	etag := article.Etag(a, 12)
	if !strings.HasPrefix(etag, "r12-") || len(etag) != 10 {
		t.Errorf("got %q", etag)
	}
	if n, ok := article.RevisionOf(a, etag); n != 12 || !ok {
		t.Errorf("got %d %v", n, ok)
	}
	other := &recordv1.State{Uid: "other", Revision: 12}
	for _, bad := range []string{"", "r12", "r12-", "x", "r13" + etag[3:], "r0" + etag[3:], "r+1" + etag[3:], "r012" + etag[3:], article.Etag(other, 12), "12" + etag[3:]} {
		if n, ok := article.RevisionOf(a, bad); ok {
			t.Errorf("%q was taken for revision %d", bad, n)
		}
	}
}

func TestSlugs(t *testing.T) {
	day := time.Date(2024, 6, 7, 0, 0, 0, 0, time.UTC)
	first := func(code, title string, n int) []string {
		var got []string
		for s := range article.Slugs(code, title, "abc-1", day) {
			if got = append(got, s); len(got) == n {
				break
			}
		}
		return got
	}
	for _, c := range []struct {
		code, title string
		want        []string
	}{
		{"lt", "Ši stažuotė Orhuse", []string{"si-stazuote-orhuse", "si-stazuote-orhuse-2", "si-stazuote-orhuse-3"}},
		{"da", "Århus Ærø", []string{"aarhus-aeroe"}},
		{"lt", "日本語", []string{"2024-06-07-abc-1"}},
		{"lt", "En", []string{"2024-06-07-abc-1"}},
	} {
		if diff := cmp.Diff(c.want, first(c.code, c.title, len(c.want))); diff != "" {
			t.Errorf("%s: %s", c.title, diff)
		}
	}
	long := strings.Repeat("ilgas ", 40)
	all := slices.Collect(article.Slugs("lt", long, "abc", day))
	for _, s := range all {
		if len(s) > 80 || strings.HasSuffix(s, "-") || strings.Contains(s, "--") {
			t.Errorf("got the slug %q", s)
		}
	}
	if slices.Sort(all); len(slices.Compact(all)) != len(all) {
		t.Error("a slug was tried twice")
	}
}

func TestCheckSite(t *testing.T) {
	good := &articlev1.Site{
		Title: "B", DefaultLanguageCode: "lt", LanguageCodes: []string{"lt", "en"}, TimeZone: "Europe/Vilnius", Color: "#1a5fb4",
	}
	if err := article.CheckSite(good); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		field  string
		change func(*articlev1.Site)
	}{
		{"site.language_codes", func(s *articlev1.Site) { s.LanguageCodes = []string{"lt", "xx"} }},
		{"site.default_language_code", func(s *articlev1.Site) { s.DefaultLanguageCode = "da" }},
		{"site.default_language_code", func(s *articlev1.Site) { s.LanguageCodes = nil }},
		{"site.time_zone", func(s *articlev1.Site) { s.TimeZone = "Europe/Marijampole" }},
		{"site.time_zone", func(s *articlev1.Site) { s.TimeZone = "Local" }},
		{"site.time_zone", func(s *articlev1.Site) { s.TimeZone = "" }},
		{"site.time_zone", func(s *articlev1.Site) { s.TimeZone = "../etc/passwd" }},
		{"site.color", func(s *articlev1.Site) { s.Color = "#777777" }},
		{"site.color", func(s *articlev1.Site) { s.Color = "#ffffff" }},
		{"site.title", func(s *articlev1.Site) { s.Title = "" }},
	} {
		site := proto.CloneOf(good)
		c.change(site)
		if e, ok := fault.Of(article.CheckSite(site)); !ok || e.Field != c.field {
			t.Errorf("%s: got %v", c.field, e)
		}
	}
	good.Color = "#767676"
	if err := article.CheckSite(good); err != nil {
		t.Errorf("4.54 to 1 is enough: %v", err)
	}
}
