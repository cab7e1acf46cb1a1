package lang_test

import (
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/lang"
)

// In these tests ~ stands for the no-break space.
func TestSpaces(t *testing.T) {
	cases := []struct{ code, text, want string }{
		{"lt", "2024 m. birželio 7 d. vyks", "2024~m. birželio 7~d. vyks"},
		{"lt", "kaina 12,5 Eur, 10 %; 5 km", "kaina 12,5~Eur, 10~%; 5~km"},
		{"lt", "12.30–16.30 val. (5 psl.)", "12.30–16.30~val. (5~psl.)"},
		{"lt", "t. y. knygos, žurnalai ir t. t.", "t.~y. knygos, žurnalai ir~t.~t."},
		{"lt", "Įsakymas Nr. 113-4290, Pylimo g. 1-5", "Įsakymas Nr.~113-4290, Pylimo g.~1-5"},
		{"lt", "M. Mažvydo ir J. K. Jonaičio, A. Žebriūnas", "M.~Mažvydo ir J.~K.~Jonaičio, A.~Žebriūnas"},
		{"lt", "doc. dr. Jonas", "doc.~dr. Jonas"},
		{"lt", "biblioteka – žmonėms", "biblioteka~– žmonėms"},
		{"lt", "parduota 12 000 Eur ir 3 500 000 vnt.", "parduota 12~000~Eur ir 3 500~000~vnt."},
		{"lt", "ISBN 978 609 405 123 4, tel. 8 343 51 307", "ISBN 978 609 405 123 4, tel.~8 343 51 307"},
		{"lt", "2024-06-07 https://x.lt/a?b=1 – a@b.lt", "2024-06-07 https://x.lt/a?b=1~– a@b.lt"},
		{"lt", "7  d. du tarpai", "7  d. du tarpai"},
		{"lt", "eilutė 7\nd. nauja", "eilutė 7\nd. nauja"},
		{"lt", " m. 5", " m. 5"},
		{"lt", "Dokk1 m. ir A d.", "Dokk1 m. ir A d."},
		{"lt", "", ""},
		{"lt", "   ", "   "},
		{"en", "page 5 of p. 7, J. R. Smith, 10 % and 5 km", "page 5 of p.~7, J.~R.~Smith, 10~% and 5~km"},
		{"da", "kl. 9.05, nr. 5, 100 kr. – H. C. Andersen, f. eks.", "kl.~9.05, nr.~5, 100~kr.~– H.~C.~Andersen, f.~eks."},
	}
	for _, c := range cases {
		l := language(t, c.code)
		want := strings.ReplaceAll(c.want, "~", "\u00a0")
		got := l.Spaces(c.text)
		if got != want {
			t.Errorf("%s: Spaces(%q) = %q, want %q", c.code, c.text, strings.ReplaceAll(got, "\u00a0", "~"), c.want)
		}
		if again := l.Spaces(got); again != got {
			t.Errorf("%s: Spaces twice: %q, then %q", c.code, got, again)
		}
	}
}

func FuzzSpaces(f *testing.F) {
	for _, seed := range []string{"2024 m. birželio 7 d.", "J. K. Jonaitis – t. y. ir t. t.", "12 000 Eur", "\u00a07 d.", "\xff 7 %"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, code := range lang.Codes() {
			l, _ := lang.For(code)
			once := l.Spaces(text)
			plain := func(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }
			if plain(once) != plain(text) {
				t.Errorf("%s: Spaces(%q) = %q: more than spaces changed", code, text, once)
			}
			if twice := l.Spaces(once); twice != once {
				t.Errorf("%s: Spaces(%q) = %q, twice %q", code, text, once, twice)
			}
		}
	})
}
