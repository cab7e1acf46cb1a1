package site

import (
	"html/template"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	// maxIcon is the longest drawing in bytes; a longer one is not an icon.
	maxIcon = 4 << 10
	// maxIcons bounds how many drawings are kept: there are twenty or so.
	maxIcons = 200
)

// icons keeps drawings as elements, for every page has the same ones.
type icons struct {
	mu    sync.Mutex
	known map[string]template.HTML
}

// element returns what iconElement makes of a drawing.
func (i *icons) element(source string) template.HTML {
	i.mu.Lock()
	defer i.mu.Unlock()
	drawn, ok := i.known[source]
	if !ok {
		drawn = iconElement(source)
		if len(i.known) < maxIcons && len(source) <= maxIcon {
			i.known[source] = drawn
		}
	}
	return drawn
}

// iconElement returns a drawing that the sharing service made, parsed and
// written anew with shapes only: no reference, no style, no script, no color of
// its own. It is hidden from assistive technology, which reads the label. What
// is no such drawing gives nothing.
func iconElement(source string) template.HTML {
	if source == "" || len(source) > maxIcon {
		return ""
	}
	root := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(source), root)
	if err != nil || len(nodes) != 1 || nodes[0].DataAtom != atom.Svg {
		return ""
	}
	clean := shape(nodes[0], "viewBox", "width", "height", "fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin")
	clean.Attr = append(clean.Attr, html.Attribute{Key: "aria-hidden", Val: "true"}, html.Attribute{Key: "focusable", Val: "false"})
	for child := range nodes[0].ChildNodes() {
		switch {
		case child.Type != html.ElementNode:
		case slices.Contains([]string{"path", "rect", "circle", "ellipse"}, child.Data):
			clean.AppendChild(shape(child, "d", "x", "y", "width", "height", "rx", "ry", "cx", "cy", "r", "fill", "stroke"))
		default:
			return ""
		}
	}
	var b strings.Builder
	if err := html.Render(&b, clean); err != nil {
		return ""
	}
	return template.HTML(b.String()) //nolint:gosec // written anew from shapes
}

// shape returns an element with those of its attributes that are numbers,
// drawing or words without a meaning elsewhere.
func shape(node *html.Node, names ...string) *html.Node {
	clean := withAttrs(node, names...)
	clean.Attr = slices.DeleteFunc(clean.Attr, func(a html.Attribute) bool {
		return strings.ContainsAny(a.Val, "():;\"'<>\\#&%")
	})
	return clean
}
