package appearance

import (
	"strings"
	"unicode/utf8"
)

func titleMissing(_ Network, p Page) (hit, bool) {
	return hit{source: openGraph}, p.Preview.GetTitle() == ""
}

func titleCut(n Network, p Page) (hit, bool) {
	return cut(n.Title, p.Preview.GetTitle())
}

// titleBranded finds titles that name the site, which networks show beside the
// title anyway.
func titleBranded(n Network, p Page) (hit, bool) {
	title, site := strings.ToLower(p.Preview.GetTitle()), strings.ToLower(p.Preview.GetSiteTitle())
	before, named := strings.CutSuffix(title, site)
	before = strings.TrimSpace(before)
	separated := strings.HasSuffix(before, "|") || strings.HasSuffix(before, "-") || strings.HasSuffix(before, "–") ||
		strings.HasSuffix(before, "—") || strings.HasSuffix(before, "·")
	return hit{text: p.Preview.GetTitle(), source: whatsApp}, site != "" && named && separated
}

func descriptionMissing(n Network, p Page) (hit, bool) {
	return hit{source: openGraph}, p.Preview.GetDescription() == "" && !n.descriptionOf(p).Hidden
}

// descriptionCut finds leads that are longer than what is shown of them.
func descriptionCut(n Network, p Page) (hit, bool) {
	return cut(n.descriptionOf(p), p.Summary)
}

// descriptionOf returns how much of a description is shown beside the picture
// that the page has.
func (n Network) descriptionOf(p Page) Text {
	image := p.Preview.GetImage()
	return n.description(n.takes(image) && n.large(image))
}

// altMissing is about the networks that pass alternative texts on.
func altMissing(n Network, p Page) (hit, bool) {
	image := p.Preview.GetImage()
	return hit{text: image.GetUri(), source: wcag}, n.Alt != nil && image != nil && image.GetAlt() == ""
}

func altCut(n Network, p Page) (hit, bool) {
	if n.Alt == nil {
		return hit{}, false
	}
	return cut(*n.Alt, p.Preview.GetImage().GetAlt())
}

// cut reports whether a text is longer than what is shown of it.
func cut(t Text, text string) (hit, bool) {
	count := utf8.RuneCountInString(text)
	return hit{limit: number(int64(t.Max)), count: number(int64(count)), text: text, source: t.Source},
		t.Max > 0 && !t.Hidden && count > t.Max
}
