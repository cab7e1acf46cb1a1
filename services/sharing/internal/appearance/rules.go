package appearance

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// rule is one thing to look for.
type rule struct {
	id       string
	severity sharingv1.PreviewFinding_Severity
	// look reports what is wrong for a network.
	look func(n Network, p Page) (hit, bool)
	// untilCard is whether the social card, which is drawn once an article is
	// published, puts it right.
	untilCard bool
}

// hit is what a rule found.
type hit struct {
	limit  string // of the network, for people; empty where the rule has none
	count  string // what is too much or too little
	text   string // what was found wanting
	source string
}

const (
	openGraph = "ogp.me"
	wcag      = "WCAG 2.2, 1.1.1"
	rfc3986   = "RFC 3986, section 4.3"
)

// rules returns what is looked for, in order.
func rules() []rule {
	const (
		notice  = sharingv1.PreviewFinding_SEVERITY_NOTICE
		warning = sharingv1.PreviewFinding_SEVERITY_WARNING
		fatal   = sharingv1.PreviewFinding_SEVERITY_ERROR
	)
	return []rule{
		{id: "address-local", severity: fatal, look: addressLocal},
		{id: "head-deep", severity: fatal, look: headDeep},
		{id: "data-broken", severity: fatal, look: dataBroken},
		{id: "title-missing", severity: fatal, look: titleMissing},
		{id: "title-cut", severity: warning, look: titleCut},
		{id: "description-missing", severity: warning, look: descriptionMissing},
		{id: "image-missing", severity: warning, look: imageMissing},
		{id: "image-format", severity: warning, look: imageFormat},
		{id: "image-too-small", severity: warning, look: imageTooSmall, untilCard: true},
		{id: "image-too-large", severity: warning, look: imageTooLarge, untilCard: true},
		{id: "image-too-heavy", severity: warning, look: imageTooHeavy, untilCard: true},
		{id: "image-unmeasured", severity: warning, look: imageUnmeasured},
		{id: "alt-missing", severity: warning, look: altMissing},
		{id: "image-small", severity: notice, look: imageSmall},
		{id: "image-cut", severity: notice, look: imageCut},
		{id: "alt-cut", severity: notice, look: altCut},
		{id: "title-branded", severity: notice, look: titleBranded},
		{id: "description-cut", severity: notice, look: descriptionCut},
		{id: "address-insecure", severity: notice, look: addressInsecure},
	}
}

// addressLocal finds addresses that only work here: nobody else can fetch them.
func addressLocal(_ Network, p Page) (hit, bool) {
	uri := p.Preview.GetCanonicalUri()
	address, err := url.Parse(uri)
	return hit{text: uri, source: rfc3986}, err != nil || address.Host == "" || isLocal(address.Hostname())
}

func isLocal(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.HasSuffix(host, ".local") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && (ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsUnspecified())
}

func addressInsecure(n Network, p Page) (hit, bool) {
	uri := p.Preview.GetCanonicalUri()
	_, local := addressLocal(n, p)
	return hit{text: uri, source: openGraph}, !local && strings.HasPrefix(uri, "http://")
}

func headDeep(n Network, p Page) (hit, bool) {
	most := n.Head
	return hit{limit: number(most.Max), count: number(p.end()), source: most.Source}, most.Max > 0 && p.end() > most.Max
}

// dataBroken finds schema.org data that a network which prefers it does not
// understand, or that says other things than the page does.
func dataBroken(n Network, p Page) (hit, bool) {
	if !n.StructuredData {
		return hit{}, false
	}
	data, ok := readNews(p.Preview.GetJsonLd())
	whole := ok && data.Context == "https://schema.org" && data.Headline == p.Preview.GetTitle() &&
		data.Language == p.Preview.GetLanguageCode() && data.Publisher.Name != "" && len(data.Authors) > 0 &&
		(p.Draft || data.Published != "")
	return hit{text: p.Preview.GetJsonLd(), source: "schema.org/NewsArticle"}, !whole
}

// number writes a number for people: digits in groups of three, with a space
// that does not break.
func number(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "\u00a0" + digits[at:]
	}
	return digits
}
