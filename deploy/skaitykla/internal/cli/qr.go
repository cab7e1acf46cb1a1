package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// printKit are the flags of `qr`.
type printKit struct {
	out, link, level, language string
	size, quiet                int32
}

// qr is the command `qr`.
func (a *app) qr() *cobra.Command {
	kit := &printKit{}
	c := &cobra.Command{
		Use:   "qr ARTICLE --out FILE",
		Short: "Draw the QR code of an article, or its sheet to print",
		Long: `Draw the QR code of the short address of a published article. The ending of the
file says what is made: .svg for print of any size, .png for screens, and .html
for a sheet of A4 with title, code and address, ready to print.`,
		Example: `  skaitykla qr knygu-muge --out kodas.svg
  skaitykla qr knygu-muge --link muge-2026 --level h --out plakatas.svg
  skaitykla qr knygu-muge --out lapas.html`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withSharing(c, func(s sharing) error {
				document, told, err := kit.make(c.Context(), s, s.site, args[0])
				if err != nil {
					return err
				}
				if err := os.WriteFile(kit.out, document, 0o644); err != nil { //nolint:gosec // G306: it is made to be handed out
					return fmt.Errorf("write what was drawn: %w", err)
				}
				_, err = fmt.Fprintf(s.out, "%s: %s\n", kit.out, told)
				return err
			})
		},
	}
	f := c.Flags()
	f.StringVar(&kit.out, "out", "", "file to write, ending with .svg, .png or .html; needed")
	f.StringVar(&kit.link, "link", "", "words of a campaign instead of the article's own code")
	f.StringVar(&kit.level, "level", "m", "how much of the code may be damaged: l, m, q or h (7, 15, 25 or 30 percent)")
	f.Int32Var(&kit.size, "size", 0, "width in pixels, of .png exactly; 512 when 0")
	f.Int32Var(&kit.quiet, "quiet-zone", 4, "margin in modules") //nolint:mnd // ISO/IEC 18004
	f.StringVar(&kit.language, "language", "", "language of the words on the sheet; the article's when empty")
	_ = c.MarkFlagRequired("out")
	return a.onSite(a.reaching(c))
}

// make returns what was asked for and what to tell of it.
func (k *printKit) make(ctx context.Context, shares sharingv1.SharingServiceClient, site, article string) ([]byte, string, error) {
	name := articleName(site, article)
	ending := strings.ToLower(filepath.Ext(k.out))
	if ending == ".html" {
		sheet, err := shares.RenderPrintSheet(ctx, &sharingv1.RenderPrintSheetRequest{Article: name, LanguageCode: k.language})
		return sheet.GetDocument(), "a sheet to print; open it in a browser", unseen(err, article)
	}
	request, err := k.request(ending)
	if err != nil {
		return nil, "", err
	}
	if request.ShareLink, err = k.linkOf(ctx, shares, site, name); err != nil {
		return nil, "", err
	}
	drawn, err := shares.RenderQrCode(ctx, request)
	return drawn.GetDocument(), fmt.Sprintf("%s, %d modules", drawn.GetContent(), drawn.GetModuleCount()), err
}

// request reads the flags of a code.
func (k *printKit) request(ending string) (*sharingv1.RenderQrCodeRequest, error) {
	request := &sharingv1.RenderQrCodeRequest{Size: k.size, QuietZone: &k.quiet}
	switch ending {
	case ".svg":
		request.Format = sharingv1.QrFormat_QR_FORMAT_SVG
	case ".png":
		request.Format = sharingv1.QrFormat_QR_FORMAT_PNG
	default:
		return nil, fmt.Errorf("%s: the ending says what is made; use .svg, .png or .html", k.out)
	}
	level, ok := sharingv1.QrLevel_value["QR_LEVEL_"+strings.ToUpper(k.level)]
	if !ok || level == 0 {
		return nil, fmt.Errorf("--level %s: use l, m, q or h", k.level)
	}
	request.Level = sharingv1.QrLevel(level)
	return request, nil
}

// linkOf returns the name of the link that was asked for, or of the one that
// the server made for the article.
func (k *printKit) linkOf(ctx context.Context, shares sharingv1.SharingServiceClient, site, article string) (string, error) {
	if k.link != "" {
		return linkName(site, k.link), nil
	}
	sheet, err := shares.ComposeShareSheet(ctx, &sharingv1.ComposeShareSheetRequest{Article: article})
	if err == nil && sheet.GetShareLink() == "" {
		err = errors.New("the article was published just now and has no short address yet; try again")
	}
	return sheet.GetShareLink(), unseen(err, article)
}
