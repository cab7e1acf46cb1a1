package metadata_test

import (
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/metadata"
)

// dataset is one text of the IPTC application record.
func dataset(number byte, text string) string {
	return string(binary.BigEndian.AppendUint16([]byte{0x1c, 2, number}, uint16(len(text)))) + text
}

// wrapped is an IPTC block as JPEG files hold it, after a resource to skip.
func wrapped(iptc string) []byte {
	resource := func(id uint16, data string) string {
		head := binary.BigEndian.AppendUint16([]byte("8BIM"), id)
		head = append(head, 0, 0)
		head = binary.BigEndian.AppendUint32(head, uint32(len(data)))
		if len(data)%2 == 1 {
			data += "\x00"
		}
		return string(head) + data
	}
	return []byte("Photoshop 3.0\x00" + resource(0x0425, "odd") + resource(0x0404, iptc))
}

const packet = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:ps="http://ns.adobe.com/photoshop/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:core="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/" ps:Credit="Bibliotekų žinios">
<dc:creator><rdf:Seq><rdf:li>Pirmoji</rdf:li><rdf:li>Antroji</rdf:li></rdf:Seq></dc:creator>
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© Biblioteka &amp; draugai</rdf:li></rdf:Alt></dc:rights>
<core:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="lt">Knygų namelis</rdf:li></rdf:Alt></core:AltTextAccessibility>
</rdf:Description></rdf:RDF></x:xmpmeta>`

func TestRead(t *testing.T) {
	taken := time.Date(2026, 5, 4, 13, 14, 15, 0, time.UTC)
	for _, c := range []struct {
		name      string
		exif      map[string]string
		xmp, iptc []byte
		want      metadata.Fields
	}{
		{name: "nothing"},
		{
			name: "EXIF", exif: map[string]string{
				metadata.ExifTime:      "2026:05:04 13:14:15 (2026:05:04 13:14:15, ASCII, 20 components, 20 bytes)",
				metadata.ExifArtist:    "Ona (Vilnius) (Ona (Vilnius), ASCII, 14 components, 14 bytes)",
				metadata.ExifCopyright: "Ona (Ona (Photographer) - [None] (Editor), ASCII, 4 components, 4 bytes)",
			},
			want: metadata.Fields{CaptureTime: taken, Credit: "Ona (Vilnius)", Copyright: "Ona"},
		},
		{
			name: "EXIF with a zone", exif: map[string]string{
				metadata.ExifTime: "2026:05:04 16:14:15 (2026:05:04 16:14:15, ASCII, 20 components, 20 bytes)",
				metadata.ExifZone: "+03:00 (+03:00, ASCII, 7 components, 7 bytes)",
			},
			want: metadata.Fields{CaptureTime: taken},
		},
		{
			name: "EXIF of a camera without a clock", exif: map[string]string{
				metadata.ExifTime: "0000:00:00 00:00:00 (0000:00:00 00:00:00, ASCII, 20 components, 20 bytes)",
			},
		},
		{
			name: "EXIF beyond the calendar", exif: map[string]string{
				metadata.ExifTime: "9999:12:31 23:59:59 (9999:12:31 23:59:59, ASCII, 20 components, 20 bytes)",
				metadata.ExifZone: "-12:00 (-12:00, ASCII, 7 components, 7 bytes)",
			},
		},
		{
			name: "XMP", xmp: []byte(packet),
			want: metadata.Fields{Alt: "Knygų namelis", Credit: "Bibliotekų žinios", Copyright: "© Biblioteka & draugai"},
		},
		{
			name: "XMP cut short", xmp: []byte(packet[:len(packet)*2/3]),
			want: metadata.Fields{Credit: "Bibliotekų žinios"},
		},
		{
			name: "IPTC", iptc: wrapped(dataset(80, "Jonas") + dataset(110, "ELTA") + dataset(116, "\xa9 ELTA")),
			want: metadata.Fields{Credit: "ELTA", Copyright: "© ELTA"},
		},
		{
			name: "IPTC without resources", iptc: []byte(dataset(80, "Jonas")),
			want: metadata.Fields{Credit: "Jonas"},
		},
		{
			name: "IPTC lengths that lie", iptc: wrapped(dataset(80, "Jonas") + "\x1c\x02\x74\xff\xff"),
			want: metadata.Fields{Credit: "Jonas"},
		},
		{
			name: "XMP before IPTC", xmp: []byte(packet), iptc: wrapped(dataset(110, "ELTA")),
			want: metadata.Fields{Alt: "Knygų namelis", Credit: "Bibliotekų žinios", Copyright: "© Biblioteka & draugai"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := metadata.Read(c.exif, c.xmp, c.iptc)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPacketReadsBack(t *testing.T) {
	if packet := metadata.XMP("", ""); packet != nil {
		t.Errorf("an empty packet: %s", packet)
	}
	want := metadata.Fields{Credit: `"Ona" <ona@example.org>`, Copyright: "© Žvėryno biblioteka & Co"}
	got := metadata.Read(nil, metadata.XMP(want.Credit, want.Copyright), nil)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("2026:05:04 13:14:15 (x, ASCII, 20", packet, wrapped(dataset(80, "Jonas")))
	f.Add("(, ASCII, ", "<a", []byte("8BIM\x04\x04\xff"))
	f.Fuzz(func(t *testing.T, exif, xmp string, iptc []byte) {
		got := metadata.Read(map[string]string{metadata.ExifArtist: exif}, []byte(xmp), iptc)
		if limit := len(exif) + len(xmp) + 2*len(iptc); len(got.Credit) > limit || strings.TrimSpace(got.Credit) != got.Credit {
			t.Errorf("credit %q", got.Credit)
		}
	})
}
