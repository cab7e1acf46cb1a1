package shortcode_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/shortcode"
)

func TestParse(t *testing.T) {
	code := func(source string) shortcode.Segment {
		return shortcode.Segment{ID: "k7m29qz9", Kind: shortcode.KindCode, Source: source}
	}
	words := func(id, source string) shortcode.Segment {
		return shortcode.Segment{ID: id, Kind: shortcode.KindWords, Source: source}
	}
	other := func(id string) shortcode.Segment { return shortcode.Segment{ID: id} }
	tests := []struct {
		name, segment string
		want          shortcode.Segment
	}{
		{"a code", "k7m29qz9", code("")},
		{"in capitals", "K7M29QZ9", code("")},
		{"with the gap of a printed code", "k7m2 9qz9", code("")},
		{"with the gap as forms write it", "K7M2+9QZ9.q", code("qr")},
		{"with a gap and a wrong check", "k7m2 9qzd", other("k7m29qzd")},
		{"mixed", "k7M29qZ9", code("")},
		{"with a source", "k7m29qz9.f", code("facebook")},
		{"with a source in capitals", "K7M29QZ9.Q", code("qr")},
		{"with an unknown source", "k7m29qz9.z", code("")},
		{"with a long unknown source", "k7m29qz9.html", code("")},
		{"at the end of a sentence", "k7m29qz9.", code("")},
		{"words", "vasaros-skaitymai", words("vasaros-skaitymai", "")},
		{"words in capitals", "Vasaros-Skaitymai.M", words("vasaros-skaitymai", "email")},
		{"words of eight", "muziejus", words("muziejus", "")},
		{"words as long as allowed", strings.Repeat("a", 40) + ".p", words(strings.Repeat("a", 40), "print")},
		{"a wrong check", "k7m29qzd", other("k7m29qzd")},
		{"a wrong check in capitals", "K7M29QZD.f", shortcode.Segment{ID: "k7m29qzd", Source: "facebook"}},
		{"one too many", "k7m29qz9,", other("k7m29qz9,")},
		{"one missing", "k7m29qc", words("k7m29qc", "")},
		{"digits of a Lithuanian keyboard", "kųmč9qz9", other("kųmč9qz9")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, ok := shortcode.Parse(test.segment)
			if diff := cmp.Diff(test.want, got); !ok || diff != "" {
				t.Errorf("Parse(%q) = %v (-want +got):\n%s", test.segment, ok, diff)
			}
		})
	}
}

func TestParseFoldsLookAlikes(t *testing.T) {
	for _, code := range sample(t, 2000) {
		for _, typed := range []string{
			strings.NewReplacer("0", "o", "1", "l").Replace(code),
			strings.NewReplacer("0", "O", "1", "I").Replace(code),
			strings.NewReplacer("0", "O", "1", "i").Replace(strings.ToUpper(code)),
			strings.ToUpper(code),
		} {
			got, ok := shortcode.Parse(typed + ".x")
			if want := (shortcode.Segment{ID: code, Kind: shortcode.KindCode, Source: "x"}); !ok || got != want {
				t.Fatalf("Parse(%q) = %v, %v, want %v", typed, got, ok, want)
			}
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, segment := range []string{
		"", ".", "..", ".f", "a", "abc", "../k7m29qz9", "k7m29qz9/..", "k7m29qz9/.f", "k7m29qz9\\", "/k7m29qz9", "//evil.lt",
		"https:", "https://evil.lt", "evil.example.lt", "k7m29qz9.f.f", "k7m29qz9.f/", "k7m29qz9.-", "k7m29qz9.\x00",
		"k7m29qz\x00", "k7m29qz\n", "k7m29qz9\r\nlocation: x", "k7m29qz\u200b", "ｋ７ｍ２９ｑｚｃ", "k７m29qz9", "\u212a7m29qz9",
		"vasaros\u2010skaitymai", "vasaros--skaitymai", "-vasaros-skaitymai", "vasaros-skaitymai-", "vasaros skaitymai", "vasaros_skaitymai",
		"\u212anygos-vaikams", "žąsų-knygos", "\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8", strings.Repeat("a", 41), strings.Repeat("ą", 30),
		strings.Repeat("a", 1<<16), "knygos-vaikams.evil.lt", "k7m29qz9.source",
	} {
		if got, ok := shortcode.Parse(segment); ok {
			t.Errorf("Parse(%q) = %+v, want it refused", segment, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, segment := range []string{"k7m29qz9", "K7M29QZ9.F", "vasaros-skaitymai.q", "kųmč9qz9", "https://evil.lt", "\u212a7m29qz9", "..", "O0Il-o"} {
		f.Add(segment)
	}
	f.Fuzz(func(t *testing.T, segment string) {
		got, ok := shortcode.Parse(segment)
		if !ok {
			if got != (shortcode.Segment{}) {
				t.Errorf("Parse(%q) refuses and returns %+v", segment, got)
			}
			return
		}
		if strings.ContainsAny(got.ID, "/\\.\r\n\x00 ") || len(got.ID) > shortcode.MaxWords {
			t.Errorf("Parse(%q) = %+v", segment, got)
		}
		switch got.Kind {
		case shortcode.KindCode:
			if !shortcode.Valid(got.ID) {
				t.Errorf("Parse(%q) has the code %q, which is none", segment, got.ID)
			}
		case shortcode.KindWords:
			if strings.Trim(got.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
				t.Errorf("Parse(%q) has the words %q", segment, got.ID)
			}
		case shortcode.KindOther:
			if n := len([]rune(got.ID)); n < shortcode.Length-1 || n > shortcode.Length+1 {
				t.Errorf("Parse(%q) takes %q for a mistyped code", segment, got.ID)
			}
		}
		again, ok := shortcode.Parse(got.ID + shortcode.Suffix(got.Source))
		if !ok || again != got {
			t.Errorf("Parse(%q) = %+v, and of that again %+v, %v", segment, got, again, ok)
		}
	})
}
