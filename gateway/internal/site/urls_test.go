package site

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/skaitykla/skaitykla/internal/lang"
)

func TestSafeURL(t *testing.T) {
	cases := []struct {
		uri  string
		safe bool
	}{
		{"https://a.example/x?y=1#z", true},
		{"http://a.example", true},
		{"mailto:ona@a.example", true},
		{"tel:+37060000000", true},
		{"/kelione", true},
		{"#b-h1", true},
		{"", false},
		{"//a.example", false},
		{`/\a.example`, false},
		{"/\ta.example", false},
		{"https:a.example", false},
		{"https://", false},
		{"javascript:alert(1)", false},
		{"JAVASCRIPT:alert(1)", false},
		{"\x01javascript:alert(1)", false},
		{"data:text/html,x", false},
		{"kelione", false},
	}
	for _, c := range cases {
		if got, safe := safeURL(c.uri); safe != c.safe || (safe && string(got) != c.uri) {
			t.Errorf("safeURL(%q) = %q, %v", c.uri, got, safe)
		}
	}
}

func TestHostOf(t *testing.T) {
	for host, want := range map[string]string{
		"a.example": "a.example", "A.Example.:8080": "a.example", "127.0.0.1:80": "127.0.0.1", "[::1]:80": "::1", "[::1]": "::1", "": "",
	} {
		if got := hostOf(&http.Request{Host: host}); got != want {
			t.Errorf("hostOf(%q) = %q, want %q", host, got, want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	cases := []struct{ text, want string }{
		{"trumpas", "trumpas"},
		{"dešimt raidžių ir dar", "dešimt…"},
		{"vienas,\ndu trys", "vienas, du…"},
		{"nepertraukiamas", "nepertrauk…"},
		{"", ""},
	}
	for _, c := range cases {
		if got := excerpt(c.text, 10); got != c.want {
			t.Errorf("excerpt(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestFileSize(t *testing.T) {
	cases := []struct {
		code  string
		bytes int64
		want  string
	}{
		{"lt", 1, "1\u00a0KB"},
		{"lt", 12_499, "12\u00a0KB"},
		{"lt", 1_540_000, "1,5\u00a0MB"},
		{"en", 1_540_000, "1.5\u00a0MB"},
	}
	for _, c := range cases {
		l, _ := lang.For(c.code)
		if got := fileSize(l, c.bytes); got != c.want {
			t.Errorf("fileSize(%s, %d) = %q, want %q", c.code, c.bytes, got, c.want)
		}
	}
}

// FuzzHeadElements: whatever comes out, parsed again, is metadata only.
func FuzzHeadElements(f *testing.F) {
	f.Add(`<meta name="a" content="b"><script type="application/ld+json">{"a":"</b>"}</script>`)
	f.Add(`<template><meta name=a content=b></template><svg><script>1</script></svg><link rel=canonical href=//x>`)
	f.Fuzz(func(t *testing.T, source string) {
		root, err := html.Parse(strings.NewReader("<head>" + string(headElements(source)) + "</head>"))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			switch n.Data {
			case "html", "head", "body", "meta", "link":
			case "script":
				if attr(n, "type") != "application/ld+json" {
					t.Errorf("a script from %q", source)
				}
			default:
				t.Errorf("<%s> from %q", n.Data, source)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "http-equiv" {
					t.Errorf("%s from %q", a.Key, source)
				}
			}
		}
	})
}
