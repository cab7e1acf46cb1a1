package appearance_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/appearance"
)

type networks = []sharingv1.PreviewNetwork

// title, lead, alt and so on change one thing of a good page.
type change func(p *appearance.Page)

func title(characters int) change {
	return func(p *appearance.Page) {
		before := p.Preview.GetTitle()
		p.Preview.Title = strings.Repeat("Ž", characters)
		p.Preview.JsonLd = strings.ReplaceAll(p.Preview.GetJsonLd(), before, p.Preview.GetTitle())
	}
}

func named(text string) change {
	return func(p *appearance.Page) { p.Preview.Title = text }
}

func lead(characters int) change {
	return func(p *appearance.Page) { p.Summary = strings.Repeat("ž", characters) }
}

func alt(characters int) change {
	return func(p *appearance.Page) { p.Preview.Image.Alt = strings.Repeat("ž", characters) }
}

func size(width, height int32) change {
	return func(p *appearance.Page) { p.Preview.Image.Width, p.Preview.Image.Height = width, height }
}

func weight(bytes int64) change {
	return func(p *appearance.Page) { p.Preview.Image.Size = bytes }
}

func format(mime string) change {
	return func(p *appearance.Page) { p.Preview.Image.MimeType = mime }
}

func at(uri string) change {
	return func(p *appearance.Page) { p.Preview.CanonicalUri = uri }
}

// depth sets how many bytes of the page have to be read.
func depth(bytes int) change {
	return func(p *appearance.Page) { p.Offset = int64(bytes - len(p.Preview.GetHeadHtml())) }
}

func data(old, replacement string) change {
	return func(p *appearance.Page) {
		p.Preview.JsonLd = strings.Replace(p.Preview.GetJsonLd(), old, replacement, 1)
	}
}

func noImage(p *appearance.Page) { p.Preview.Image = nil }

func noDescription(p *appearance.Page) { p.Preview.Description = "" }

// TestTextRules tries every limit of texts at it and one past it.
func TestTextRules(t *testing.T) {
	try(t, []trial{
		{"title-missing", title(1), nil},
		{"title-missing", title(0), everyone()},
		{"title-cut", title(70), nil},
		{"title-cut", title(71), networks{x}},
		{"title-cut", title(80), networks{x}},
		{"title-cut", title(81), networks{facebook, x}},
		{"title-cut", title(82), networks{facebook, x, whatsApp}},
		{"title-cut", title(150), networks{facebook, x, whatsApp}},
		{"title-cut", title(151), networks{facebook, x, whatsApp, linkedIn}},
		{"title-cut", title(300), networks{facebook, x, whatsApp, linkedIn}},
		{"title-branded", named("Knygų mugė Bibliotekos naujienos"), nil},
		{"title-branded", named("Knygų mugė | Bibliotekos naujienos"), everyone()},
		{"title-branded", named("Knygų mugė – BIBLIOTEKOS NAUJIENOS"), everyone()},
		{"title-branded", named("Bibliotekos naujienos – dabar ir telefone"), nil},
		{"description-missing", noDescription, networks{facebook, whatsApp, linkedIn, mastodon, bluesky, telegram}},
		{"description-cut", lead(80), nil},
		{"description-cut", lead(81), networks{facebook}},
		{"description-cut", lead(100), networks{facebook}},
		{"description-cut", lead(101), networks{facebook, linkedIn}},
		{"alt-missing", alt(1), nil},
		{"alt-missing", alt(0), networks{x, mastodon}},
		{"alt-cut", alt(420), nil},
		{"alt-cut", alt(421), networks{x}},
	})
}

// TestSmallDescription has X show a description beside a small picture.
func TestSmallDescription(t *testing.T) {
	small := func(characters int) change {
		return func(p *appearance.Page) { size(150, 150)(p); lead(characters)(p) }
	}
	try(t, []trial{
		{"description-cut", small(200), networks{facebook, linkedIn}},
		{"description-cut", small(201), networks{facebook, x, linkedIn}},
	})
}

// TestImageRules tries every limit of pictures at it and one past it.
func TestImageRules(t *testing.T) {
	const mega = 1 << 20
	try(t, []trial{
		{"image-missing", noImage, everyone()},
		{"image-format", format("image/png"), nil},
		{"image-format", format("image/webp"), networks{linkedIn}},
		{"image-format", format("image/gif"), networks{whatsApp}},
		{"image-format", format("image/svg+xml"), everyone()},
		{"image-format", format("image/avif"), everyone()},
		{"image-too-small", size(200, 200), nil},
		{"image-too-small", size(199, 200), networks{facebook, linkedIn}},
		{"image-too-small", size(200, 199), networks{facebook, linkedIn}},
		{"image-too-small", size(144, 144), networks{facebook, linkedIn}},
		{"image-too-small", size(143, 144), networks{facebook, x, linkedIn}},
		{"image-too-small", size(100, 100), networks{facebook, x, linkedIn}},
		{"image-too-small", size(99, 100), networks{facebook, x, whatsApp, linkedIn}},
		{"image-small", size(600, 315), nil},
		{"image-small", size(599, 315), networks{facebook}},
		{"image-small", size(600, 314), networks{facebook}},
		{"image-small", size(401, 210), networks{facebook}},
		{"image-small", size(400, 210), networks{facebook, linkedIn}},
		{"image-small", size(300, 200), networks{facebook, linkedIn}},
		{"image-small", size(299, 200), networks{facebook, x, whatsApp, linkedIn}},
		{"image-too-large", size(2000, 1050), nil},
		{"image-too-large", size(2001, 1050), networks{bluesky}},
		{"image-too-large", size(1100, 2001), networks{bluesky}},
		{"image-too-large", size(4096, 2048), networks{bluesky}},
		{"image-too-large", size(4097, 2048), networks{x, bluesky}},
		{"image-too-heavy", weight(300_000), nil},
		{"image-too-heavy", weight(300_001), networks{whatsApp}},
		{"image-too-heavy", weight(1_000_000), networks{whatsApp}},
		{"image-too-heavy", weight(1_000_001), networks{whatsApp, bluesky}},
		{"image-too-heavy", weight(2*mega - 1), networks{whatsApp, bluesky}},
		{"image-too-heavy", weight(2 * mega), networks{whatsApp, mastodon, bluesky}},
		{"image-too-heavy", weight(5*mega - 1), networks{whatsApp, mastodon, bluesky}},
		{"image-too-heavy", weight(5 * mega), networks{x, whatsApp, mastodon, bluesky}},
		{"image-too-heavy", weight(5*mega + 1), networks{x, whatsApp, linkedIn, mastodon, bluesky, telegram}},
		{"image-too-heavy", weight(8 * mega), networks{x, whatsApp, linkedIn, mastodon, bluesky, telegram}},
		{"image-too-heavy", weight(8*mega + 1), everyone()},
		{"image-too-heavy", weight(0), nil}, // not known
		{"image-unmeasured", size(0, 0), networks{facebook}},
		// A tenth of a frame of 1.91 to 1, and of one of 2 to 1.
		{"image-cut", size(1719, 1000), networks{x}},
		{"image-cut", size(1718, 1000), networks{facebook, x, linkedIn, bluesky}},
		{"image-cut", size(1801, 1000), nil},
		{"image-cut", size(1799, 1000), networks{x}},
		{"image-cut", size(1909, 900), nil},
		{"image-cut", size(1911, 900), networks{facebook, linkedIn, bluesky}},
	})
}

// TestPageRules tries what is about the page as a whole.
func TestPageRules(t *testing.T) {
	try(t, []trial{
		{"head-deep", depth(300_000), nil},
		{"head-deep", depth(300_001), networks{whatsApp}},
		{"head-deep", depth(1 << 20), networks{whatsApp}},
		{"head-deep", depth(1<<20 + 1), networks{facebook, whatsApp, mastodon}},
		{"address-local", at("/stazuote"), everyone()},
		{"address-local", at("http://127.0.0.1:8080/stazuote"), everyone()},
		{"address-local", at("http://localhost/stazuote"), everyone()},
		{"address-local", at("http://biblioteka.local/stazuote"), everyone()},
		{"address-local", at("https://192.168.1.7/stazuote"), everyone()},
		{"address-local", at("https://[fd00::1]/stazuote"), everyone()},
		{"address-local", at("https://192.0.2.7/stazuote"), nil},
		{"address-insecure", at("http://naujienos.biblioteka.lt/stazuote"), everyone()},
		{"address-insecure", at("http://127.0.0.1:8080/stazuote"), nil},
		{"data-broken", data("NewsArticle", "WebPage"), networks{mastodon}},
		{"data-broken", data(`{"@context":"https://schema.org",`, `{"@graph":[{`), networks{mastodon}},
		{"data-broken", data(`{"@context":"https://schema.org",`, `{"@context":"http://example.org",`), networks{mastodon}},
		{"data-broken", data(`"headline":"`, `"headline":"Kita `), networks{mastodon}},
		{"data-broken", data(`"inLanguage":"lt"`, `"inLanguage":"en"`), networks{mastodon}},
		{"data-broken", data(`"datePublished"`, `"dateCreated"`), networks{mastodon}},
		{"data-broken", data(`"author"`, `"editor"`), networks{mastodon}},
		{"data-broken", data(`"publisher"`, `"funder"`), networks{mastodon}},
	})
}

// trial changes a good page in one way and tells whom a rule then concerns.
type trial struct {
	rule   string
	change change
	want   networks
}

func try(t *testing.T, trials []trial) {
	t.Helper()
	for i, test := range trials {
		p := page(t)
		test.change(&p)
		if diff := cmp.Diff(test.want, find(t, p, test.rule).GetNetworks()); diff != "" {
			t.Errorf("trial %d of %s (-want +got):\n%s", i, test.rule, diff)
		}
	}
}

// TestSeverities tells errors from what is good to know.
func TestSeverities(t *testing.T) {
	const (
		notice  = sharingv1.PreviewFinding_SEVERITY_NOTICE
		warning = sharingv1.PreviewFinding_SEVERITY_WARNING
		fatal   = sharingv1.PreviewFinding_SEVERITY_ERROR
	)
	draft := func(c change) change {
		return func(p *appearance.Page) { c(p); p.Draft = true }
	}
	tests := []struct {
		rule   string
		change change
		want   sharingv1.PreviewFinding_Severity
	}{
		{"address-local", at("/x"), fatal},
		{"title-missing", title(0), fatal},
		{"title-cut", title(300), warning},
		{"image-too-heavy", weight(300_001), warning},
		{"image-too-heavy", draft(weight(300_001)), notice},
		{"image-too-small", draft(size(99, 99)), notice},
		{"image-missing", draft(noImage), warning},
		{"alt-missing", draft(alt(0)), warning},
		{"image-cut", size(1000, 1000), notice},
		{"image-cut", draft(size(1000, 1000)), 0},
		{"data-broken", draft(data(`"datePublished"`, `"dateCreated"`)), 0},
	}
	for _, test := range tests {
		p := page(t)
		test.change(&p)
		if got := find(t, p, test.rule).GetSeverity(); got != test.want {
			t.Errorf("%s is %v, want %v", test.rule, got, test.want)
		}
	}
}
