package phototest

import "encoding/binary"

// The marker segments of JPEG that hold metadata.
const (
	APP1  = 0xe1
	APP2  = 0xe2
	APP13 = 0xed
)

// Segment adds a marker segment to a JPEG, right behind its start. Data must
// be shorter than 65,534 bytes.
func Segment(file []byte, marker byte, data string) []byte {
	out := append([]byte{}, file[:2]...)
	out = append(out, 0xff, marker)
	out = binary.BigEndian.AppendUint16(out, uint16(len(data)+2)) //nolint:gosec // short
	return append(append(out, data...), file[2:]...)
}

// WithExif adds a block of EXIF to a JPEG.
func WithExif(file, block []byte) []byte { return Segment(file, APP1, "Exif\x00\x00"+string(block)) }

// WithXMP adds a packet of XMP to a JPEG.
func WithXMP(file []byte, packet string) []byte {
	return Segment(file, APP1, "http://ns.adobe.com/xap/1.0/\x00"+packet)
}

// WithIPTC adds IPTC data sets to a JPEG, as Photoshop wraps them.
func WithIPTC(file []byte, sets string) []byte {
	block := "8BIM\x04\x04\x00\x00" + string(binary.BigEndian.AppendUint32(nil, uint32(len(sets)))) + sets //nolint:gosec // short
	if len(sets)%2 == 1 {
		block += "\x00"
	}
	return Segment(file, APP13, "Photoshop 3.0\x00"+block)
}

// IPTC is one data set of the application record.
func IPTC(number byte, text string) string {
	return string(binary.BigEndian.AppendUint16([]byte{0x1c, 2, number}, uint16(len(text)))) + text //nolint:gosec // short
}

// IPTCInUTF8 is the data set that says that the others are in UTF-8.
const IPTCInUTF8 = "\x1c\x01\x5a\x00\x03\x1b%G"

// XMP is a packet of properties, written as elements of the namespaces dc,
// photoshop, xmpRights, cc, Iptc4xmpCore, Iptc4xmpExt, exif and aux.
func XMP(properties string) string {
	return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"` +
		` xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"` +
		` xmlns:cc="http://creativecommons.org/ns#" xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"` +
		` xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:exif="http://ns.adobe.com/exif/1.0/"` +
		` xmlns:aux="http://ns.adobe.com/exif/1.0/aux/">` + properties + `</rdf:Description></rdf:RDF></x:xmpmeta>`
}
