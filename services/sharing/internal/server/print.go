package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/shortcode"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/printsheet"
	"github.com/skaitykla/skaitykla/services/sharing/internal/qrcode"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharelink"
)

const (
	// qrPixels is how wide a code is when nobody says.
	qrPixels = 512
	// qrLeast is the least width that can be asked for, in pixels.
	qrLeast = 64
	// linkSoon is when an article that was just published has its short link.
	linkSoon = 2 * time.Second
)

// RenderQrCode implements the method of the contract.
func (s *Server) RenderQrCode(ctx context.Context, req *sharingv1.RenderQrCodeRequest) (*sharingv1.RenderQrCodeResponse, error) {
	name, err := sharelink.ParseName("share_link", req.GetShareLink())
	if err != nil {
		return nil, err
	}
	link, err := s.link(ctx, name)
	if err != nil {
		return nil, err
	}
	if link.State() != sharingv1.ShareLink_STATE_ACTIVE {
		return nil, fault.New(faultv1.Reason_REASON_RESOURCE_GONE,
			"%s leads nowhere any more, because the words were deleted or the article was withdrawn; draw the link of an article that is public", name).
			With("resource", name.String())
	}
	address := link.Public(s.PublicURI).GetUri()
	content, err := scanned(name.String(), address, sourceID(req.GetSource()))
	if err != nil {
		return nil, err
	}
	return drawQR(content, readableAddress(address), req)
}

// drawQR draws the code of a text under a title.
func drawQR(content, title string, req *sharingv1.RenderQrCodeRequest) (*sharingv1.RenderQrCodeResponse, error) {
	code, err := qrcode.Encode(content, qrLevel(req.GetLevel()))
	if err != nil {
		return nil, err
	}
	quiet, pixels := qrcode.QuietZone, qrPixels
	if req.QuietZone != nil {
		quiet = int(req.GetQuietZone())
	}
	if req.GetSize() != 0 {
		pixels = int(req.GetSize())
	}
	if least := max(qrLeast, code.MinPixels(quiet)); pixels < least {
		return nil, fault.InvalidField("size", "%d pixels are too few for %d modules and their margin; ask for %d or more",
			pixels, code.Side(), least)
	}
	answer := &sharingv1.RenderQrCodeResponse{Content: content, ModuleCount: int32(code.Side())} //nolint:gosec // G115: at most 177
	if req.GetFormat() == sharingv1.QrFormat_QR_FORMAT_PNG {
		answer.MimeType = "image/png"
		answer.Document, err = code.PNG(quiet, pixels)
	} else {
		answer.MimeType, answer.Document = "image/svg+xml", code.SVG(title, quiet, pixels)
	}
	sum := sha256.Sum256(answer.GetDocument())
	answer.Etag = hex.EncodeToString(sum[:12])
	return answer, err
}

// RenderPrintSheet implements the method of the contract.
func (s *Server) RenderPrintSheet(ctx context.Context, req *sharingv1.RenderPrintSheetRequest) (*sharingv1.RenderPrintSheetResponse, error) {
	article, words, id, err := s.shared(ctx, req)
	if err != nil {
		return nil, err
	}
	if id == "" {
		return nil, fault.Unavailable(nil, faultv1.Reason_REASON_SERVICE_UNAVAILABLE,
			"the article was published just now and has no short address yet; try again").RetryAfter(linkSoon)
	}
	address := sharelink.Short(article.Site, id)
	content, err := scanned(req.GetArticle(), address, "print")
	if err != nil {
		return nil, err
	}
	code, err := qrcode.Encode(content, qrcode.LevelM)
	if err != nil {
		return nil, err
	}
	sheet, err := s.Tools.Printer.Print(printsheet.Sheet{Article: article, Address: address, Code: code, Words: words})
	if err != nil {
		return nil, err
	}
	return &sharingv1.RenderPrintSheetResponse{
		MimeType: "text/html; charset=utf-8", Document: sheet.HTML, Etag: sheet.Etag, StyleHash: sheet.StyleHash,
	}, nil
}

// scanned returns what a code holds: the short address with its source, in
// capitals, which take fewer modules. Scheme, host and short addresses mean the
// same in either case. An address without a host cannot be scanned.
func scanned(name, address, source string) (string, error) {
	if parsed, err := url.Parse(address); err != nil || parsed.Host == "" {
		return "", fault.State(name, "nobody could open its short address, because the site has none of its own: set base_uri of the site")
	}
	return strings.ToUpper(address + shortcode.Suffix(source)), nil
}

// readableAddress returns an address as people say it, without the scheme.
func readableAddress(address string) string {
	_, rest, found := strings.Cut(address, "://")
	if !found {
		return address
	}
	return rest
}

// sourceID returns the id of package shortcode for a source of the contract;
// that of codes when it is not set.
func sourceID(source sharingv1.ShareSource) string {
	for id := range shortcode.Sources() {
		if source != sharingv1.ShareSource_SHARE_SOURCE_UNSPECIFIED && sourceOf(id) == source {
			return id
		}
	}
	return "qr"
}

func qrLevel(level sharingv1.QrLevel) qrcode.Level {
	switch level {
	case sharingv1.QrLevel_QR_LEVEL_L:
		return qrcode.LevelL
	case sharingv1.QrLevel_QR_LEVEL_Q:
		return qrcode.LevelQ
	case sharingv1.QrLevel_QR_LEVEL_H:
		return qrcode.LevelH
	case sharingv1.QrLevel_QR_LEVEL_M, sharingv1.QrLevel_QR_LEVEL_UNSPECIFIED:
	}
	return qrcode.LevelM
}
