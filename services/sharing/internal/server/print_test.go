package server_test

import (
	"bytes"
	"image/png"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	reader "github.com/makiuchi-d/gozxing/qrcode"
	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

// scan reads the code in a PNG with a reader that is not ours.
func scan(t *testing.T, document []byte) string {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(document))
	must(t, err)
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	must(t, err)
	result, err := reader.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
	must(t, err)
	return result.GetText()
}

func TestRenderQrCode(t *testing.T) {
	s := startLinks(t)
	site := sharingtest.Site()
	site.BaseUri = "https://biblioteka.lt"
	s.sites(t, site)
	a := piece("vienas")
	code := s.publish(t, a)
	s.words(t, "knygu-muge", a)
	const png = sharingv1.QrFormat_QR_FORMAT_PNG
	capitals := "HTTPS://BIBLIOTEKA.LT/S/" + strings.ToUpper(code)
	tests := []struct {
		name string
		req  *sharingv1.RenderQrCodeRequest
		want *sharingv1.RenderQrCodeResponse
	}{
		{"by itself", &sharingv1.RenderQrCodeRequest{ShareLink: code}, &sharingv1.RenderQrCodeResponse{Content: capitals + ".Q", MimeType: "image/svg+xml", ModuleCount: 25}},
		{"a picture", &sharingv1.RenderQrCodeRequest{ShareLink: code, Format: png}, &sharingv1.RenderQrCodeResponse{Content: capitals + ".Q", MimeType: "image/png", ModuleCount: 25}},
		{"strong", &sharingv1.RenderQrCodeRequest{ShareLink: code, Format: png, Level: sharingv1.QrLevel_QR_LEVEL_H}, &sharingv1.RenderQrCodeResponse{Content: capitals + ".Q", MimeType: "image/png", ModuleCount: 29}},
		{"weak", &sharingv1.RenderQrCodeRequest{ShareLink: code, Format: png, Level: sharingv1.QrLevel_QR_LEVEL_L}, &sharingv1.RenderQrCodeResponse{Content: capitals + ".Q", MimeType: "image/png", ModuleCount: 25}},
		{"of a poster", &sharingv1.RenderQrCodeRequest{ShareLink: code, Format: png, Source: sharingv1.ShareSource_SHARE_SOURCE_PRINT}, &sharingv1.RenderQrCodeResponse{Content: capitals + ".P", MimeType: "image/png", ModuleCount: 25}},
		{"of words", &sharingv1.RenderQrCodeRequest{ShareLink: "knygu-muge", Format: png}, &sharingv1.RenderQrCodeResponse{Content: "HTTPS://BIBLIOTEKA.LT/S/KNYGU-MUGE.Q", MimeType: "image/png", ModuleCount: 25}},
		{"as small as can be", &sharingv1.RenderQrCodeRequest{ShareLink: code, Format: png, Size: 64}, &sharingv1.RenderQrCodeResponse{Content: capitals + ".Q", MimeType: "image/png", ModuleCount: 25}},
		{"without a margin", &sharingv1.RenderQrCodeRequest{ShareLink: code, Format: png, QuietZone: new(int32(0))}, &sharingv1.RenderQrCodeResponse{Content: capitals + ".Q", MimeType: "image/png", ModuleCount: 25}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.req.ShareLink = sharingtest.SiteName + "/shareLinks/" + test.req.GetShareLink()
			got, err := s.as(auth.Anonymous).RenderQrCode(t.Context(), test.req)
			must(t, err)
			if got.GetContent() != test.want.GetContent() || got.GetMimeType() != test.want.GetMimeType() || got.GetModuleCount() != test.want.GetModuleCount() {
				t.Errorf("got %s, %s, %d modules; want %v", got.GetContent(), got.GetMimeType(), got.GetModuleCount(), test.want)
			}
			if got.GetEtag() == "" {
				t.Error("there is no etag")
			}
			if test.req.GetFormat() == png {
				if text := scan(t, got.GetDocument()); text != got.GetContent() {
					t.Errorf("the code reads %q, want %q", text, got.GetContent())
				}
			} else if want := "<title>biblioteka.lt/s/" + code + "</title>"; !strings.Contains(string(got.GetDocument()), want) {
				t.Errorf("SVG lacks %s: %.200s", want, got.GetDocument())
			}
		})
	}
}

func TestRenderQrCodeRefuses(t *testing.T) {
	s := startLinks(t)
	a := piece("vienas")
	code, gone := s.publish(t, a), s.publish(t, piece("antras"))
	s.withdraw(t, piece("antras"))
	const invalid, missing = faultv1.Reason_REASON_INVALID_FIELD, faultv1.Reason_REASON_RESOURCE_NOT_FOUND
	const away = faultv1.Reason_REASON_RESOURCE_GONE
	tests := []struct {
		name   string
		req    *sharingv1.RenderQrCodeRequest
		code   codes.Code
		reason faultv1.Reason
		field  string
	}{
		{"of nothing", &sharingv1.RenderQrCodeRequest{ShareLink: "nieko-nera"}, codes.NotFound, missing, ""},
		{"of what was withdrawn", &sharingv1.RenderQrCodeRequest{ShareLink: gone}, codes.NotFound, away, ""},
		{"below the least size", &sharingv1.RenderQrCodeRequest{ShareLink: code, Size: 63}, codes.InvalidArgument, invalid, "size"},
		{"above the largest size", &sharingv1.RenderQrCodeRequest{ShareLink: code, Size: 4097}, codes.InvalidArgument, invalid, "size"},
		{
			"too small for the margin", &sharingv1.RenderQrCodeRequest{ShareLink: code, Size: 64, QuietZone: new(int32(20))},
			codes.InvalidArgument, invalid, "size",
		},
		{"with too wide a margin", &sharingv1.RenderQrCodeRequest{ShareLink: code, QuietZone: new(int32(21))}, codes.InvalidArgument, invalid, "quiet_zone"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.req.ShareLink = sharingtest.SiteName + "/shareLinks/" + test.req.GetShareLink()
			_, err := s.as(auth.Anonymous).RenderQrCode(t.Context(), test.req)
			if e := testkit.WantFault(t, err, test.code, test.reason); e.Field != test.field {
				t.Errorf("field = %q, want %q", e.Field, test.field)
			}
		})
	}
	_, err := s.as(auth.Anonymous).RenderQrCode(t.Context(), &sharingv1.RenderQrCodeRequest{ShareLink: "sites/kita/shareLinks/" + code})
	testkit.WantFault(t, err, codes.NotFound, missing)
}

func TestRenderPrintSheet(t *testing.T) {
	client := startPreviews(t, "3f7k2m9q", nil)
	sheet := func(code string) *sharingv1.RenderPrintSheetResponse {
		t.Helper()
		got, err := client(auth.Anonymous).RenderPrintSheet(t.Context(), &sharingv1.RenderPrintSheetRequest{
			Article: sharingtest.ArticleName, LanguageCode: code,
		})
		must(t, err)
		return got
	}
	for code, want := range map[string]string{
		"": "Paskelbta 2024\u00a0m. birželio 7\u00a0d.", "en": "Published 7 June 2024", "da-DK": "Udgivet 7. juni 2024",
	} {
		got := sheet(code)
		if !strings.Contains(string(got.GetDocument()), want) || got.GetMimeType() != "text/html; charset=utf-8" {
			t.Errorf("sheet in %q lacks %q: %s", code, want, got.GetDocument())
		}
	}
	if a, b := sheet("en"), sheet("en"); a.GetEtag() != b.GetEtag() || !bytes.Equal(a.GetDocument(), b.GetDocument()) {
		t.Error("the same sheet has other bytes")
	}
	if a, b := sheet("en"), sheet("da"); a.GetEtag() == b.GetEtag() {
		t.Error("another sheet has the same etag")
	}
}

func TestRenderPrintSheetRefuses(t *testing.T) {
	render := func(code, article, language string) error {
		_, err := startPreviews(t, code, nil)(auth.Anonymous).RenderPrintSheet(t.Context(),
			&sharingv1.RenderPrintSheetRequest{Article: article, LanguageCode: language})
		return err
	}
	const invalid, missing = faultv1.Reason_REASON_INVALID_FIELD, faultv1.Reason_REASON_RESOURCE_NOT_FOUND
	testkit.WantFault(t, render("3f7k2m9q", sharingtest.SiteName+"/articles/juodrastis", ""), codes.NotFound, missing)
	testkit.WantFault(t, render("3f7k2m9q", sharingtest.ArticleName, "tlh"), codes.InvalidArgument, invalid)
	e := testkit.WantFault(t, render("", sharingtest.ArticleName, ""), codes.Unavailable, faultv1.Reason_REASON_SERVICE_UNAVAILABLE)
	if e.Retry <= 0 {
		t.Error("the fault does not say when to try again")
	}
}
