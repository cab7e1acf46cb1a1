package metadata

import (
	"bytes"
	"encoding/xml"
	"strings"
)

// The namespaces of the properties we know.
const (
	nsRDF       = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	nsDC        = "http://purl.org/dc/elements/1.1/"
	nsPhotoshop = "http://ns.adobe.com/photoshop/1.0/"
	nsIPTC      = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
)

type xmpFields struct{ alt, credit, creator, rights string }

// field is where a property goes, nil for those we do not read.
func (x *xmpFields) field(name xml.Name) *string {
	switch name {
	case xml.Name{Space: nsIPTC, Local: "AltTextAccessibility"}:
		return &x.alt
	case xml.Name{Space: nsPhotoshop, Local: "Credit"}:
		return &x.credit
	case xml.Name{Space: nsDC, Local: "creator"}:
		return &x.creator
	case xml.Name{Space: nsDC, Local: "rights"}:
		return &x.rights
	}
	return nil
}

// readXMP reads properties written as attributes or as elements. Of one that
// lists several texts, by language or by person, the first counts. What comes
// before a mistake in the XML is kept.
func readXMP(packet []byte) xmpFields {
	var x xmpFields
	decoder := xml.NewDecoder(bytes.NewReader(packet))
	var into *string // the property we are inside of
	depth := 0       // elements opened since
	for {
		token, err := decoder.Token()
		if err != nil {
			return x
		}
		switch token := token.(type) {
		case xml.StartElement:
			if into != nil {
				depth++
				continue
			}
			for _, attr := range token.Attr {
				set(x.field(attr.Name), attr.Value)
			}
			into = x.field(token.Name)
		case xml.EndElement:
			if depth == 0 {
				into = nil
			}
			depth = max(0, depth-1)
		case xml.CharData:
			set(into, string(token))
		}
	}
}

// set keeps the first text that is not blank.
func set(field *string, text string) {
	if field != nil && *field == "" {
		*field = strings.TrimSpace(text)
	}
}

// XMP writes a packet with a credit line and a copyright notice, nil when both
// are empty.
func XMP(credit, copyright string) []byte {
	if credit == "" && copyright == "" {
		return nil
	}
	var b bytes.Buffer
	b.WriteString(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="` + nsRDF + `">` +
		`<rdf:Description rdf:about="" xmlns:dc="` + nsDC + `" xmlns:photoshop="` + nsPhotoshop + `">`)
	if credit != "" {
		b.WriteString(`<photoshop:Credit>`)
		escape(&b, credit)
		b.WriteString(`</photoshop:Credit>`)
	}
	if copyright != "" {
		b.WriteString(`<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">`)
		escape(&b, copyright)
		b.WriteString(`</rdf:li></rdf:Alt></dc:rights>`)
	}
	b.WriteString(`</rdf:Description></rdf:RDF></x:xmpmeta>`)
	return b.Bytes()
}

// escape cannot fail: a buffer takes every write.
func escape(b *bytes.Buffer, text string) { _ = xml.EscapeText(b, []byte(text)) }
