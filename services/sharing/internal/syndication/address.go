package syndication

import (
	"net/url"
	"strings"

	"github.com/google/uuid"
)

// Parameters of the address of a feed.
const (
	ParameterTag     = "tag"
	ParameterArchive = "archive"
)

// File returns the last part of the addresses of feeds in the format.
func (f Format) File() string {
	switch f {
	case FormatRSS:
		return "feed.xml"
	case FormatAtom:
		return "atom.xml"
	case FormatJSON:
		return "feed.json"
	}
	return ""
}

func (f Format) mimeType() string {
	switch f {
	case FormatRSS:
		return "application/rss+xml"
	case FormatAtom:
		return "application/atom+xml"
	case FormatJSON:
		return "application/feed+json"
	}
	return ""
}

// uri returns the address of a document of the feed, which stands beside the
// front page of its language: "/en/atom.xml?tag=Danija&archive=2024-06".
func (f Feed) uri(format Format, archive Archive) string {
	var query []string
	for _, parameter := range [...][2]string{{ParameterTag, f.Tag}, {ParameterArchive, archive.String()}} {
		if parameter[1] != "" {
			query = append(query, parameter[0]+"="+url.QueryEscape(parameter[1]))
		}
	}
	reference := f.Site.Home(f.Language) + format.File()
	if len(query) > 0 {
		reference += "?" + strings.Join(query, "&")
	}
	return f.Site.Absolute(reference)
}

// id returns what the feed is known by for good, whatever its address becomes:
// a UUID derived from that of the site (RFC 9562, section 5.5). All documents
// of a feed share it.
func (f Feed) id() string {
	resource := f.Site.Resource
	site, err := uuid.Parse(resource.GetUid())
	if err != nil {
		site = uuid.NewSHA1(uuid.NameSpaceURL, []byte(resource.GetName()))
	}
	return uuid.NewSHA1(site, []byte("feed\x00"+f.Language+"\x00"+f.Tag)).URN()
}
