package address_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/skaitykla/skaitykla/internal/address"
)

func TestCanonicalForm(t *testing.T) {
	for raw, want := range map[string]string{
		"/":                              "/",
		"//":                             "/",
		"/?p=123":                        "/?p=123",
		"/?p=123#respond":                "/?p=123",
		"/?utm_source=x&p=123&fbclid=1a": "/?p=123",
		"/?utm_source=x":                 "/",
		"/?b=2&a=1&&b=1":                 "/?a=1&b=1&b=2",
		"/?ID=aB3&page":                  "/?ID=aB3&page",
		"/2024/06/07/Stazuote/":          "/2024/06/07/stazuote",
		"/2024/06/07//stazuote":          "/2024/06/07/stazuote",
		"/sta%C5%BEuot%c4%97":            "/stažuotė",
		"/naujienos/Ąžuolas.HTML":        "/naujienos/ąžuolas.html",
		"/a%2Fb":                         "/a%2fb",
		"/a%2541":                        "/a%2541",
		"/a%41":                          "/aa",
		"/a+b c":                         "/a+b%20c",
		"/?q=a+b%26c%3d":                 "/?q=a%20b%26c=",
		"/sta%FEuot%EB":                  "/sta%feuot%eb", // Windows-1257
		"/a%00b":                         "/a%00b",
		"/%D0%94":                        "/д",
	} {
		a, err := address.Parse(raw)
		if err != nil || a.String() != want {
			t.Errorf("%s: got %q, %v, want %q", raw, a.String(), err, want)
		}
		b, err := address.Parse(norm.NFD.String(raw))
		if err != nil || b.String() != want {
			t.Errorf("%s decomposed: got %q, %v", raw, b.String(), err)
		}
	}
	for _, raw := range []string{"", "a", "?p=1", "/%zz", "/?p=%zz", "/" + strings.Repeat("ž", address.Max)} {
		if a, err := address.Parse(raw); err == nil {
			t.Errorf("%.20q: got %q", raw, a)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"/", "/?p=123&utm_x=1", "/A/b%2fc/İ", "/%ff%fe?%ff=%25", "/i\u0307\u0301?a=&&=b", "//?;+ "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		a, err := address.Parse(raw)
		if err != nil {
			return
		}
		form := a.String()
		if len(form) > address.Max || !utf8.ValidString(form) || !strings.HasPrefix(form, "/") {
			t.Errorf("%q: the canonical form is %q", raw, form)
		}
		b, err := address.Parse(form)
		if err != nil || b.String() != form {
			t.Errorf("%q: %q becomes %q, %v", raw, form, b, err)
		}
	})
}
