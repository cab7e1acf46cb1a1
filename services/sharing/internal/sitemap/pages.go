package sitemap

import (
	"encoding/xml"
	"io"
	"time"
)

// Page is an address that search engines may visit.
type Page struct {
	// URI is absolute.
	URI string
	// Modified is when what readers see was last changed; zero when it is not
	// known.
	Modified time.Time
	// Versions are the page in all its languages, itself among them; empty for
	// a page that has one language only.
	Versions []Version
}

// Version is a page in one language.
type Version struct {
	// Language is the language (BCP 47), or "x-default" for whoever reads none
	// of the others.
	Language string
	// URI is absolute.
	URI string
}

// Pages is a sitemap of pages.
type Pages struct{ *Writer }

// NewPages begins a sitemap of pages.
func NewPages(out io.Writer) Pages {
	return Pages{newWriter(out, "urlset", ` xmlns:xhtml="`+namespaceXHTML+`"`)}
}

// Add writes a page.
func (p Pages) Add(page Page) error {
	element := url{Loc: page.URI, LastMod: moment(page.Modified)}
	for _, version := range page.Versions {
		element.Versions = append(element.Versions, alternate{"alternate", version.Language, version.URI})
	}
	return p.add(element)
}

type url struct {
	XMLName  xml.Name    `xml:"url"`
	Loc      string      `xml:"loc"`
	LastMod  string      `xml:"lastmod,omitempty"`
	Versions []alternate `xml:"xhtml:link"`
	News     *news       `xml:"news:news"`
}

type alternate struct {
	Rel      string `xml:"rel,attr"`
	Language string `xml:"hreflang,attr"`
	Href     string `xml:"href,attr"`
}

// Index is a sitemap of sitemaps.
type Index struct{ *Writer }

// NewIndex begins a sitemap of sitemaps.
func NewIndex(out io.Writer) Index { return Index{newWriter(out, "sitemapindex", "")} }

// Add writes the address of a sitemap and when a page in it was last changed,
// zero when that is not known.
func (i Index) Add(uri string, modified time.Time) error {
	return i.add(file{Loc: uri, LastMod: moment(modified)})
}

type file struct {
	XMLName xml.Name `xml:"sitemap"`
	Loc     string   `xml:"loc"`
	LastMod string   `xml:"lastmod,omitempty"`
}
