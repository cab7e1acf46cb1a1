package redact_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/redact"
)

const name = "Jonas Žemaitis"

func never(string) bool { return false }

func rich(spans ...string) *articlev1.RichText {
	text := &articlev1.RichText{}
	for i, s := range spans {
		span := &articlev1.Span{Text: s}
		if i%2 == 1 {
			span.Marks = []articlev1.Span_Mark{articlev1.Span_MARK_STRONG}
		}
		text.Spans = append(text.Spans, span)
	}
	return text
}

func texts(text *articlev1.RichText) []string {
	var all []string
	for _, span := range text.GetSpans() {
		all = append(all, span.GetText())
	}
	return all
}

func TestSpans(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []string
		want []string
	}{
		{"nothing", nil, nil},
		{"somebody else", []string{"Jonas Petraitis"}, []string{"Jonas Petraitis"}},
		{"in one span", []string{"Kalbėjo Jonas Žemaitis."}, []string{"Kalbėjo […]."}},
		{"half of it bold", []string{"Kalbėjo Jonas ", "Žemaitis", " ir kiti"}, []string{"Kalbėjo […]", " ir kiti"}},
		{"a letter bold", []string{"J", "o", "nas Žemaitis"}, []string{"[…]"}},
		{"over an empty span", []string{"Jonas", "", " Žemaitis"}, []string{"[…]", ""}},
		{"twice", []string{"Jonas Žemaitis ir Jonas ", "Žemaitis"}, []string{"[…] ir […]"}},
		{"at both ends of a span", []string{"Jonas ", "Žemaitis, Jonas", " Žemaitis"}, []string{"[…]", ", […]"}},
		{"other case", []string{"JONAS ŽEMAITIS"}, []string{"JONAS ŽEMAITIS"}},
		{"in another word", []string{"SuJonas Žemaitisx"}, []string{"Su[…]x"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := rich(c.in...)
			found := redact.New(name, never).Message(text)
			if diff := cmp.Diff(c.want, texts(text)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if found != strings.Contains(strings.Join(c.in, ""), name) {
				t.Errorf("found %v", found)
			}
		})
	}
}

// TestArticle takes a name out of every kind of text that an article has, and
// leaves what names it.
func TestArticle(t *testing.T) {
	caption := "Nuotraukoje " + name
	a := &articlev1.Article{
		Name: "sites/b/articles/jonas", Slug: "svente", Title: name + " švenčia", Lead: rich(name),
		Tags: []string{"šventė", name}, Topics: []string{name}, FundingLines: []string{"Remia " + name},
		Bylines: []*articlev1.Byline{{DisplayName: name, Role: "tekstas"}}, Event: &articlev1.Event{Place: name},
		Annotations: map[string]string{"tool": name, name: "x"}, Cover: &articlev1.PhotoPlacement{Photo: "sites/b/photos/jonas", Caption: &caption},
		Blocks: []*articlev1.Block{
			{Id: "b1", Content: &articlev1.Block_List{List: &articlev1.List{Items: []*articlev1.ListItem{{Text: rich("x", name)}}}}},
			{Id: "b2", Content: &articlev1.Block_Quote{Quote: &articlev1.Quote{Paragraphs: []*articlev1.RichText{rich(name)}, Attribution: name}}},
			{Id: "b3", Content: &articlev1.Block_Embed{Embed: &articlev1.Embed{Provider: "YouTube", Uri: "https://x.test/" + name}}},
		},
	}
	a.Lead.Spans[0].Link = &articlev1.Link{Target: &articlev1.Link_Uri{Uri: "https://x.test/?q=" + name}}
	if !redact.New(name, never).Message(a) {
		t.Error("nothing found")
	}
	encoded, err := proto.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(encoded), name) {
		t.Errorf("the name is left: %v", a)
	}
	if got := strings.Count(string(encoded), redact.Marker); got != 14 {
		t.Errorf("%d markers in %v", got, a)
	}
	if a.GetName() != "sites/b/articles/jonas" || a.GetCover().GetPhoto() != "sites/b/photos/jonas" {
		t.Errorf("names changed: %v", a)
	}
	again := proto.CloneOf(a)
	if redact.New(name, never).Message(again) {
		t.Error("found again")
	}
	if diff := cmp.Diff(a, again, protocmp.Transform()); diff != "" {
		t.Errorf("a second time changed it:\n%s", diff)
	}
}

func TestIdentifiers(t *testing.T) {
	public := func(slug string) bool { return slug == "jonas-viesai" }
	a := &articlev1.Article{
		Slug: "jonas-svencia", TranslationGroup: "jonas", Blocks: []*articlev1.Block{{Id: "p-jonas"}},
		Annotations: map[string]string{"jonas-tool": "jonas"},
	}
	redact.New("jonas", public).Message(a)
	want := &articlev1.Article{
		Slug: "x-svencia", TranslationGroup: "x", Blocks: []*articlev1.Block{{Id: "p-x"}},
		Annotations: map[string]string{"x-tool": redact.Marker},
	}
	if diff := cmp.Diff(want, a, protocmp.Transform()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	kept := &articlev1.Article{Slug: "jonas-viesai"}
	if redact.New("jonas", public).Message(kept) || kept.GetSlug() != "jonas-viesai" {
		t.Errorf("a public slug became %q", kept.GetSlug())
	}
}

// TestMadeAnew redacts what stands around each marker anew, over and over: after
// some rounds all of it goes, for each of them looks at everything.
func TestMadeAnew(t *testing.T) {
	r := redact.New("]ab", never)
	const few, many = "]abab", 60_000
	if got, found := r.Text(few); got != "[…[…]" || !found {
		t.Errorf("got %q, %v", got, found)
	}
	endless := "]" + strings.Repeat("ab", many)
	if got, found := r.Text(endless); got != redact.Marker || !found {
		t.Errorf("got %d bytes, %v", len(got), found)
	}
	spans := rich("x", endless)
	if r.Message(spans); !cmp.Equal(texts(spans), []string{redact.Marker}) {
		t.Errorf("got %d spans", len(spans.GetSpans()))
	}
}

// FuzzText looks for texts that are left, or found for ever.
func FuzzText(f *testing.F) {
	f.Add(name, "Kalbėjo "+name, 3)
	f.Add("]…[", "]…[…[", 1)
	f.Add("aa[…", "aaaaaa[…", 2)
	f.Add("[…]]", "[…]]]]", 5)
	f.Fuzz(func(t *testing.T, text, content string, at int) {
		r := redact.New(text, never)
		if r == nil || len([]rune(text)) < redact.MinLength {
			return
		}
		at = max(0, min(at, len(content)))
		spans := rich(content[:at], content[at:])
		r.Message(spans)
		if strings.Contains(strings.Join(texts(spans), ""), text) {
			t.Errorf("%q is left in %q", text, texts(spans))
		}
		if s, _ := r.Text(content); strings.Contains(s, text) {
			t.Errorf("%q is left in %q", text, s)
		}
	})
}
