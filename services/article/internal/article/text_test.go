package article_test

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

func TestCleanTexts(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		field          string // at fault
	}{
		{"plain", "Stažuotė „Dokk1“ – gera", "Stažuotė „Dokk1“ – gera", ""},
		{"decomposed", "Z\u030cmogus", "Žmogus", ""},
		{"bell", "a\x07b", "", "article.title"},
		{"tab", "a\tb", "", "article.title"},
		{"C1 control", "a\u0085b", "", "article.title"},
		{"right to left override", "a\u202eb", "", "article.title"},
		{"line break in a title", "a\nb", "", "article.title"},
		{"invalid UTF-8", "a\xffb", "", "article.title"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := &articlev1.Article{Title: c.in}
			err := article.CleanTexts("article", a.ProtoReflect())
			if c.field != "" {
				e, ok := fault.Of(err)
				if !ok || e.Field != c.field || e.Reason != faultv1.Reason_REASON_INVALID_TEXT {
					t.Fatalf("got %v, want INVALID_TEXT of %s", err, c.field)
				}
				return
			}
			if err != nil || a.GetTitle() != c.want {
				t.Errorf("got %q, %v; want %q", a.GetTitle(), err, c.want)
			}
		})
	}
}

// TestCleanTextsPlaces finds texts wherever they stand and names each.
func TestCleanTextsPlaces(t *testing.T) {
	bad := "x\x00"
	a := &articlev1.Article{
		Tags: []string{"gera", bad}, Annotations: map[string]string{"k": bad},
		Lead:   &articlev1.RichText{Spans: []*articlev1.Span{{Text: "two\nlines"}}},
		Blocks: []*articlev1.Block{{Content: &articlev1.Block_Gallery{Gallery: &articlev1.Gallery{Placements: []*articlev1.PhotoPlacement{{}, {Alt: &bad}}}}}},
	}
	var got []string
	for _, v := range fault.Violations(article.CleanTexts("article", a.ProtoReflect())) {
		got = append(got, v.Field)
	}
	want := map[string]bool{"article.tags[1]": true, "article.annotations": true, "article.blocks[0].gallery.placements[1].alt": true}
	for _, field := range got {
		if !want[field] {
			t.Errorf("got a fault in %s", field)
		}
		delete(want, field)
	}
	if len(want) > 0 {
		t.Errorf("no fault in %v", want)
	}
}

// FuzzPlainText proves that what is quick to see is also true.
func FuzzPlainText(f *testing.F) {
	for _, s := range []string{"abc", "ąčęėįšųūž„“–…", "\u0149", "\u017f\u00ad\u00a0", "a\u0300"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a := &articlev1.Article{Lead: &articlev1.RichText{Spans: []*articlev1.Span{{Text: s}}}}
		err := article.CleanTexts("", a.ProtoReflect())
		want, wantErr := lang.NormalizeText(s)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("got %v, want %v", err, wantErr)
		}
		if err == nil {
			if diff := cmp.Diff(want, a.GetLead().GetSpans()[0].GetText()); diff != "" && utf8.ValidString(s) {
				t.Error(diff)
			}
		}
	})
}

// TestPlainTextRanges checks every character that is waved through.
func TestPlainTextRanges(t *testing.T) {
	for r := range rune(0x2100) {
		s := "a" + string(r) + "\n"
		a := &articlev1.Article{Lead: &articlev1.RichText{Spans: []*articlev1.Span{{Text: s}}}}
		err := article.CleanTexts("", a.ProtoReflect())
		want, wantErr := lang.NormalizeText(s)
		if (err == nil) != (wantErr == nil) || err == nil && a.GetLead().GetSpans()[0].GetText() != want {
			t.Errorf("%U: got %q, %v; want %q, %v", r, a.GetLead().GetSpans()[0].GetText(), err, want, wantErr)
		}
	}
}
