package metadata_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/metadata"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/phototest"
)

// bare is a JPEG without a picture, which is enough to read metadata from.
const bare = "\xff\xd8\xff\xd9"

const properties = `<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Namelis</rdf:li><rdf:li xml:lang="en">Box</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">Žvėryno knygų
namelis</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>Pirmoji</rdf:li><rdf:li>Antroji</rdf:li></rdf:Seq></dc:creator>
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© Biblioteka &amp; draugai</rdf:li></rdf:Alt></dc:rights>
<dc:subject><rdf:Bag><rdf:li>knygos</rdf:li><rdf:li>Vilnius</rdf:li><rdf:li>knygos</rdf:li></rdf:Bag></dc:subject>
<dc:source>not this</dc:source>
<photoshop:Headline>Naujas namelis</photoshop:Headline>
<photoshop:Credit>Bibliotekų žinios</photoshop:Credit>
<photoshop:Source>Archyvas</photoshop:Source>
<photoshop:DateCreated>2026-05-04T16:14:15+03:00</photoshop:DateCreated>
<xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">Tik su nuoroda</rdf:li></rdf:Alt></xmpRights:UsageTerms>
<xmpRights:WebStatement>https://example.org/teises</xmpRights:WebStatement>
<cc:license rdf:resource="https://creativecommons.org/licenses/by/4.0/"/>
<Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">Medinis namelis</rdf:li></rdf:Alt></Iptc4xmpCore:AltTextAccessibility>
<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Ona Onaitė</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage>
<exif:GPSLatitude>54,41.0N</exif:GPSLatitude><aux:SerialNumber>777</aux:SerialNumber>`

func fromXMP() metadata.Fields {
	return metadata.Fields{
		Title: "Namelis", Headline: "Naujas namelis", Caption: "Žvėryno knygų namelis", AltText: "Medinis namelis",
		Creator: "Pirmoji, Antroji", CreditLine: "Bibliotekų žinios", Copyright: "© Biblioteka & draugai",
		LicenseURL: "https://creativecommons.org/licenses/by/4.0/", UsageTerms: "Tik su nuoroda",
		WebStatement: "https://example.org/teises", Source: "Archyvas",
		Keywords: []string{"knygos", "Vilnius"}, PersonsShown: []string{"Ona Onaitė"},
		CaptureTime: time.Date(2026, 5, 4, 13, 14, 15, 0, time.UTC),
	}
}

// The tags of EXIF.
const (
	description = 0x010e
	artist      = 0x013b
	copyright   = 0x8298
	taken       = 0x9003
	zone        = 0x9011
)

func TestRead(t *testing.T) {
	at := time.Date(2026, 5, 4, 13, 14, 15, 0, time.UTC)
	exif := func(main, sub []phototest.Tag) []byte {
		return phototest.WithExif([]byte(bare), phototest.Exif(main, sub, nil))
	}
	iptc := phototest.IPTC(5, "Pavadinimas") + phototest.IPTC(25, "knygos") + phototest.IPTC(25, "vaikai") +
		phototest.IPTC(80, "Jonas") + phototest.IPTC(105, "Antraštė") + phototest.IPTC(110, "ELTA") +
		phototest.IPTC(115, "Archyvas") + phototest.IPTC(116, "© ELTA") + phototest.IPTC(120, "Žvėrynas")
	fromIPTC := metadata.Fields{
		Title: "Pavadinimas", Headline: "Antraštė", Caption: "Žvėrynas", Creator: "Jonas", CreditLine: "ELTA",
		Copyright: "© ELTA", Source: "Archyvas", Keywords: []string{"knygos", "vaikai"},
	}
	for _, c := range []struct {
		name string
		file []byte
		want metadata.Fields
	}{
		{name: "nothing", file: []byte(bare)},
		{
			name: "EXIF",
			file: exif([]phototest.Tag{
				phototest.Text(description, "Namelis"), phototest.Text(artist, "Ona (Vilnius)"), phototest.Text(copyright, "Žinios"),
			}, []phototest.Tag{phototest.Text(taken, "2026:05:04 13:14:15")}),
			want: metadata.Fields{CaptureTime: at, Creator: "Ona (Vilnius)", Copyright: "Žinios", Caption: "Namelis"},
		},
		{
			name: "EXIF with a zone",
			file: exif(nil, []phototest.Tag{phototest.Text(taken, "2026:05:04 16:14:15"), phototest.Text(zone, "+03:00")}),
			want: metadata.Fields{CaptureTime: at},
		},
		{name: "EXIF of a camera without a clock", file: exif(nil, []phototest.Tag{phototest.Text(taken, "0000:00:00 00:00:00")})},
		{
			name: "EXIF beyond the calendar",
			file: exif(nil, []phototest.Tag{phototest.Text(taken, "9999:12:31 23:59:59"), phototest.Text(zone, "-12:00")}),
			want: metadata.Fields{CaptureTime: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)},
		},
		{name: "XMP", file: phototest.WithXMP([]byte(bare), phototest.XMP(properties)), want: fromXMP()},
		{name: "XMP cut short", file: phototest.WithXMP([]byte(bare), phototest.XMP(properties)[:900])},
		{
			name: "addresses that are none",
			file: phototest.WithXMP([]byte(bare), phototest.XMP(`<xmpRights:WebStatement>javascript:alert(1)</xmpRights:WebStatement>`+
				`<cc:license rdf:resource="https://"/>`)),
		},
		{name: "IPTC in UTF-8", file: phototest.WithIPTC([]byte(bare), phototest.IPTCInUTF8+iptc), want: fromIPTC},
		{name: "IPTC in UTF-8 that it does not say", file: phototest.WithIPTC([]byte(bare), iptc), want: fromIPTC},
		{
			name: "IPTC in ISO 8859-1",
			file: phototest.WithIPTC([]byte(bare), phototest.IPTC(116, "\xa9 ELTA")), want: metadata.Fields{Copyright: "© ELTA"},
		},
		{
			name: "IPTC lengths that lie",
			file: phototest.WithIPTC([]byte(bare), phototest.IPTC(110, "ELTA")+"\x1c\x02\x74\xff\xff"),
			want: metadata.Fields{CreditLine: "ELTA"},
		},
		{
			name: "XMP before IPTC",
			file: phototest.WithIPTC(phototest.WithXMP([]byte(bare), phototest.XMP(properties)), iptc), want: fromXMP(),
		},
		{
			name: "EXIF that points to itself",
			file: phototest.WithExif([]byte(bare), []byte("MM\x00*\x00\x00\x00\x08\x00\x01\x87\x69\x00\x04\x00\x00\x00\x01\x00\x00\x00\x08\x00\x00\x00\x08")),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := metadata.Read("image/jpeg", c.file, metadata.Blocks{})
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if !got.Fit() {
				t.Errorf("not fit for a record: %+v", got)
			}
		})
	}
}

// A block that the decoder found counts where the library finds none.
func TestReadBlocks(t *testing.T) {
	for _, mediaType := range []string{"image/png", "image/gif"} {
		got := metadata.Read(mediaType, []byte("\x89PNG\r\n\x1a\n"), metadata.Blocks{XMP: []byte(phototest.XMP(properties))})
		if diff := cmp.Diff(fromXMP(), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", mediaType, diff)
		}
	}
	block := append([]byte("Exif\x00\x00"), phototest.Exif([]phototest.Tag{phototest.Text(artist, "Ona")}, nil, nil)...)
	if got := metadata.Read("image/webp", nil, metadata.Blocks{EXIF: block}); got.Creator != "Ona" {
		t.Errorf("EXIF: %+v", got)
	}
}

func TestEverythingIsBounded(t *testing.T) {
	long := strings.Repeat("ž", 5000)
	list := strings.Repeat("<rdf:li>"+long+"</rdf:li>", 3)
	for i := range 100 {
		list += "<rdf:li>" + strings.Repeat("a", i+1) + "</rdf:li>"
	}
	packet := phototest.XMP("<dc:title>" + long + "</dc:title><dc:description>" + long + "</dc:description>" +
		"<dc:subject><rdf:Bag>" + list + "</rdf:Bag></dc:subject><dc:creator><rdf:Seq>" + list + "</rdf:Seq></dc:creator>")
	got := metadata.Read("image/png", nil, metadata.Blocks{XMP: []byte(packet)})
	if !got.Fit() || len(got.Title) != metadata.MaxText || len(got.Caption) != metadata.MaxCaption ||
		len(got.Keywords) != metadata.MaxEntries || len(got.Keywords[0]) != metadata.MaxEntry {
		t.Errorf("title of %d bytes, caption of %d, %d keywords", len(got.Title), len(got.Caption), len(got.Keywords))
	}
}

func TestFit(t *testing.T) {
	for name, f := range map[string]metadata.Fields{
		"control character": {Title: "a\x00b"},
		"broken letters":    {PersonsShown: []string{"\xff"}},
		"too long":          {AltText: strings.Repeat("a", metadata.MaxText+1)},
		"too many":          {Keywords: make([]string, metadata.MaxEntries+1)},
		"impossible year":   {CaptureTime: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		if f.Fit() {
			t.Errorf("%s: fit", name)
		}
	}
}

func TestPacketReadsBack(t *testing.T) {
	if packet := metadata.XMP(metadata.Label{}); packet != nil {
		t.Errorf("an empty packet: %s", packet)
	}
	label := metadata.Label{
		Credit: `"Ona" <ona@example.org>`, Copyright: "© Žvėryno biblioteka & Co", License: "https://example.org/?a=1&b=2",
	}
	want := metadata.Fields{
		CreditLine: label.Credit, Copyright: label.Copyright, LicenseURL: label.License, WebStatement: label.License,
	}
	got := metadata.Read("image/png", nil, metadata.Blocks{XMP: metadata.XMP(label)})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("image/jpeg", phototest.WithXMP([]byte(bare), phototest.XMP(properties)), []byte(nil))
	f.Add("image/tiff", phototest.Exif([]phototest.Tag{phototest.Text(artist, "Ona")}, nil, nil), []byte("<a"))
	f.Add("image/jpeg", phototest.WithIPTC([]byte(bare), phototest.IPTC(80, "Jonas")), []byte(nil))
	f.Add("image/heic", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic\x00\x00\x00\x10meta"), []byte(nil))
	f.Fuzz(func(t *testing.T, mediaType string, photo, block []byte) {
		if got := metadata.Read(mediaType, photo, metadata.Blocks{XMP: block, EXIF: block}); !got.Fit() {
			t.Errorf("not fit for a record: %+v", got)
		}
	})
}
