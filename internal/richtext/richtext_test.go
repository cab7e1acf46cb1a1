package richtext_test

import (
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
