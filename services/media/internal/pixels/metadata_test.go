package pixels_test

import (
	"bytes"
	"image"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/metadata"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/phototest"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/vips"
)

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
	if bytes.Contains(r.Data, []byte("GPSLatitude")) || bytes.Contains(r.Data, []byte(serial)) {
		t.Errorf("%d wide %s names a position or a serial number", r.Width, r.Format)
	}
	return metadata.Read("image/"+string(r.Format), r.Data, metadata.Blocks{XMP: header.XMP, EXIF: header.EXIF})
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

// serial is the number of a camera, which stands in many places.
const serial = "SN-4711-0815"

// said is what a camera and an agency wrote: who, where, when and with what.
func said() (main, exif, gps []phototest.Tag, xmp string) {
	main = []phototest.Tag{phototest.Text(0x010f, "Kamera "+serial), phototest.Text(0xc62f, serial)}
	exif = []phototest.Tag{
		phototest.Text(0x9003, "2026:05:04 13:14:15"), phototest.Text(0xa431, serial), phototest.Text(0xa435, serial),
		phototest.Text(0xa430, "Ona"),
		{ID: 0x927c, Type: 7, Count: uint32(len(serial)), Data: []byte(serial)},
	}
	gps = []phototest.Tag{
		phototest.Text(1, "N"), phototest.Degrees(2, 54, 41, 0), phototest.Text(3, "E"), phototest.Degrees(4, 25, 16, 0),
	}
	xmp = phototest.XMP(`<exif:GPSLatitude>54,41.0N</exif:GPSLatitude><exif:GPSLongitude>25,16.0E</exif:GPSLongitude>` +
		`<aux:SerialNumber>` + serial + `</aux:SerialNumber><photoshop:Credit>Ona Žvėrynaitė</photoshop:Credit>` +
		`<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© Ona</rdf:li></rdf:Alt></dc:rights>` +
		`<xmpRights:WebStatement>https://example.org/ona</xmpRights:WebStatement>` +
		`<Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">Knygų namelis</rdf:li></rdf:Alt></Iptc4xmpCore:AltTextAccessibility>`)
	return main, exif, gps, xmp
}

// fromCamera is a photo in each format that says all of it. libvips, which
// writes all but the first and the last, drops a block of IPTC where it cannot.
func fromCamera(t *testing.T) map[string][]byte {
	t.Helper()
	main, exif, gps, xmp := said()
	source := phototest.WithXMP(phototest.JPEG(t, phototest.Gradient(400, 300)), xmp)
	source = phototest.WithExif(source, phototest.Exif(main, exif, gps))
	source = phototest.WithIPTC(source, phototest.IPTCInUTF8+phototest.IPTC(110, "Ona Žvėrynaitė")+phototest.IPTC(90, "Vilnius "+serial))
	deep := image.NewNRGBA64(image.Rect(0, 0, 400, 300))
	files := map[string][]byte{"camera.jpg": source, "scanner.tif": phototest.TIFF(deep, main, exif, gps, xmp)}
	for _, suffix := range []string{".jpg", ".png", ".webp", ".heic", ".avif[effort=0]"} {
		files[suffix] = phototest.Transcoded(t, source, suffix)
	}
	return files
}

// Whatever format a camera or a program wrote, credit, copyright and license
// reach every rendition, and position and serial numbers none.
func TestCreditIsKeptAndTheRestIsNot(t *testing.T) {
	p := newProcessor(t, nil)
	asSaid := metadata.Label{Credit: "Ona Žvėrynaitė", Copyright: "© Ona", License: "https://example.org/ona"}
	asRecorded := metadata.Label{Credit: "Jonas", Copyright: "© Biblioteka", License: "https://creativecommons.org/licenses/by/4.0/"}
	for name, file := range fromCamera(t) {
		t.Run(name, func(t *testing.T) {
			tells, err := vips.ReadHeader(file)
			if err != nil || !bytes.Contains(tells.XMP, []byte("GPSLatitude")) || !bytes.Contains(tells.XMP, []byte(serial)) {
				t.Fatalf("the photo does not tell position and serial number: %s, %v", tells.XMP, err)
			}
			for _, want := range []metadata.Label{asSaid, asRecorded} {
				job := pixels.Job{
					Widths: []int{64, 200}, Formats: []pixels.Format{pixels.JPEG, pixels.WebP, pixels.AVIF},
					Crops: []pixels.CropSpec{{Name: "square", AspectWidth: 1, AspectHeight: 1, Widths: []int{100}}},
				}
				if want == asRecorded {
					job.Credit, job.Copyright, job.License = want.Credit, want.Copyright, want.License
				}
				got, err := render(t.Context(), p, file, job)
				if err != nil {
					t.Fatal(err)
				}
				checkSaid(t, got.info.Metadata)
				if len(got.renditions) != 9 {
					t.Errorf("%d renditions, want 9", len(got.renditions))
				}
				for _, r := range got.renditions {
					checkLabel(t, r, want)
				}
			}
		})
	}
}

func checkSaid(t *testing.T, got pixels.Metadata) {
	t.Helper()
	want := pixels.Metadata{
		CreditLine: "Ona Žvėrynaitė", Copyright: "© Ona", WebStatement: "https://example.org/ona", AltText: "Knygų namelis",
		CaptureTime: time.Date(2026, 5, 4, 13, 14, 15, 0, time.UTC),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("info (-want +got):\n%s", diff)
	}
}

func checkLabel(t *testing.T, r pixels.Rendition, want metadata.Label) {
	t.Helper()
	if diff := cmp.Diff(pixels.Metadata{
		CreditLine: want.Credit, Copyright: want.Copyright, LicenseURL: want.License, WebStatement: want.License,
	}, label(t, r)); diff != "" {
		t.Errorf("%s %s %d wide (-want +got):\n%s", r.Format, r.Crop, r.Width, diff)
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
