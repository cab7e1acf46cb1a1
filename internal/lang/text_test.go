package lang_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/lang"
)

func TestNormalizeText(t *testing.T) {
	for text, want := range map[string]string{
		"":                   "",
		"z\u030cemė":         "žemė",
		"eilutė\nkita":       "eilutė\nkita",
		"A\u00adb \u200dc":   "A\u00adb \u200dc",
		"\ufffd yra ženklas": "\ufffd yra ženklas",
	} {
		if got, err := lang.NormalizeText(text); err != nil || got != want {
			t.Errorf("NormalizeText(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
}

func TestNormalizeTextRefuses(t *testing.T) {
	cases := map[string]lang.TextError{
		"a\xffb":      {Reason: lang.TextInvalidUTF8, Offset: 1, Rune: '\ufffd'},
		"ž\x00":       {Reason: lang.TextControlCharacter, Offset: 2},
		"a\tb":        {Reason: lang.TextControlCharacter, Offset: 1, Rune: '\t'},
		"a\r\nb":      {Reason: lang.TextControlCharacter, Offset: 1, Rune: '\r'},
		"\x1b[31m":    {Reason: lang.TextControlCharacter, Rune: 0x1b},
		"a\u0085":     {Reason: lang.TextControlCharacter, Offset: 1, Rune: 0x85},
		"a\u202egnp.": {Reason: lang.TextControlCharacter, Offset: 1, Rune: 0x202e},
		"\ufeffa":     {Reason: lang.TextControlCharacter, Rune: 0xfeff},
		"a\u2028":     {Reason: lang.TextControlCharacter, Offset: 1, Rune: 0x2028},
	}
	for text, want := range cases {
		got, err := lang.NormalizeText(text)
		textErr, ok := errors.AsType[*lang.TextError](err)
		if !ok {
			t.Errorf("NormalizeText(%q) = %q, %v; want a *TextError", text, got, err)
			continue
		}
		if diff := cmp.Diff(want, *textErr); diff != "" {
			t.Errorf("NormalizeText(%q) (-want +got):\n%s", text, diff)
		}
	}
}
