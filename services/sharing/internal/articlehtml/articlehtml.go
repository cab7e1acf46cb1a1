// Package articlehtml writes the whole of a published article as HTML that can
// stand in a program we know nothing of, such as a feed reader.
//
// Only elements with a meaning of their own are used, without class, id, style
// and script. Every address is absolute wherever an origin is known, and is
// https, http, mailto or tel. Things of other providers are links. Texts hold
// no control characters, so that the result is good in XML and JSON too.
package articlehtml

import (
	"html"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// Render returns the article without its title, dates and bylines, which have
// places of their own in feeds: cover, lead, event, body and who paid. A cover
// that stands in the body too is not shown twice. It is empty when there is
// nothing but a title. The same article gives the same bytes.
func Render(article published.Article) string {
	words, ok := lang.For(article.Language())
	if !ok {
		words = lang.Default()
	}
	w := &writer{article: article, words: words}
	resource := article.Resource
	if !coverInBody(resource) {
		w.figure(resource.GetCover())
	}
	w.paragraph(resource.GetLead())
	w.event(resource.GetEvent())
	w.blocks(resource.GetBlocks())
	for _, line := range resource.GetFundingLines() {
		w.element("p", w.text(line))
	}
	return w.String()
}

// writer collects the HTML of one article.
type writer struct {
	strings.Builder

	article published.Article
	words   *lang.Language
}

// element writes an element around HTML; nothing when that is empty.
func (w *writer) element(name, inner string) {
	if inner != "" {
		w.WriteString("<" + name + ">" + inner + "</" + name + ">\n")
	}
}

// text returns a plain text as HTML, with the no-break spaces of the language.
func (w *writer) text(s string) string { return html.EscapeString(w.words.Spaces(clean(s))) }

// message returns a text of our own with its parameters as HTML.
func (w *writer) message(key string, args ...string) string {
	return w.text(w.words.Message(key, args...))
}

// event writes when and where the occasion is.
func (w *writer) event(event *articlev1.Event) {
	if !event.GetStartTime().IsValid() {
		return
	}
	zone := w.article.Site.Location()
	start := event.GetStartTime().AsTime().In(zone)
	when := w.text(w.words.DateTime(start))
	if event.GetEndTime().IsValid() {
		when += w.ending(start, event.GetEndTime().AsTime().In(zone))
	}
	line := "<strong>" + w.message("event.when") + ":</strong> " + when
	if place := w.text(event.GetPlace()); place != "" {
		line += "<br><strong>" + w.message("event.place") + ":</strong> " + place
	}
	w.element("p", line)
}

// ending returns the end of an event, of one on the same day its time only.
func (w *writer) ending(start, end time.Time) string {
	if start.Year() == end.Year() && start.YearDay() == end.YearDay() {
		return "–" + w.text(w.words.Time(end))
	}
	return " – " + w.text(w.words.DateTime(end))
}
