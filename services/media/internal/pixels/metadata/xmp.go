package metadata

import (
	"bytes"
	"encoding/xml"
)

// Label is what a rendition says: who is to be named, who holds the rights, and
// the address of the license.
type Label struct{ Credit, Copyright, License string }

// XMP writes a packet of what the label says, nil when it says nothing. The
// license is given as the web statement of rights, which image searches show,
// and as Creative Commons' property.
func XMP(l Label) []byte {
	if l == (Label{}) {
		return nil
	}
	var b bytes.Buffer
	b.WriteString(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="` + nsRDF + `">` +
		`<rdf:Description rdf:about="" xmlns:dc="` + nsDC + `" xmlns:photoshop="` + nsPhotoshop + `"` +
		` xmlns:xmpRights="` + nsRights + `" xmlns:cc="` + nsCC + `">`)
	element(&b, `<photoshop:Credit>`, l.Credit, `</photoshop:Credit>`)
	element(&b, `<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">`, l.Copyright, `</rdf:li></rdf:Alt></dc:rights>`)
	element(&b, `<xmpRights:WebStatement>`, l.License, `</xmpRights:WebStatement>`)
	element(&b, `<cc:license rdf:resource="`, l.License, `"/>`)
	b.WriteString(`</rdf:Description></rdf:RDF></x:xmpmeta>`)
	return b.Bytes()
}

// element writes text between two tags, nothing when it is empty. The buffer
// takes every write.
func element(b *bytes.Buffer, open, text, end string) {
	if text != "" {
		b.WriteString(open)
		_ = xml.EscapeText(b, []byte(text))
		b.WriteString(end)
	}
}
