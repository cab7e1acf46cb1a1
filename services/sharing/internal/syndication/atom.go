package syndication

import "encoding/xml"

// atom is the root of an Atom document (RFC 4287, section 4.1.1).
type atom struct {
	XMLName   xml.Name `xml:"feed"`
	Namespace string   `xml:"xmlns,attr"`
	History   string   `xml:"xmlns:fh,attr"`
	Media     string   `xml:"xmlns:media,attr"`
	Language  string   `xml:"xml:lang,attr,omitempty"`
	ID        string   `xml:"id"`
	Title     string   `xml:"title"`
	Subtitle  string   `xml:"subtitle,omitempty"`
	Updated   string   `xml:"updated"`
	Author    atomName `xml:"author"`
	Logo      string   `xml:"logo,omitempty"`
	Generator string   `xml:"generator"`
	Links     []link   `xml:"link"`
	Archive   *mark    `xml:"fh:archive"`
	Entries   []atomEntry
}

type atomName struct {
	Name string `xml:"name"`
}

type atomEntry struct {
	XMLName    xml.Name       `xml:"entry"`
	Language   string         `xml:"xml:lang,attr,omitempty"`
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Updated    string         `xml:"updated"`
	Published  string         `xml:"published,omitempty"`
	Authors    []atomName     `xml:"author"`
	Links      []link         `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary,omitempty"`
	Content    *atomContent   `xml:"content"`
	Media      *media         `xml:"media:content"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	HTML string `xml:",cdata"`
}

func atomOf(feed Feed) atom {
	document := atom{
		Namespace: namespaceAtom,
		History:   namespaceHistory,
		Media:     namespaceMedia,
		Language:  feed.Language,
		ID:        feed.id(),
		Title:     feed.title(),
		Subtitle:  feed.description(),
		Updated:   instant(feed.updated()),
		Author:    atomName{feed.Site.Publisher()},
		Logo:      feed.Site.Resource.GetPublisher().GetLogoUri(),
		Generator: generator,
		Links: append(feed.links(FormatAtom), link{
			Rel: "alternate", Type: "text/html", Language: feed.Language, Href: feed.home(),
		}),
		Archive: feed.archiveMark(),
	}
	for _, it := range feed.items() {
		document.Entries = append(document.Entries, atomEntryOf(it))
	}
	return document
}

func atomEntryOf(it item) atomEntry {
	entry := atomEntry{
		Language:  it.language,
		ID:        it.id,
		Title:     it.title,
		Updated:   instant(it.modified),
		Published: instant(it.published),
		Links:     []link{{Rel: "alternate", Type: "text/html", Language: it.language, Href: it.uri}},
		Summary:   it.summary,
		Media:     mediaOf(it),
	}
	for _, name := range it.authors {
		entry.Authors = append(entry.Authors, atomName{name})
	}
	for _, version := range it.others {
		entry.Links = append(entry.Links, link{
			Rel: "alternate", Type: "text/html", Language: version.Language, Title: version.Title, Href: version.URI,
		})
	}
	if image := it.image; image != nil {
		entry.Links = append(entry.Links, link{Rel: "enclosure", Type: image.MIMEType, Length: image.Size, Href: image.URI})
	}
	for _, tag := range it.tags {
		entry.Categories = append(entry.Categories, atomCategory{tag})
	}
	if it.content != "" {
		entry.Content = &atomContent{Type: "html", HTML: it.content}
	}
	return entry
}
