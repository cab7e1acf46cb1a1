package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"google.golang.org/grpc"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// drawer is a sharing service that tells what it was asked for.
type drawer struct {
	sharingv1.SharingServiceClient
	asked *sharingv1.RenderQrCodeRequest
	link  string
}

func (d *drawer) ComposeShareSheet(context.Context, *sharingv1.ComposeShareSheetRequest, ...grpc.CallOption) (*sharingv1.ComposeShareSheetResponse, error) {
	return &sharingv1.ComposeShareSheetResponse{ShareLink: d.link}, nil
}

func (d *drawer) RenderQrCode(_ context.Context, req *sharingv1.RenderQrCodeRequest, _ ...grpc.CallOption) (*sharingv1.RenderQrCodeResponse, error) {
	d.asked = req
	return &sharingv1.RenderQrCodeResponse{Document: []byte("drawn"), Content: "HTTPS://B.LT/S/K7M29QZ9.Q", ModuleCount: 25}, nil
}

func (d *drawer) RenderPrintSheet(_ context.Context, req *sharingv1.RenderPrintSheetRequest, _ ...grpc.CallOption) (*sharingv1.RenderPrintSheetResponse, error) {
	return &sharingv1.RenderPrintSheetResponse{Document: []byte(req.GetArticle() + " in " + req.GetLanguageCode())}, nil
}

func TestQR(t *testing.T) {
	for _, test := range []struct {
		name string
		kit  printKit
		link string
		want string // of the request, or of the error
	}{
		{"drawing", printKit{out: "a.svg", level: "m"}, "sites/b/shareLinks/k7m29qz9", "QR_FORMAT_SVG QR_LEVEL_M sites/b/shareLinks/k7m29qz9 4"},
		{"picture", printKit{out: "A.PNG", level: "H", size: 300}, "sites/b/shareLinks/k7m29qz9", "QR_FORMAT_PNG QR_LEVEL_H sites/b/shareLinks/k7m29qz9 4"},
		{"words", printKit{out: "a.svg", level: "q", link: "Muge-2026"}, "", "QR_FORMAT_SVG QR_LEVEL_Q sites/b/shareLinks/muge-2026 4"},
		{"too early", printKit{out: "a.svg", level: "m"}, "", "try again"},
		{"another ending", printKit{out: "a.gif", level: "m"}, "", "use .svg, .png or .html"},
		{"another level", printKit{out: "a.svg", level: "z"}, "", "use l, m, q or h"},
		{"no level", printKit{out: "a.svg", level: "unspecified"}, "", "use l, m, q or h"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := &drawer{link: test.link}
			test.kit.quiet = 4
			document, _, err := test.kit.make(t.Context(), d, "sites/b", "muge")
			if err != nil {
				if !strings.Contains(err.Error(), test.want) {
					t.Errorf("got %v, want %q", err, test.want)
				}
				return
			}
			got := strings.Join([]string{d.asked.GetFormat().String(), d.asked.GetLevel().String(), d.asked.GetShareLink(), "4"}, " ")
			if got != test.want || string(document) != "drawn" || d.asked.GetSize() != test.kit.size || d.asked.GetQuietZone() != 4 {
				t.Errorf("asked for %v, got %q; want %s", d.asked, document, test.want)
			}
		})
	}
	kit := printKit{out: "lapas.html", language: "da"}
	if document, _, err := kit.make(t.Context(), &drawer{}, "sites/b", "muge"); err != nil || string(document) != "sites/b/articles/muge in da" {
		t.Errorf("sheet %q, %v", document, err)
	}
}

func TestTellPreview(t *testing.T) {
	answer := &sharingv1.CheckPreviewResponse{
		Appearances: []*sharingv1.PreviewAppearance{
			{
				Network: sharingv1.PreviewNetwork_PREVIEW_NETWORK_FACEBOOK, Title: "Mugė", Description: "Ateikite.", SiteLine: "b.lt",
				Image: &sharingv1.PreviewImage{Width: 1200, Height: 630}, LargeImage: true,
			},
			{Network: sharingv1.PreviewNetwork_PREVIEW_NETWORK_WHATSAPP, Title: "Mugė", SiteLine: "b.lt"},
		},
		Findings: []*sharingv1.PreviewFinding{{
			Rule: "image-missing", Severity: sharingv1.PreviewFinding_SEVERITY_WARNING, Messages: map[string]string{"lt": "Nėra.", "en": "None."},
		}},
	}
	var out bytes.Buffer
	if err := tellPreview(&out, answer, "lt"); err != nil {
		t.Fatal(err)
	}
	const want = "Facebook (b.lt)\n  Mugė\n  Ateikite.\n  large picture of 1200x630\nWhatsApp (b.lt)\n  Mugė\n  no picture\n\nwarning image-missing: Nėra.\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
	out.Reset()
	answer.Findings = nil
	if err := tellPreview(&out, answer, "en"); err != nil || !strings.HasSuffix(out.String(), "\nnothing could be better\n") {
		t.Errorf("got %q, %v", out.String(), err)
	}
	if err := tellPreview(&out, answer, "tlh"); err == nil || !strings.Contains(err.Error(), "lt, ") {
		t.Errorf("got %v, want the languages there are", err)
	}
}
