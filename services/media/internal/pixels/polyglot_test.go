package pixels_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/phototest"
)

const (
	page   = "<html><script>alert('polyglot')</script></html>"
	script = "<?php system($_GET['polyglot']); ?>"
)

// archive is a ZIP that holds a program.
func archive(t *testing.T) string {
	t.Helper()
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	w, err := z.Create("polyglot.php")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(script)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return file.String()
}

// TestPolyglots are photos that are something else, too. They are rendered,
// and nothing of the other half reaches a rendition.
func TestPolyglots(t *testing.T) {
	photo := phototest.JPEG(t, phototest.Gradient(200, 150))
	picture := phototest.PNG(t, phototest.Gradient(200, 150))
	comment := byte(0xfe)
	inName := phototest.XMP("<photoshop:Credit><![CDATA[" + script + page + "]]></photoshop:Credit>" +
		"<dc:rights><![CDATA[]]>]]&gt;" + "<![CDATA[" + script + "]]></dc:rights>")
	films := phototest.Frames(t, 2, 60, 40)
	for name, file := range map[string][]byte{
		"JPEG then ZIP":         append(bytes.Clone(photo), archive(t)...),
		"JPEG then PHP":         append(bytes.Clone(photo), script...),
		"JPEG then HTML":        append(bytes.Clone(photo), page...),
		"PHP in a comment":      phototest.Segment(photo, comment, script),
		"HTML in a comment":     phototest.Segment(photo, comment, page),
		"ZIP in a segment":      phototest.Segment(photo, 0xe5, archive(t)),
		"PHP in EXIF":           phototest.WithExif(photo, phototest.Exif([]phototest.Tag{phototest.Text(0x13b, script), phototest.Text(0x8298, page)}, nil, nil)),
		"PHP in IPTC":           phototest.WithIPTC(photo, phototest.IPTC(110, script)+phototest.IPTC(116, page)),
		"PHP in XMP":            phototest.WithXMP(photo, inName),
		"PHP in the profile":    phototest.Segment(photo, phototest.APP2, "ICC_PROFILE\x00\x01\x01"+script),
		"PNG then ZIP":          append(bytes.Clone(picture), archive(t)...),
		"PHP in a PNG text":     phototest.InPNG(picture, "tEXt", []byte("Comment\x00"+script)),
		"PHP in a private part": phototest.InPNG(picture, "phPp", []byte(script)),
		"GIF then HTML":         append(bytes.Clone(films), page...),
		"WebP then PHP":         append(phototest.Encoded(t, picture, ".webp"), script...),
		"AVIF then HTML":        append(phototest.Encoded(t, picture, ".avif[effort=0]"), page...),
		"TIFF then ZIP":         append(phototest.Encoded(t, picture, ".tif"), archive(t)...),
	} {
		t.Run(name, func(t *testing.T) {
			job := pixels.Job{Widths: []int{32, 100}, Formats: []pixels.Format{pixels.JPEG, pixels.WebP, pixels.AVIF}}
			got, err := render(t.Context(), newProcessor(t, nil), file, job)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range got.renditions {
				for _, trace := range []string{"<?php", "<script", "<html", "PK\x03\x04", "polyglot.php"} {
					if strings.Contains(string(r.Data), trace) {
						t.Errorf("%s of %d: %q came through", r.Format, r.Width, trace)
					}
				}
			}
		})
	}
}

// TestMetadataThatLies are photos with nothing wrong but what they say of
// themselves. They are rendered.
func TestMetadataThatLies(t *testing.T) {
	photo := phototest.JPEG(t, phototest.Gradient(200, 150))
	picture := phototest.PNG(t, phototest.Gradient(200, 150))
	deep := strings.Repeat("<a>", 20_000)
	for name, file := range map[string][]byte{
		"EXIF in circles":         phototest.WithExif(photo, phototest.LoopingTIFF()),
		"EXIF of nothing":         phototest.WithExif(photo, []byte("MM\x00*\xff\xff\xff\xff")),
		"EXIF with far offsets":   phototest.WithExif(photo, phototest.Exif([]phototest.Tag{{ID: 0x13b, Type: 2, Count: 1 << 31, Data: []byte{0x7f, 0xff, 0xff, 0xff}}}, nil, nil)),
		"orientation 9":           turned(photo, 9),
		"orientation 65 535":      turned(photo, 65535),
		"XMP without end":         phototest.WithXMP(photo, phototest.XMP(deep)[:60_000]),
		"XMP with entities":       phototest.WithXMP(photo, `<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]>`+phototest.XMP("<dc:title>&c;</dc:title>")),
		"IPTC lengths that lie":   phototest.WithIPTC(photo, "\x1c\x02\x74\xff\xff"),
		"profile of garbage":      phototest.Segment(photo, phototest.APP2, "ICC_PROFILE\x00\x01\x01"+strings.Repeat("garbage ", 500)),
		"profile in missing part": phototest.Segment(photo, phototest.APP2, "ICC_PROFILE\x00\x07\xff"+strings.Repeat("garbage ", 500)),
		"empty profile":           phototest.Segment(photo, phototest.APP2, "ICC_PROFILE\x00\x01\x01"),
		"profile of other colors": phototest.Encoded(t, picture, ".jpg[profile=cmyk]"),
		"PNG profile of garbage":  phototest.InPNG(picture, "iCCP", []byte("a\x00\x00x\x9c\x03\x00\x00\x00\x00\x01")),
		"PNG gamma of nothing":    phototest.InPNG(picture, "gAMA", []byte{0, 0, 0, 0}),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := render(t.Context(), newProcessor(t, nil), file, pixels.Job{Widths: []int{100}})
			if err != nil {
				t.Fatal(err)
			}
			if len(got.renditions) != 2 {
				t.Errorf("%d renditions, want 2", len(got.renditions))
			}
			if got.info.Width != 200 || got.info.Height != 150 {
				t.Errorf("%d x %d, want 200 x 150", got.info.Width, got.info.Height)
			}
		})
	}
}
