package check_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/check"
)

// kept are the words that no repair may touch.
func kept() []string {
	return []string{
		"https://example.lt/a--b...c", "jonas-j@t.t.example.lt", "ISBN 978-9955-10-123-4", "2024-06-07", "+370 5 - 123 - 4567", "Nr. 113-4290",
		"lopšelis-darželis", "1-5", "Kymantaitė-Čiurlionienė", "5'10\"", "“Good morning”", "dvi- ir", "Dokk1", "nebe\u00adprisi",
	}
}

// repairable are pieces that repairs are about.
func repairable() []string {
	return []string{`"`, "„", "“", "”", " ", "  ", " - ", "-", "...", "t.t.", "t.y.", "\u00a0", "\u200b", "\u00ad", "\n", "žodis", "A", "5", ".", ",", "(", ")", "–"}
}

// TestFixOnceIsEnough builds texts of pieces that tempt the repairs, in spans,
// and asks that a second run repairs nothing and finds nothing to repair, that
// only the listed characters change, and that exempt text stays.
func TestFixOnceIsEnough(t *testing.T) {
	c := newChecker(t)
	random := rand.New(rand.NewPCG(1, 2))
	pieces := slices.Concat(kept(), repairable(), repairable())
	changed := 0
	for range 1500 {
		text := &articlev1.RichText{}
		for range 1 + random.IntN(4) {
			span := &articlev1.Span{}
			for range random.IntN(8) {
				span.Text += pieces[random.IntN(len(pieces))]
			}
			switch random.IntN(8) {
			case 0:
				span.Marks = []articlev1.Span_Mark{articlev1.Span_MARK_CODE}
			case 1:
				span.LanguageCode = "en"
			case 2:
				span.Marks = []articlev1.Span_Mark{articlev1.Span_MARK_STRONG}
			}
			text.Spans = append(text.Spans, span)
		}
		changed += checkFix(t, c, text)
	}
	if changed < 300 {
		t.Errorf("%d texts were repaired: the pieces do not tempt", changed)
	}
}

// FuzzFix is TestFixOnceIsEnough for what a fuzzer thinks of.
func FuzzFix(f *testing.F) {
	c := newChecker(f)
	f.Add(`Filmas "Sriuba" - ir t.t...`, "  (žr. ", uint8(3))
	f.Fuzz(func(t *testing.T, a, b string, marks uint8) {
		first, second := &articlev1.Span{Text: strings.ToValidUTF8(a, "")}, &articlev1.Span{Text: strings.ToValidUTF8(b, "")}
		if marks&1 != 0 {
			first.Marks = []articlev1.Span_Mark{articlev1.Span_MARK_CODE}
		}
		if marks&2 != 0 {
			second.LanguageCode = "da"
		}
		checkFix(t, c, &articlev1.RichText{Spans: []*articlev1.Span{first, second}})
	})
}

// checkFix asks all that Fix promises of one paragraph, and returns whether it
// changed.
func checkFix(t *testing.T, c *check.Checker, text *articlev1.RichText) int {
	t.Helper()
	content := &articlev1.Article{Title: "Knygų mugė", Blocks: []*articlev1.Block{
		{Id: "b", Content: &articlev1.Block_Paragraph{Paragraph: &articlev1.Paragraph{Text: text}}},
	}}
	before := proto.CloneOf(content)
	fixed, repairs := c.Fix(page(content, nil), nil)
	if diff := cmp.Diff(before, content, protocmp.Transform()); diff != "" {
		t.Fatalf("Fix changed what it was given: %s", diff)
	}
	again, more := c.Fix(page(fixed, nil), nil)
	if len(more) != 0 || !proto.Equal(again, fixed) {
		t.Fatalf("%q: a second run repairs %v", plainText(fixed), more)
	}
	if (len(repairs) == 0) != proto.Equal(fixed, content) {
		t.Fatalf("%q became %q by the repairs %v", plainText(content), plainText(fixed), repairs)
	}
	for _, f := range c.Article(page(fixed, nil)) {
		if f.GetFixable() {
			t.Fatalf("%q: %s is left to be repaired: %q", plainText(fixed), f.GetRule(), f.GetExcerpt())
		}
	}
	for i, span := range text.GetSpans() {
		after := fixed.GetBlocks()[0].GetParagraph().GetText().GetSpans()[i]
		exempt := len(span.GetMarks()) > 0 && span.GetMarks()[0] == articlev1.Span_MARK_CODE || span.GetLanguageCode() != ""
		if exempt && after.GetText() != span.GetText() {
			t.Fatalf("exempt %q became %q", span.GetText(), after.GetText())
		}
		if got, want := bare(after.GetText()), bare(span.GetText()); got != want {
			t.Fatalf("%q became %q: more than the listed characters", span.GetText(), after.GetText())
		}
	}
	return min(len(repairs), 1)
}

// bare is a text without the characters that repairs may change.
func bare(s string) string {
	return strings.NewReplacer(
		"\"", "", "„", "", "“", "", "”", "", " ", "", "\u00a0", "", "\u200b", "", "\u00ad", "", "-", "", "–", "", ".", "", "…", "",
	).Replace(s)
}

// TestFixSparesExemptText holds words that look like mistakes and are none.
func TestFixSparesExemptText(t *testing.T) {
	c := newChecker(t)
	for _, word := range kept() {
		for _, sentence := range []string{word, "Žr. " + word + " ir kt.", "(" + word + ")"} {
			fixed, repairs := c.Fix(page(&articlev1.Article{Blocks: []*articlev1.Block{block("b", sentence)}}, nil), nil)
			if len(repairs) > 0 {
				t.Errorf("%q became %q", sentence, plainText(fixed))
			}
		}
	}
}

// TestFixTouchesOnlyItsPlaces repairs title, lead, body and notes, not the
// words that belong to others.
func TestFixTouchesOnlyItsPlaces(t *testing.T) {
	wrong, right := "Knygos  ir t.t.", "Knygos ir t. t."
	text := func(s string) *articlev1.RichText { return &articlev1.RichText{Spans: []*articlev1.Span{{Text: s}}} }
	make := func(mended, untouched string) *articlev1.Article {
		placement := &articlev1.PhotoPlacement{Photo: "a", Alt: &untouched, Caption: &untouched, Credit: &untouched}
		return &articlev1.Article{
			Title: mended, Lead: text(mended), FundingLines: []string{untouched}, Tags: []string{untouched},
			Blocks: []*articlev1.Block{
				{Id: "h", Content: &articlev1.Block_Heading{Heading: &articlev1.Heading{Level: 2, Text: text(mended)}}},
				{Id: "q", Content: &articlev1.Block_Quote{Quote: &articlev1.Quote{Paragraphs: []*articlev1.RichText{text(mended)}, Attribution: untouched}}},
				{Id: "l", Content: &articlev1.Block_List{List: &articlev1.List{Items: []*articlev1.ListItem{{
					Text: text(mended), Sublist: &articlev1.List{Items: []*articlev1.ListItem{{Text: text(mended)}}},
				}}}}},
				{Id: "f", Content: &articlev1.Block_Figure{Figure: &articlev1.Figure{Placement: placement}}},
				{Id: "t", Content: &articlev1.Block_Table{Table: &articlev1.Table{Caption: untouched, Rows: []*articlev1.TableRow{{Cells: []*articlev1.RichText{text(mended)}}}}}},
				{Id: "c", Content: &articlev1.Block_Callout{Callout: &articlev1.Callout{Title: mended, Paragraphs: []*articlev1.RichText{text(mended)}}}},
				{Id: "e", Content: &articlev1.Block_Embed{Embed: &articlev1.Embed{Provider: "P", Uri: "https://p", Title: untouched}}},
			},
		}
	}
	fixed, repairs := newChecker(t).Fix(page(make(wrong, wrong), nil), nil)
	if diff := cmp.Diff(make(right, wrong), fixed, protocmp.Transform()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(repairs) != 18 {
		t.Errorf("%d repairs are told, want two for each of nine texts", len(repairs))
	}
	want := &articlev1.Repair{Rule: "space-double", Field: "title", BaseText: "Knygos  ir t.t.", Text: "Knygos ir t.t."}
	if diff := cmp.Diff(want, repairs[0], protocmp.Transform()); diff != "" {
		t.Errorf("the first repair (-want +got):\n%s", diff)
	}
}
