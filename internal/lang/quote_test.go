package lang_test

import "testing"

func TestQuote(t *testing.T) {
	cases := []struct{ name, code, text, want string }{
		{"lt", "lt", "Kalėdinė sriuba", "„Kalėdinė sriuba“"},
		{"lt nested at the end closes both", "lt", "projekte „Dokk1“", "„projekte „Dokk1“"},
		{"lt nested before the stop", "lt", "projekte „Dokk1“.", "„projekte „Dokk1“.“"},
		{"lt nested inside", "lt", "„Dokk1“ biblioteka", "„„Dokk1“ biblioteka“"},
		{"lt empty", "lt", "", "„“"},
		{"lt closing mark of another pair", "lt", "be pradžios“", "„be pradžios“"},
		{"en", "en", "Reading room", "“Reading room”"},
		{"en nested", "en", "the “Dokk1” library in “Aarhus”", "“the ‘Dokk1’ library in ‘Aarhus’”"},
		{"da nested", "da", "biblioteket “Dokk1”", "“biblioteket ‘Dokk1’”"},
	}
	for _, c := range cases {
		if got := language(t, c.code).Quote(c.text); got != c.want {
			t.Errorf("%s: Quote(%q) = %q, want %q", c.name, c.text, got, c.want)
		}
	}
	opening, closing := language(t, "lt").QuoteMarks()
	if opening != "\u201e" || closing != "\u201c" {
		t.Errorf("Lithuanian marks %q %q", opening, closing)
	}
}
