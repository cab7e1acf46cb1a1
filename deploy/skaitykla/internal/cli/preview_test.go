package cli

import (
	"bytes"
	"strings"
	"testing"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

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
