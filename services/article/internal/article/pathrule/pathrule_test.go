package pathrule_test

import (
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/address"
	"github.com/skaitykla/skaitykla/services/article/internal/article/pathrule"
)

func TestMatch(t *testing.T) {
	cases := []struct{ pattern, address, slug string }{
		{"/{year}/{month}/{day}/{slug}", "/2024/06/07/stazuote/", "stazuote"},
		{"/{year}/{month}/{day}/{slug}", "/2024/6/7/Stazuote?utm_source=x", "stazuote"},
		{"/{year}/{month}/{day}/{slug}/", "/2024/06/07/stazuote", "stazuote"},
		{"/{year}/{month}/{day}/{slug}", "/24/06/07/stazuote", ""},
		{"/{year}/{month}/{day}/{slug}", "/2024/006/07/stazuote", ""},
		{"/{year}/{month}/{day}/{slug}", "/2024/06/stazuote", ""},
		{"/{year}/{month}/{day}/{slug}", "/2024/06/07/", ""},
		{"/{year}/{month}/{day}/{slug}", "/2024/06/07/a/b", ""},
		{"/{year}-{month}-{day}_{slug}.html", "/2024-06-07_a-b_c.html", "a-b_c"},
		{"/naujienos/{any}/{slug}.html", "/Naujienos/renginiai/muge.HTML", "muge"},
		{"/naujienos/{any}/{slug}.html", "/naujienos/muge.html", ""},
		{"/naujienos/{any}/{slug}.html", "/naujienos/a/.html", ""},
		{"/{number}-{slug}", "/123-45-dienos", "45-dienos"},
		{"/{slug}-{number}.html", "/dienos-45-123.html", "dienos-45"},
		{"/{slug}-{number}.html", "/dienos.html", ""},
		{"/{slug},{number}", "/,5", ""},
		{"/index.php?page={slug}", "/index.php?id=3&page=muge", "muge"},
		{"/index.php?page={slug}", "/index.php?page=", ""},
		{"/index.php?page={slug}", "/index.php", ""},
		{"/index.php?page={slug}", "/?page=muge", ""},
		{"/index.php?option=com_content&id={number}:{slug}", "/index.php?id=12:muge&option=com_content&view=a", "muge"},
		{"/index.php?option=com_content&id={number}:{slug}", "/index.php?id=12:muge", ""},
		{"/?naujiena={slug}", "/?naujiena=Muge", "Muge"},
		{"/ąžuolai/{slug}", "/%C4%84%C5%BEuolai/muge", "muge"},
		{"/n/{slug}", "/n/" + strings.Repeat("a-", 300), strings.Repeat("a-", 300)},
	}
	for _, c := range cases {
		r, err := pathrule.Compile(c.pattern)
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		a, err := address.Parse(c.address)
		if err != nil {
			t.Fatal(err)
		}
		slug, ok := r.Match(a)
		if slug != c.slug || ok != (c.slug != "") {
			t.Errorf("%s in %s: got %q, %t, want %q", c.pattern, c.address, slug, ok, c.slug)
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	for pattern, want := range map[string]string{
		"/{year}/{month}":             "{slug} stands in the pattern 0 times",
		"/{slug}/{slug}":              "2 times",
		"/":                           "0 times",
		"naujienos/{slug}":            "begins with a slash",
		"/{slug":                      "{ without its }",
		"/slug}/{slug}":               "} without its {",
		"/{title}/{slug}":             "{title} is no variable",
		"/{}/{slug}":                  "{} is no variable",
		"/{any}-{slug}":               "only one of {slug} and {any}",
		"/{number}{slug}":             "put text between",
		"/{year}{month}/{slug}":       "put text between",
		"/{slug}{number}":             "put text between",
		"/2{number}-{slug}":           "a digit stands beside",
		"/{slug}-{number}0":           "a digit stands beside",
		"/{slug}#top":                 "after #",
		"/a?{any}={slug}":             "cannot be a variable",
		"/%zz/{slug}":                 "invalid URL escape",
		"/{{slug}}":                   "is no variable",
		"/a?utm_source={slug}":        "0 times",
		"/a/{number}/{any}-{number}/": "0 times",
	} {
		if _, err := pathrule.Compile(pattern); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", pattern, err, want)
		}
	}
}

// FuzzRule compiles any pattern and matches any address: what is found is part of
// of the address, and putting it into the pattern gives an address that matches.
func FuzzRule(f *testing.F) {
	f.Add("/{year}/{month}/{day}/{slug}", "/2024/06/07/muge")
	f.Add("/index.php?page={slug}&x={number}", "/index.php?page=muge&x=1")
	f.Add("/{slug}-{number}.html", "/a-1-2.html")
	f.Add("/{any}/x{slug}{", "/%ff/%7Bslug%7D?%7B=%7D")
	f.Fuzz(func(t *testing.T, pattern, raw string) {
		r, err := pathrule.Compile(pattern)
		if err != nil {
			return
		}
		again, err := pathrule.Compile(r.String())
		if err != nil || again.String() != r.String() {
			t.Errorf("%q: its form %q becomes %q, %v", pattern, r, again, err)
		}
		a, err := address.Parse(raw)
		if err != nil {
			return
		}
		slug, ok := r.Match(a)
		if ok != (slug != "") || !strings.Contains(strings.Join(a.Segments, "/")+values(a), slug) {
			t.Errorf("%q in %q: found %q, %t", pattern, raw, slug, ok)
		}
	})
}

func values(a address.Address) string {
	all := ""
	for _, p := range a.Params {
		all += "\x00" + p.Value
	}
	return all
}

func BenchmarkMatch(b *testing.B) {
	r, err := pathrule.Compile("/{any}/{number}-{slug}-{number}.html")
	if err != nil {
		b.Fatal(err)
	}
	for name, slug := range map[string]string{"short": "muge", "long": strings.Repeat("1-", 400)} {
		b.Run(name, func(b *testing.B) {
			a, err := address.Parse("/n/1-" + slug + "-2.html")
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, ok := r.Match(a); !ok {
					b.Fatal("no match")
				}
			}
		})
	}
}
