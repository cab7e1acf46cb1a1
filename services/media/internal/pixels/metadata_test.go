package pixels_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/metadata"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/vips"
)

// segment adds a marker segment to a JPEG, right behind its start.
func segment(file []byte, marker byte, data string) []byte {
	out := append([]byte{}, file[:2]...)
	out = append(out, 0xff, marker)
	out = binary.BigEndian.AppendUint16(out, uint16(len(data)+2))
	return append(append(out, data...), file[2:]...)
}

// label reads what a rendition says, and fails when that is more than credit
// and copyright.
func label(t *testing.T, r pixels.Rendition) metadata.Fields {
	t.Helper()
	fields, err := vips.FieldNames(r.Data)
	if err != nil {
		t.Fatal(err)
	}
	if told := slices.DeleteFunc(fields, harmless); len(told) > 0 {
		t.Errorf("%d wide %s tells %v", r.Width, r.Format, told)
	}
	header, err := vips.ReadHeader(r.Data)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(r.Data, []byte("GPS")) || bytes.Contains(r.Data, []byte("serial")) {
		t.Errorf("%d wide %s names a position or a serial number", r.Width, r.Format)
	}
	return metadata.Read("image/"+string(r.Format), r.Data, header.XMP)
}

// harmless are libvips' own facts of a file, the packet that label reads, and
// the size and orientation that libvips writes as EXIF beside a packet.
func harmless(field string) bool {
	facts := strings.Fields(`width height bands format coding interpretation xoffset yoffset xres yres filename vips-loader
		xmp-data exif-data orientation resolution-unit jpeg-multiscan jpeg-chroma-subsample interlaced bits-per-sample
		heif-primary heif-compression heif-bitdepth n-pages page-height delay loop gif-delay gif-loop
		exif-ifd0-Orientation exif-ifd0-XResolution exif-ifd0-YResolution exif-ifd0-ResolutionUnit
		exif-ifd0-YCbCrPositioning exif-ifd2-ExifVersion exif-ifd2-ComponentsConfiguration exif-ifd2-FlashpixVersion
		exif-ifd2-ColorSpace exif-ifd2-PixelXDimension exif-ifd2-PixelYDimension`)
	return slices.Contains(facts, field)
}

const xmpOfCamera = "http://ns.adobe.com/xap/1.0/\x00" +
	`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
	`<rdf:Description rdf:about="" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" aux:serial="777"` +
	` xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="54,41N"` +
	` xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:Credit="Ona Žvėrynaitė"` +
	` xmlns:core="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/">` +
	`<core:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">Knygų namelis</rdf:li></rdf:Alt></core:AltTextAccessibility>` +
	`</rdf:Description></rdf:RDF></x:xmpmeta>`

func TestCreditIsKeptAndTheRestIsNot(t *testing.T) {
	file := segment(snapshot(t, gradient(400, 300)), 0xe1, xmpOfCamera)
	p := newProcessor(t, nil)
	for _, c := range []struct {
		name              string
		job               pixels.Job
		credit, copyright string
	}{
		{"as the file says", pixels.Job{}, "Ona Žvėrynaitė", ""},
		{"as the record says", pixels.Job{Credit: "Jonas", Copyright: "© Biblioteka"}, "Jonas", "© Biblioteka"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := render(t.Context(), p, file, c.job)
			if err != nil {
				t.Fatal(err)
			}
			if m := got.info.Metadata; m.CreditLine != "Ona Žvėrynaitė" || m.AltText != "Knygų namelis" {
				t.Errorf("info says credit %q, alt %q", m.CreditLine, m.AltText)
			}
			for _, r := range got.renditions {
				if said := label(t, r); said.CreditLine != c.credit || said.Copyright != c.copyright || said.AltText != "" {
					t.Errorf("%d wide %s says %+v", r.Width, r.Format, said)
				}
			}
		})
	}
}

func TestPositionIsDropped(t *testing.T) {
	file := shared(t, "stazuote-danijoje/asf.jpg")
	if fields, err := vips.FieldNames(file); err != nil || !slices.Contains(fields, "exif-ifd3-GPSLatitude") {
		t.Fatalf("the photograph does not tell its position: %v", err)
	}
	got, err := render(t.Context(), newProcessor(t, nil), file, pixels.Job{Widths: []int{320, 1280}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range got.renditions {
		label(t, r)
	}
}

func TestCaptureTime(t *testing.T) {
	got, err := render(t.Context(), newProcessor(t, nil), shared(t, "stazuote-danijoje/hblkb.jpg"), pixels.Job{Widths: []int{320}})
	if err != nil {
		t.Fatal(err)
	}
	if at := got.info.Metadata.CaptureTime; at.Year() < 2008 || at.After(time.Now()) {
		t.Errorf("captured at %v", at)
	}
}
