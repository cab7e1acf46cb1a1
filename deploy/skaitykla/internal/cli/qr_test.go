package cli

import (
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
