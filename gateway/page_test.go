package gateway_test

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// document is a parsed page.
type document struct{ root *html.Node }

// page gets and parses a page.
func (s *suite) page(t *testing.T, path string, headers map[string]string) (answer, document) {
	t.Helper()
	resp, body := s.do(t, http.MethodGet, path, headers, nil)
	root, err := html.Parse(bytes.NewReader(body))
	must(t, err)
	return resp, document{root}
}

// all returns the elements of a name, in order; "*" for every element.
func (d document) all(name string) []*html.Node {
	var found []*html.Node
	for n := range d.root.Descendants() {
		if n.Type == html.ElementNode && (n.Data == name || name == "*") {
			found = append(found, n)
		}
	}
	return found
}

// with returns the elements of a name that have an attribute with the value.
func (d document) with(name, key, value string) []*html.Node {
	return slices.DeleteFunc(d.all(name), func(n *html.Node) bool { return attr(n, key) != value })
}

// one returns the only element of its kind.
func (d document) one(t *testing.T, name, key, value string) document {
	t.Helper()
	found := d.with(name, key, value)
	if len(found) != 1 {
		t.Fatalf("%d elements <%s %s=%q>, want one", len(found), name, key, value)
	}
	return document{found[0]}
}

func (d document) text() string { return textOf(d.root) }

// textOf returns the text of an element with runs of plain white space as one
// space; no-break spaces stay.
func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool { return r == ' ' || r == '\n' }), " ")
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// checkSafe fails the test for everything that a page must never have.
func (d document) checkSafe(t *testing.T) {
	t.Helper()
	for _, n := range d.all("*") {
		switch n.Data {
		case "iframe", "object", "embed", "base", "form", "video", "audio":
			t.Errorf("the page has <%s>", n.Data)
		case "input":
			if attr(n, "id") != "share-link" || !strings.HasPrefix(attr(n, "value"), "https://biblioteka.example/") {
				t.Errorf("the page has a field with %q", attr(n, "value"))
			}
		case "script":
			own := strings.HasPrefix(attr(n, "src"), "/assets/") && n.FirstChild == nil
			if attr(n, "type") != "application/ld+json" && !own {
				t.Errorf("the page has a script: %s", textOf(n))
			}
		case "link":
			if attr(n, "rel") == "stylesheet" && !strings.HasPrefix(attr(n, "href"), "/assets/") {
				t.Errorf("the page has the style sheet %s", attr(n, "href"))
			}
		}
		for _, a := range n.Attr {
			checkAttr(t, n.Data, a)
		}
	}
}

func checkAttr(t *testing.T, element string, a html.Attribute) {
	t.Helper()
	if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "http-equiv" {
		t.Errorf("<%s> has %s=%q", element, a.Key, a.Val)
	}
	switch a.Key {
	case "href", "cite":
		u, err := url.Parse(a.Val)
		if err != nil || !slices.Contains([]string{"", "https", "http", "mailto", "tel", "viber", "sms", "fb-messenger"}, u.Scheme) {
			t.Errorf("<%s> leads to %q", element, a.Val)
		}
		if strings.HasPrefix(a.Val, "//") || strings.Contains(a.Val, `\`) {
			t.Errorf("<%s> leads to %q", element, a.Val)
		}
	case "src":
		if element == "img" {
			checkPicture(t, a.Val)
		}
	case "srcset":
		for item := range strings.SplitSeq(a.Val, ", ") {
			checkPicture(t, item)
		}
	}
}

func checkPicture(t *testing.T, uri string) {
	t.Helper()
	if !strings.HasPrefix(uri, "/media/") {
		t.Errorf("the page loads %q", uri)
	}
}
