package site

import (
	"net/http"
	"net/url"
	"strings"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// describe puts what others show beside a link into the head of a page. Language
// versions that the preview names are not named again.
//
// Where the oEmbed answer is stands in a header and not in the head: Mastodon
// prefers it to everything else when it finds it in the head, and then shows
// neither description nor alternative text (oEmbed 1.0, section 4, allows both).
func (p *page) describe(h http.Header, preview *sharingv1.RenderPreviewResponse) {
	p.Head = headElements(preview.GetHeadHtml())
	if len(preview.GetAlternates()) > 0 {
		p.Alternates = nil
	}
	if uri := preview.GetOembedUri(); isHeaderURI(uri) {
		h.Add("Link", "<"+uri+`>; rel="alternate"; type="application/json+oembed"`)
	}
}

// isHeaderURI reports whether uri is an absolute web address that can stand
// between the angle brackets of a Link header (RFC 8288, section 3).
func isHeaderURI(uri string) bool {
	address, err := url.Parse(uri)
	return err == nil && (address.Scheme == "https" || address.Scheme == "http") && address.Host != "" &&
		strings.IndexFunc(uri, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`<>"\`, r) }) < 0
}
