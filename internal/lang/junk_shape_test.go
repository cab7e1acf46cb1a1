package lang_test

import (
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/lang"
)

func TestJunkAltReasons(t *testing.T) {
	cases := []struct {
		code, alt string
		opts      lang.JunkOptions
		want      lang.JunkReason // "" passes
	}{
		{code: "lt", alt: "", want: lang.JunkEmpty},
		{code: "lt", alt: " \u00a0 ", want: lang.JunkEmpty},
		{code: "lt", alt: "...", want: lang.JunkEmpty},
		{code: "lt", alt: "a", want: lang.JunkTooShort},
		{code: "lt", alt: "jo", want: lang.JunkTooShort},
		{code: "lt", alt: "123", want: lang.JunkDigits},
		{code: "lt", alt: "2024-06-07", want: lang.JunkDigits},
		{code: "lt", alt: "IMG_1234", want: lang.JunkFileName},
		{code: "lt", alt: "img-20240607-wa0003", want: lang.JunkFileName},
		{code: "lt", alt: "DSC01234", want: lang.JunkFileName},
		{code: "lt", alt: "P1010123", want: lang.JunkFileName},
		{code: "lt", alt: "PXL_20240607_091500123.MP", want: lang.JunkFileName},
		{code: "lt", alt: "Screenshot 2024-06-07 at 09.05.11", want: lang.JunkFileName},
		{code: "lt", alt: "Ekrano kopija 2024-06-07", want: lang.JunkFileName},
		{code: "lt", alt: "WhatsApp Image 2024-06-07 at 09.05.11", want: lang.JunkFileName},
		{code: "lt", alt: "viber_image_2024-06-07_09-05", want: lang.JunkFileName},
		{code: "lt", alt: "bibliotekos sodas.jpg", want: lang.JunkFileName},
		{code: "lt", alt: "foto.HEIC", want: lang.JunkFileName},
		{code: "lt", alt: "1920x1080", want: lang.JunkFileName},
		{code: "lt", alt: "3f2504e0-4f89-41d3-9a0c-0305e82c3301", want: lang.JunkIdentifier},
		{code: "lt", alt: "a1b2c3d4e5f60718293a4b5c", want: lang.JunkIdentifier},
		{code: "lt", alt: "nuotrauka", want: lang.JunkPlaceholder},
		{code: "lt", alt: "Nuotrauka Nr. 3", want: lang.JunkPlaceholder},
		{code: "lt", alt: "Paveikslėlis 3", want: lang.JunkPlaceholder},
		{code: "lt", alt: "be pavadinimo", want: lang.JunkPlaceholder},
		{code: "lt", alt: "Untitled-2", want: lang.JunkPlaceholder},
		{code: "en", alt: "Picture 12", want: lang.JunkPlaceholder},
		{code: "en", alt: "alt text", want: lang.JunkPlaceholder},
		{code: "da", alt: "Billede 2", want: lang.JunkPlaceholder},
		{code: "da", alt: "uden titel", want: lang.JunkPlaceholder},
		{code: "lt", alt: "bibliotekos sodas", opts: lang.JunkOptions{FileName: "bibliotekos-sodas.jpg"}, want: lang.JunkFileName},
		{code: "lt", alt: "DSC_Aarhus", opts: lang.JunkOptions{FileName: `C:\foto\DSC_Aarhus.jpg`}, want: lang.JunkFileName},
		{code: "lt", alt: "Stažuotė Danijoje", opts: lang.JunkOptions{Title: "Stažuotė  Danijoje."}, want: lang.JunkTitle},
		{code: "lt", alt: "Stažuotė Danijoje", opts: lang.JunkOptions{Title: "Kita antraštė"}, want: ""},
		{code: "lt", alt: "hblkb", opts: lang.JunkOptions{Vocabulary: func(w string) bool { return w == "hblkb" }}, want: ""},
		{code: "lt", alt: "asf agf", want: lang.JunkNoise},
		{code: "lt", alt: "ASDF", want: lang.JunkNoise},
		{code: "lt", alt: "Fgj", want: lang.JunkNoise},
		{code: "lt", alt: "fgj!", want: lang.JunkNoise},
		{code: "lt", alt: "Jauki ir šviesi Randerso miesto biblioteka", want: ""},
		{code: "lt", alt: "Orhuso (Aarhus) miesto „Dokk1“ biblioteka", want: ""},
		{code: "lt", alt: "P. Cvirkos paminklas", want: ""},
		{code: "lt", alt: "Foto 12 vaikai skaito", want: ""},
		{code: "en", alt: "Photo 3 girls reading on a bench", want: ""},
		{code: "lt", alt: "P1 aukstas", want: ""},
		{code: "lt", alt: "IMG_1234 (2)", want: lang.JunkFileName},
		{code: "lt", alt: "IMG_1234a-edited", want: lang.JunkFileName},
		{code: "da", alt: "Skærmbillede 2024-06-07 kl. 09.05.11", want: lang.JunkFileName},
		{code: "lt", alt: "P1 aukštas, skaitykla", want: ""},
		{code: "lt", alt: strings.Repeat("asdf", 100_000), want: lang.JunkNoise},
		{code: "lt", alt: strings.Repeat("namas", 100_000), want: lang.JunkNoise},
		{code: "lt", alt: strings.Repeat("namas ", 100_000), want: ""},
		{code: "lt", alt: "日本語", want: ""},
		{code: "lt", alt: "Вильнюс", want: ""},
	}
	for _, c := range cases {
		c.opts.Language = language(t, c.code)
		reason, junk := lang.JunkAlt(c.alt, c.opts)
		if reason != c.want || junk != (c.want != "") {
			t.Errorf("%s: JunkAlt(%.60q) = %q, %v; want %q", c.code, c.alt, reason, junk, c.want)
		}
	}
	if reason, junk := lang.JunkAlt("fgj", lang.JunkOptions{}); reason != lang.JunkNoise || !junk {
		t.Errorf("without a language: %q, %v", reason, junk)
	}
}

func FuzzJunkAlt(f *testing.F) {
	for _, seed := range []string{"fgj", "IMG_1", "ąžuolas", "\xff", "İ", "ﬁ", "a\u0301\u0301", strings.Repeat("x", 1000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, alt string) {
		for _, code := range lang.Codes() {
			l, _ := lang.For(code)
			reason, junk := lang.JunkAlt(alt, lang.JunkOptions{Language: l})
			if junk != (reason != "") {
				t.Errorf("%s: JunkAlt(%q) = %q, %v: reason and verdict disagree", code, alt, reason, junk)
			}
		}
	})
}
