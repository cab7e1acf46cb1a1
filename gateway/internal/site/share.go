package site

import (
	"html/template"

	"github.com/skaitykla/skaitykla/internal/lang"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// shareView is the share sheet of an article.
type shareView struct {
	Heading string
	Help    string
	Links   []shareLink
}

// shareLink is one way to share.
type shareLink struct {
	Title, Label, Disclosure string
	URL                      template.URL
	Icon                     template.HTML
}

// share returns the view of a share sheet; nil when there is nothing in it.
func (t *writer) share(sheet *sharingv1.ComposeShareSheetResponse) *shareView {
	l := t.lang
	if other, ok := lang.For(sheet.GetLanguageCode()); ok {
		l = other
	}
	view := &shareView{Heading: sheet.GetHeading(), Help: l.Message("share.help")}
	if view.Heading == "" {
		view.Heading = l.Message("share.heading")
	}
	for _, link := range sheet.GetLinks() {
		url, ok := safeURL(link.GetUri())
		if !ok {
			continue
		}
		view.Links = append(view.Links, shareLink{
			Title: link.GetTitle(), Label: link.GetLabel(), Disclosure: link.GetDisclosure(),
			URL: url, Icon: icon(link.GetTarget()),
		})
	}
	if len(view.Links) == 0 {
		return nil
	}
	return view
}

// icon returns our own drawing for a target, the same for all we have none for.
// Drawings take the color of the text around them and are hidden from
// assistive technology, which reads the title.
func icon(target string) template.HTML {
	const (
		head = `<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">`
		line = `<path fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" d="`
		tail = `"/></svg>`
	)
	switch target {
	case "facebook":
		return head + `<path fill="currentColor" d="M13.4 21v-7.6h2.7l.5-3.1h-3.2V8.4c0-1 .4-1.6 1.7-1.6h1.7V4.1C16.3 4 15.5 4 14.7 4c-2.6 0-4.3 1.5-4.3 4.1v2.2H7.6v3.1h2.8V21z` + tail
	case "x":
		return head + line + `M4.5 4.5h3.6l11.4 15h-3.6zM19 4.5l-6.2 6.9M5 19.5l6.4-7.1` + tail
	case "email":
		return head + line + `M3.5 6.5h17v11h-17zM3.5 7l8.5 6.5L20.5 7` + tail
	case "linkedin":
		return head + line + `M5 10v9M5 5.2v.1M10 19v-9M10 13.5c0-2 1.6-3.5 3.9-3.5S18 11.5 18 13.8V19` + tail
	}
	return head + line + `M12 15V3.5M8 7l4-3.5L16 7M6 11H4.5v9.5h15V11H18` + tail
}
