package metadata

import (
	"cmp"
	"strings"

	"github.com/bep/imagemeta"
)

// The names of what is read: of XMP a property's local name with a capital, as
// the library spells it, of IPTC a data set, of EXIF a tag.
const (
	title     = "Title"
	caption   = "Description"
	alt       = "AltTextAccessibility"
	creator   = "Creator"
	rights    = "Rights"
	license   = "License"
	terms     = "UsageTerms"
	statement = "WebStatement"
	subject   = "Subject"
	persons   = "PersonInImage"
	headline  = "Headline" // of IPTC, too, as are the next two
	credit    = "Credit"
	source    = "Source"
	created   = "DateCreated"

	objectName      = "ObjectName"
	captionAbstract = "Caption-Abstract"
	byline          = "By-line"
	copyrightNotice = "CopyrightNotice"
	keywords        = "Keywords"
	charset         = "CodedCharacterSet" // without it the library guesses

	documentName     = "DocumentName"
	imageDescription = "ImageDescription"
	artist           = "Artist"
	copyrightTag     = "Copyright"
	original         = "DateTimeOriginal"
	zone             = "OffsetTimeOriginal"
)

// The namespaces of XMP.
const (
	nsRDF       = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	nsDC        = "http://purl.org/dc/elements/1.1/"
	nsPhotoshop = "http://ns.adobe.com/photoshop/1.0/"
	nsRights    = "http://ns.adobe.com/xap/1.0/rights/"
	nsCC        = "http://creativecommons.org/ns#"
	nsIPTC      = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
	nsIPTCExt   = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
)

// wanted says whether a tag is read. All else is passed over: positions and
// serial numbers never get into what is answered.
func wanted(tag imagemeta.TagInfo) bool {
	switch tag.Source {
	case imagemeta.XMP:
		return tag.Namespace == namespace(tag.Tag)
	case imagemeta.IPTC:
		switch tag.Tag {
		case objectName, captionAbstract, byline, copyrightNotice, keywords, headline, credit, source, charset:
			return true
		}
	case imagemeta.EXIF:
		switch tag.Tag {
		case documentName, imageDescription, artist, copyrightTag, original, zone:
			return strings.HasPrefix(tag.Namespace, "IFD0") // not those of the thumbnail
		}
	case imagemeta.CONFIG:
	}
	return false
}

// namespace is the one that an XMP property we read is in, "?" for others.
func namespace(property string) string {
	switch property {
	case title, caption, creator, rights, subject:
		return nsDC
	case headline, credit, source, created:
		return nsPhotoshop
	case terms, statement:
		return nsRights
	case license:
		return nsCC
	case alt:
		return nsIPTC
	case persons:
		return nsIPTCExt
	}
	return "?"
}

// fields chooses among the sources.
func (t tags) fields() Fields {
	x := func(name string) []string { return t[key{imagemeta.XMP, name}] }
	i := func(name string) []string { return t[key{imagemeta.IPTC, name}] }
	e := func(name string) []string { return t[key{imagemeta.EXIF, name}] }
	return Fields{
		Title:        first(MaxText, x(title), i(objectName), e(documentName)),
		Headline:     first(MaxText, x(headline), i(headline)),
		Caption:      first(MaxCaption, x(caption), i(captionAbstract), e(imageDescription)),
		AltText:      first(MaxText, x(alt)),
		Creator:      cmp.Or(joined(x(creator)), joined(i(byline)), joined(e(artist))),
		CreditLine:   first(MaxText, x(credit), i(credit)),
		Copyright:    first(MaxText, x(rights), i(copyrightNotice), e(copyrightTag)),
		LicenseURL:   address(x(license)),
		UsageTerms:   first(MaxCaption, x(terms)),
		WebStatement: address(x(statement)),
		Source:       first(MaxText, x(source), i(source)),
		Keywords:     entries(x(subject), i(keywords)),
		PersonsShown: entries(x(persons)),
		CaptureTime:  captureTime(first(MaxEntry, e(original)), first(MaxEntry, e(zone)), first(MaxEntry, x(created))),
	}
}
