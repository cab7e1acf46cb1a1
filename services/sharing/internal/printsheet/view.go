package printsheet

import (
	"html/template"
	"net/url"
	"strings"

	"github.com/rivo/uniseg"

	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/internal/richtext"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/qrcode"
)

// view is what the page is made of.
type view struct {
	Code, ArticleCode string // languages of the words and of the article
	Style             template.HTML
	Site, Host        string
	Title, Size, Lead string
	Event             *eventView
	Published         string
	Scan, Type        string
	Screen            string
	Picture           template.HTML
	Prefix            string   // of the short address
	Groups            []string // of the code
}

// eventView is when and where an event is.
type eventView struct{ Heading, When, Place string }

func (p *Printer) view(s Sheet, style string) view {
	texts := p.texts[s.Words.Code()]
	title := s.Article.Title()
	prefix, code := split(s.Address)
	host, _, _ := strings.Cut(prefix, "/")
	v := view{
		Code: s.Words.Code(), ArticleCode: s.Article.Language(),
		Style: template.HTML("<style>" + style + "</style>"), //nolint:gosec // our own file and a checked color
		Site:  s.Article.Site.Title(), Host: host,
		Title: spaced(s.Article.Language(), title), Size: size(title), Lead: spaced(s.Article.Language(), lead(s.Article, title)),
		Scan: texts["scan"], Type: texts["type"], Screen: texts["screen"],
		Prefix: prefix, Groups: groups(code),
	}
	alternative := strings.ReplaceAll(texts["code"], "{address}", prefix+code)
	v.Picture = template.HTML(s.Code.SVG(alternative, qrcode.QuietZone, 0)) //nolint:gosec // drawn here, its title is escaped
	if at := s.Article.Published(); !at.IsZero() {
		v.Published = strings.ReplaceAll(texts["published"], "{date}", s.Words.Date(at.In(s.Article.Site.Location())))
	}
	v.Event = event(s, texts["event"])
	return v
}

// event returns when and where the event of the article is; nil when it has
// none.
func event(s Sheet, heading string) *eventView {
	source := s.Article.Resource.GetEvent()
	if !source.GetStartTime().IsValid() {
		return nil
	}
	return &eventView{
		Heading: heading, When: when(s, source), Place: spaced(s.Article.Language(), richtext.Line(source.GetPlace())),
	}
}

func when(s Sheet, source *articlev1.Event) string {
	zone := s.Article.Site.Location()
	start := source.GetStartTime().AsTime().In(zone)
	text := s.Words.DateTime(start)
	if !source.GetEndTime().IsValid() {
		return text
	}
	end := source.GetEndTime().AsTime().In(zone)
	switch {
	case !end.After(start):
		return text
	case end.Format("20060102") == start.Format("20060102"):
		return text + "–" + s.Words.Time(end)
	}
	return text + " – " + s.Words.DateTime(end)
}

// spaced returns a text with the no-break spaces of its language.
func spaced(code, text string) string {
	if l, ok := lang.For(code); ok {
		return l.Spaces(text)
	}
	return text
}

// split parts a short address into what comes before the code, without its
// scheme, and the code.
func split(address string) (prefix, code string) {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		address = u.Host + u.Path
	}
	at := strings.LastIndexByte(address, '/') + 1
	return address[:at], address[at:]
}

// groups parts a code into groups of four, which the eye can hold; words stay
// whole.
func groups(code string) []string {
	const group = 4
	if len(code) != 2*group || strings.Contains(code, "-") {
		return []string{code}
	}
	return []string{code[:group], code[group:]}
}

// size returns the class of a title that keeps it on the page, by how wide it
// is: emoji and the like take the width of two letters.
func size(title string) string {
	width := uniseg.StringWidth(title)
	for _, step := range []struct {
		most  int
		class string
	}{{45, "huge"}, {90, "large"}, {150, "medium"}, {240, "small"}, {400, "tiny"}} {
		if width <= step.most {
			return step.class
		}
	}
	return "least"
}
