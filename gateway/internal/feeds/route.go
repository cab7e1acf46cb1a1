package feeds

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// kind is what kind of document stands at an address.
type kind int

const (
	kindFeed kind = iota
	kindSitemap
	kindRobots
)

// key names a document.
type key struct {
	site string
	kind kind
	// Of a feed.
	format                 sharingv1.FeedFormat
	language, tag, archive string
	// Of a sitemap.
	sitemap sharingv1.SitemapKind
	page    string
}

// flight names the making of the document in a generation. What callers wrote is
// quoted, so that nobody waits for the document of another address.
func (k key) flight(generation uint64, seen bool) string {
	return fmt.Sprintf("%d %v %+q", generation, seen, []string{
		k.site, strconv.Itoa(int(k.kind)), k.format.String(), k.language, k.tag, k.archive, k.sitemap.String(), k.page,
	})
}

// Limits of parameters, those of the contract.
const (
	maxTag     = 400 // bytes of 100 characters
	maxArchive = 14
	maxPage    = 40
)

// File is how feeds of one format are found.
type File struct {
	// Name is the last part of their addresses.
	Name string
	// Type is the media type.
	Type string
	// Label is the usual name of the format.
	Label string
}

// Files returns the formats of feeds, the most usual one first.
func Files() []File {
	return []File{
		{"feed.xml", "application/rss+xml", "RSS"},
		{"atom.xml", "application/atom+xml", "Atom"},
		{"feed.json", "application/feed+json", "JSON Feed"},
	}
}

// IsFeed reports whether the last part of an address is that of a feed.
func IsFeed(file string) bool { return format(file) != sharingv1.FeedFormat_FEED_FORMAT_UNSPECIFIED }

// format returns the format of a feed by the last part of its address.
func format(file string) sharingv1.FeedFormat {
	switch file {
	case "feed.xml":
		return sharingv1.FeedFormat_FEED_FORMAT_RSS
	case "atom.xml":
		return sharingv1.FeedFormat_FEED_FORMAT_ATOM
	case "feed.json":
		return sharingv1.FeedFormat_FEED_FORMAT_JSON
	}
	return sharingv1.FeedFormat_FEED_FORMAT_UNSPECIFIED
}

// route returns the document at the address, whether or not the sharing service
// has it; false when there can be none.
func route(site *articlev1.Site, at *url.URL) (key, bool) {
	directory, file := path.Split(at.Path)
	k := key{site: site.GetName()}
	if directory == "/" {
		switch {
		case file == "robots.txt":
			k.kind = kindRobots
			return k, true
		case file == "sitemap.xml":
			k.kind, k.sitemap = kindSitemap, sharingv1.SitemapKind_SITEMAP_KIND_INDEX
			return k, true
		case file == "news-sitemap.xml":
			k.kind, k.sitemap = kindSitemap, sharingv1.SitemapKind_SITEMAP_KIND_NEWS
			return k, true
		case strings.HasPrefix(file, "sitemap-"):
			return pages(k, file)
		}
	}
	if k.format = format(file); k.format != sharingv1.FeedFormat_FEED_FORMAT_UNSPECIFIED {
		return feed(k, site, directory, at)
	}
	return key{}, false
}

// pages returns the sitemap of pages that file names.
func pages(k key, file string) (key, bool) {
	name, ok := strings.CutSuffix(strings.TrimPrefix(file, "sitemap-"), ".xml")
	if !ok || name == "" || len(name) > maxPage || strings.Trim(name, "0123456789abcdefghijklmnopqrstuvwxyz-") != "" {
		return key{}, false
	}
	k.kind, k.sitemap, k.page = kindSitemap, sharingv1.SitemapKind_SITEMAP_KIND_PAGES, name
	return k, true
}

// feed returns the feed that stands beside a front page.
func feed(k key, site *articlev1.Site, directory string, at *url.URL) (key, bool) {
	code := strings.Trim(directory, "/")
	switch {
	case directory == "/":
		code = site.GetDefaultLanguageCode()
	case directory != "/"+code+"/", code == site.GetDefaultLanguageCode(), !slices.Contains(site.GetLanguageCodes(), code):
		return key{}, false
	}
	k.language = code
	if at.RawQuery == "" {
		return k, true
	}
	query := at.Query() // what else it holds, such as utm_source, changes nothing
	k.tag, k.archive = strings.ToValidUTF8(query.Get("tag"), "\uFFFD"), strings.ToValidUTF8(query.Get("archive"), "\uFFFD")
	return k, len(k.tag) <= maxTag && len(k.archive) <= maxArchive
}
