package lang_test

import "testing"

func TestVagueLink(t *testing.T) {
	vague := map[string][]string{
		"lt": {"čia", "Čia", "ČIA.", "spauskite čia", "Spauskite čia!", "skaityti daugiau", "Skaityti daugiau…", "» Plačiau »", "cia", "skaityti\u00a0daugiau", "žr.", "nuoroda", "click here"},
		"en": {"here", "Click here", "read more →", "[more]", "this link", "Learn more..."},
		"da": {"her", "Klik her", "læs mere", "laes mere", "LÆS MERE »", "mere"},
	}
	telling := map[string][]string{
		"lt": {"Čiauškutis", "skaitykite visą pranešimą apie mugę", "Dokk1 biblioteka", "Daugiau apie stažuotę Danijoje", "", "2024 metų ataskaita"},
		"en": {"Annual report 2024", "Read more about the book fair", "heritage", "", "More"[:3]},
		"da": {"Herning Bibliotek", "læs mere om bogmessen", ""},
	}
	for code, texts := range vague {
		for _, text := range texts {
			if !language(t, code).VagueLink(text) {
				t.Errorf("%s: VagueLink(%q) = false", code, text)
			}
		}
	}
	for code, texts := range telling {
		for _, text := range texts {
			if language(t, code).VagueLink(text) {
				t.Errorf("%s: VagueLink(%q) = true", code, text)
			}
		}
	}
}

func TestRedundantStart(t *testing.T) {
	cases := []struct{ code, alt, want string }{
		{"lt", "Nuotraukoje bibliotekos sodas", "nuotraukoje"},
		{"lt", "Nuotrauka: sodas", "nuotrauka"},
		{"lt", "Nuotraukų paroda", ""},
		{"lt", "Bibliotekos sodas", ""},
		{"en", "Photo of a garden", "photo of"},
		{"en", "Photographer at work", ""},
		{"da", "Billede af haven", "billede af"},
		{"da", "Billedet", ""},
	}
	for _, c := range cases {
		if got := language(t, c.code).RedundantStart(c.alt); got != c.want {
			t.Errorf("%s: RedundantStart(%q) = %q, want %q", c.code, c.alt, got, c.want)
		}
	}
}
