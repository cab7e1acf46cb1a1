package syndication

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
)

// Names of XML vocabularies.
const (
	namespaceAtom    = "http://www.w3.org/2005/Atom"
	namespaceContent = "http://purl.org/rss/1.0/modules/content/"
	namespaceDC      = "http://purl.org/dc/elements/1.1/"
	namespaceHistory = "http://purl.org/syndication/history/1.0"
	namespaceMedia   = "http://search.yahoo.com/mrss/"
)

// generator is who made the document.
const generator = "Skaitykla"

// encodeXML returns the document with its declaration.
func encodeXML(document any) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	encoder := xml.NewEncoder(&b)
	encoder.Indent("", "  ")
	if err := encoder.Encode(document); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// encodeJSON returns the document. HTML in it is left as it is: nobody runs a
// document of this media type, and escapes would make it a third longer.
func encodeJSON(document any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(document); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// mark is an element whose being there says everything.
type mark struct{}

// link is an atom:link, whatever name the field that holds it gives it.
type link struct {
	Rel      string `xml:"rel,attr"`
	Type     string `xml:"type,attr,omitempty"`
	Language string `xml:"hreflang,attr,omitempty"`
	Title    string `xml:"title,attr,omitempty"`
	Length   int64  `xml:"length,attr,omitempty"`
	Href     string `xml:"href,attr"`
}

// links returns what a document says of its place among the others: itself,
// the hubs, and the archives around it.
func (f Feed) links(format Format) []link {
	mimeType := format.mimeType()
	all := []link{{Rel: "self", Type: mimeType, Href: f.uri(format, f.Archive)}}
	for _, hub := range f.Hubs {
		all = append(all, link{Rel: "hub", Href: hub})
	}
	if !f.Archive.IsZero() {
		all = append(all, link{Rel: "current", Type: mimeType, Href: f.uri(format, Archive{})})
	}
	if !f.Previous.IsZero() {
		all = append(all, link{Rel: "prev-archive", Type: mimeType, Href: f.uri(format, f.Previous)})
	}
	if !f.Next.IsZero() {
		all = append(all, link{Rel: "next-archive", Type: mimeType, Href: f.uri(format, f.Next)})
	}
	return all
}

// archiveMark returns the mark of archive documents; nil for the current one.
func (f Feed) archiveMark() *mark {
	if f.Archive.IsZero() {
		return nil
	}
	return &mark{}
}
