package richtext_test

import (
	"math/rand/v2"
	"testing"

	"github.com/skaitykla/skaitykla/internal/richtext"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

func TestPlain(t *testing.T) {
	strong := []articlev1.Span_Mark{articlev1.Span_MARK_STRONG}
	link := &articlev1.Link{Target: &articlev1.Link_Uri{Uri: "https://example.lt/"}}
	tests := []struct {
		name string
		text *articlev1.RichText
		want string
	}{
		{"nil", nil, ""},
		{"empty", &articlev1.RichText{}, ""},
		{"one span", &articlev1.RichText{Spans: []*articlev1.Span{{Text: "Ąžuolas"}}}, "Ąžuolas"},
		{
			"marks, links and breaks",
			&articlev1.RichText{Spans: []*articlev1.Span{
				{Text: "Knygų "}, {Text: "mugė", Marks: strong}, {Text: "\nVilniuje", Link: link}, nil,
			}},
			"Knygų mugė\nVilniuje",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := richtext.Plain(test.text); got != test.want {
				t.Errorf("Plain() = %q, want %q", got, test.want)
			}
		})
	}
}

func TestLine(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "Knygų mugė", "Knygų mugė"},
		{"white space", " \t Knygų\r\n\n mugė\u2028! ", "Knygų mugė !"},
		{"no-break spaces stay", "2024\u00a0m. birželio 7\u202fd.", "2024\u00a0m. birželio 7\u202fd."},
		{"control characters", "a\x00b\x1bc\u0085d\u007f", "abc d"},
		{"marks that turn what follows", "a\u202eb\u2066c", "abc"},
		{"marks of direction", "שלום\u200f (A)\u200e", "שלום\u200f (A)\u200e"},
		{"joined emoji", "👩‍💻 🏴󠁧󠁢󠁳󠁣󠁴󠁿", "👩‍💻 🏴󠁧󠁢󠁳󠁣󠁴󠁿"},
		{"not UTF-8", "a\xffb", "a\uFFFDb"},
		{"only white space", "\n \n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := richtext.Line(test.in); got != test.want {
				t.Errorf("Line(%q) = %q, want %q", test.in, got, test.want)
			}
		})
	}
}

// TestLineOfPlainTexts: what is told to be a line at a glance is what reading
// it letter by letter makes of it, which a control character at the end forces.
func TestLineOfPlainTexts(t *testing.T) {
	letters := []rune(" aZ~9.\u00a0\u00adž×ẞ\u2010\u2013\u2027\u2028\u202f\u200d\u0301\u007f\u0085\t\n📚ש")
	random := rand.New(rand.NewPCG(11, 2026))
	for range 20_000 {
		text := make([]rune, random.IntN(6))
		for i := range text {
			text[i] = letters[random.IntN(len(letters))]
		}
		if got, want := richtext.Line(string(text)), richtext.Line(string(text)+"\x01"); got != want {
			t.Fatalf("Line(%q) = %q, want %q", string(text), got, want)
		}
	}
}
