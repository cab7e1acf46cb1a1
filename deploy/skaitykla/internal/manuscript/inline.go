package manuscript

import (
	"net/url"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
	"google.golang.org/protobuf/proto"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// style is what surrounds a piece of text.
type style struct {
	marks []articlev1.Span_Mark
	link  *articlev1.Link
}

// inline reads the text of a block and the pictures in it.
func (r *reader) inline(block ast.Node) (*articlev1.RichText, []*articlev1.PhotoPlacement) {
	w := inlineWalk{reader: r}
	w.children(block, style{})
	return trim(&articlev1.RichText{Spans: w.spans}), w.pictures
}

type inlineWalk struct {
	*reader
	spans    []*articlev1.Span
	pictures []*articlev1.PhotoPlacement
}

func (w *inlineWalk) children(n ast.Node, s style) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.node(c, s)
	}
}

func (w *inlineWalk) node(n ast.Node, s style) {
	switch n := n.(type) {
	case *ast.Text:
		w.add(w.unescaped(n.Segment.Value(w.source)), s)
		if n.HardLineBreak() {
			w.add("\n", s)
		} else if n.SoftLineBreak() {
			w.add(" ", s)
		}
	case *ast.String:
		w.add(string(n.Value), s)
	case *ast.Emphasis:
		mark := articlev1.Span_MARK_EMPHASIS
		if n.Level == 2 {
			mark = articlev1.Span_MARK_STRONG
		}
		w.children(n, s.with(mark))
	case *ast.CodeSpan:
		w.children(n, s.with(articlev1.Span_MARK_CODE))
	case *ast.Link:
		w.children(n, w.linked(n, string(n.Destination), s))
	case *ast.AutoLink:
		target := string(n.URL(w.source))
		if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(target, "mailto:") {
			target = "mailto:" + target
		}
		w.add(string(n.Label(w.source)), w.linked(n, target, s))
	case *ast.Image:
		w.picture(n)
	case *ast.RawHTML:
		w.html(n, s)
	default:
		w.note(n, "%s was not carried over", n.Kind())
	}
}

// unescaped resolves character references and backslashes as CommonMark asks.
func (w *inlineWalk) unescaped(b []byte) string {
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(b))))
}

func (w *inlineWalk) html(n *ast.RawHTML, s style) {
	tag := strings.ToLower(string(n.Segments.Value(w.source)))
	if strings.HasPrefix(tag, "<br") {
		w.add("\n", s)
		return
	}
	w.note(n, "HTML was not carried over: %s", excerpt([]byte(tag)))
}

func (w *inlineWalk) add(text string, s style) {
	text = strings.ReplaceAll(text, "\t", " ")
	if text == "" {
		return
	}
	span := &articlev1.Span{Text: text, Marks: s.marks, Link: s.link}
	if last := len(w.spans) - 1; last >= 0 && alike(w.spans[last], span) {
		w.spans[last].Text += text
		return
	}
	w.spans = append(w.spans, span)
}

func alike(a, b *articlev1.Span) bool {
	return slices.Equal(a.GetMarks(), b.GetMarks()) && proto.Equal(a.GetLink(), b.GetLink())
}

func (s style) with(mark articlev1.Span_Mark) style {
	if !slices.Contains(s.marks, mark) {
		s.marks = append(slices.Clone(s.marks), mark)
	}
	return s
}

// linked adds a link if articles can hold it; else the text stays and the
// address is named.
func (w *inlineWalk) linked(n ast.Node, target string, s style) style {
	u, err := url.Parse(target)
	if err == nil && (slices.Contains([]string{"http", "https", "mailto", "tel"}, u.Scheme) ||
		u.Scheme == "" && strings.HasPrefix(target, "/") && !strings.HasPrefix(target, "//")) {
		s.link = &articlev1.Link{Target: &articlev1.Link_Uri{Uri: target}}
		return s
	}
	w.note(n, "a link was not carried over, its text was: %s", excerpt([]byte(target)))
	return s
}

// picture takes a picture beside the file; its title text is the caption.
func (w *inlineWalk) picture(n *ast.Image) {
	target := string(n.Destination)
	if u, err := url.Parse(target); err != nil || u.IsAbs() || u.Host != "" {
		w.note(n, "a picture on another site was not carried over; download it beside the file: %s", excerpt([]byte(target)))
		return
	}
	if path, err := url.PathUnescape(target); err == nil {
		target = path
	}
	alt, _ := w.inline(n)
	p := &articlev1.PhotoPlacement{Photo: target, Alt: new(plain(alt))}
	if len(n.Title) > 0 {
		p.Caption = new(w.unescaped(n.Title))
	}
	w.pictures = append(w.pictures, p)
}

// plain returns the text without marks and links.
func plain(t *articlev1.RichText) string {
	var b strings.Builder
	for _, s := range t.GetSpans() {
		b.WriteString(s.GetText())
	}
	return strings.TrimSpace(b.String())
}

// trim removes white space at both ends and spans that become empty.
func trim(t *articlev1.RichText) *articlev1.RichText {
	spans := t.GetSpans()
	for len(spans) > 0 {
		if spans[0].Text = strings.TrimLeft(spans[0].GetText(), " \n"); spans[0].GetText() != "" {
			break
		}
		spans = spans[1:]
	}
	for last, s := range slices.Backward(spans) {
		if s.Text = strings.TrimRight(s.GetText(), " \n"); s.GetText() != "" {
			break
		}
		spans = spans[:last]
	}
	return &articlev1.RichText{Spans: spans}
}

// appendText joins two texts with a line break.
func appendText(to, more *articlev1.RichText) *articlev1.RichText {
	if plain(to) == "" {
		return more
	}
	spans := append(slices.Clone(to.GetSpans()), &articlev1.Span{Text: "\n"})
	return &articlev1.RichText{Spans: append(spans, more.GetSpans()...)}
}
