package site

import (
	"encoding/json"
	"html/template"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// headElements returns the preview metadata that the sharing service made,
// parsed and written anew: meta elements, canonical and alternate links, and
// schema.org data that is JSON. Everything else in it is dropped.
func headElements(source string) template.HTML {
	if source == "" {
		return ""
	}
	// Read as in a body, where a stray word does not end the head.
	root := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(source), root)
	if err != nil {
		return ""
	}
	var b strings.Builder
	for _, node := range nodes {
		clean := headElement(node)
		if clean == nil {
			continue
		}
		if err := html.Render(&b, clean); err != nil {
			return ""
		}
		b.WriteByte('\n')
	}
	return template.HTML(b.String()) //nolint:gosec // written anew from what headElement let through
}

// headElement returns a copy of an element with what it may have; nil when it
// has no place in a head.
func headElement(node *html.Node) *html.Node {
	if node.Type != html.ElementNode {
		return nil
	}
	switch node.DataAtom { //nolint:exhaustive // all others are dropped
	case atom.Meta:
		if attr(node, "content") == "" || attr(node, "name")+attr(node, "property") == "" {
			return nil
		}
		return withAttrs(node, "name", "property", "content")
	case atom.Link:
		rel := attr(node, "rel")
		_, ok := safeURL(attr(node, "href"))
		if !ok || (rel != "canonical" && rel != "alternate") {
			return nil
		}
		return withAttrs(node, "rel", "href", "hreflang", "type", "title")
	case atom.Script:
		return dataScript(node)
	}
	return nil
}

// dataScript returns a script element that is data: browsers do not run it, and
// it cannot end early.
func dataScript(node *html.Node) *html.Node {
	if attr(node, "type") != "application/ld+json" || node.FirstChild == nil {
		return nil
	}
	var value any
	if json.Unmarshal([]byte(node.FirstChild.Data), &value) != nil {
		return nil
	}
	data, err := json.Marshal(value) // escapes <, > and &
	if err != nil {
		return nil
	}
	clean := withAttrs(node, "type")
	clean.AppendChild(&html.Node{Type: html.TextNode, Data: string(data)})
	return clean
}

func attr(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Namespace == "" && a.Key == name {
			return a.Val
		}
	}
	return ""
}

// withAttrs returns the element without children and with no attributes but
// these.
func withAttrs(node *html.Node, names ...string) *html.Node {
	clean := &html.Node{Type: html.ElementNode, Data: node.Data, DataAtom: node.DataAtom}
	for _, name := range names {
		if value := attr(node, name); value != "" {
			clean.Attr = append(clean.Attr, html.Attribute{Key: name, Val: value})
		}
	}
	return clean
}
