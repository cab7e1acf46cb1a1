package published_test

import (
	"testing"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

func TestAbsolute(t *testing.T) {
	const base, public = "https://biblioteka.lt", "http://127.0.0.1:8080"
	tests := []struct{ name, base, public, reference, want string }{
		{"the site's own", base, public, "/a", "https://biblioteka.lt/a"},
		{"the suite's", "", public, "/a", "http://127.0.0.1:8080/a"},
		{"neither", "", "", "/a", "/a"},
		{"absolute already", base, public, "https://cdn.biblioteka.lt/a.jpg", "https://cdn.biblioteka.lt/a.jpg"},
		{"another host in disguise", "", "", "//evil.example/a", "/"},
		{"backslash", "", "", `/\evil.example`, "/"},
		{"script", base, "", "javascript:alert(1)", "https://biblioteka.lt/"},
		{"empty", base, "", "", "https://biblioteka.lt/"},
		{"line break", base, "", "/a\r\nb", "https://biblioteka.lt/"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			site := published.Site{Resource: &articlev1.Site{BaseUri: test.base}, PublicURI: test.public}
			if got := site.Absolute(test.reference); got != test.want {
				t.Errorf("Absolute(%q) = %q, want %q", test.reference, got, test.want)
			}
		})
	}
}

func TestLanguage(t *testing.T) {
	site := published.Site{Resource: &articlev1.Site{DefaultLanguageCode: "lt", LanguageCodes: []string{"lt", "en"}}}
	tests := []struct {
		code, want string
		ok         bool
	}{
		{"", "lt", true},
		{"en", "en", true},
		{"lt-LT", "lt", true},
		{"EN", "en", true},
		{"da", "", false},
		{`en" OR "`, "", false},
	}
	for _, test := range tests {
		t.Run(test.code, func(t *testing.T) {
			if got, ok := site.Language(test.code); got != test.want || ok != test.ok {
				t.Errorf("Language(%q) = %q, %v; want %q, %v", test.code, got, ok, test.want, test.ok)
			}
		})
	}
}

func TestFallbacks(t *testing.T) {
	site := published.Site{Resource: &articlev1.Site{Title: "Naujienos", TimeZone: "Nowhere/Never"}}
	if site.Description() != "Naujienos" || site.Publisher() != "Naujienos" {
		t.Errorf("Description() = %q, Publisher() = %q, want the title", site.Description(), site.Publisher())
	}
	if got := site.Location().String(); got != "UTC" {
		t.Errorf("Location() = %s, want UTC", got)
	}
	article := published.Article{Site: site, Resource: &articlev1.Article{}}
	if !article.Published().IsZero() || !article.Modified().IsZero() || article.Summary() != "" {
		t.Error("an article without times and texts has some")
	}
	if _, ok := article.Image(); ok {
		t.Error("an article without photos has an image")
	}
}
