package site

import (
	"context"
	"net/http"
	"strings"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	"github.com/skaitykla/skaitykla/internal/shortcode"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// registerPrintKit puts what is for paper into mux: the sheet of an article, and
// the QR code of a short link. The sharing service writes both addresses into
// share sheets.
func (s *Site) registerPrintKit(mux *http.ServeMux) {
	mux.HandleFunc("GET /-/articles/{article}/print", s.servePrintSheet)
	mux.HandleFunc("GET /-/qr/{file}", s.serveQRCode)
}

// servePrintSheet answers with the sheet to print of a public article: a page
// that needs nothing else. Its words are in the language that the query names
// in "lang", or in that of the article.
func (s *Site) servePrintSheet(w http.ResponseWriter, r *http.Request) {
	s.withSite(w, r, func(ctx context.Context, r *http.Request, site *articlev1.Site) {
		sheet, err := s.sharing.RenderPrintSheet(ctx, &sharingv1.RenderPrintSheetRequest{
			Article:      site.GetName() + "/articles/" + strings.ToValidUTF8(r.PathValue("article"), "\uFFFD"),
			LanguageCode: strings.ToValidUTF8(r.URL.Query().Get("lang"), "\uFFFD"),
		})
		if err != nil {
			s.failPart(w, r, site, err, printKitAway)
			return
		}
		style := "'none'"
		if hash := sheet.GetStyleHash(); isStyleHash(hash) {
			style = hash
		}
		ready(w, r, readyDocument{
			mimeType: "text/html; charset=utf-8", policy: "style-src " + style + "; img-src data:",
			caching: "public, max-age=0, must-revalidate", etag: sheet.GetEtag(), content: sheet.GetDocument(),
		})
	})
}

// serveQRCode answers with the QR code of a short link of the site, as
// "{code}.svg" or "{code}.png".
func (s *Site) serveQRCode(w http.ResponseWriter, r *http.Request) {
	s.withSite(w, r, func(ctx context.Context, r *http.Request, site *articlev1.Site) {
		code, ending, _ := strings.Cut(r.PathValue("file"), ".")
		typed, _ := shortcode.Parse(code) // what is no code leads nowhere
		request := &sharingv1.RenderQrCodeRequest{ShareLink: site.GetName() + "/shareLinks/" + typed.ID}
		mimeType := "image/svg+xml"
		switch ending {
		case "svg":
			request.Format = sharingv1.QrFormat_QR_FORMAT_SVG
		case "png":
			request.Format, mimeType = sharingv1.QrFormat_QR_FORMAT_PNG, "image/png"
		default:
			s.fail(w, r, site, http.StatusNotFound)
			return
		}
		drawn, err := s.sharing.RenderQrCode(ctx, request)
		if err != nil {
			s.noQRCode(w, r, site, request.GetShareLink(), err)
			return
		}
		ready(w, r, readyDocument{
			mimeType: mimeType, policy: "style-src 'unsafe-inline'",
			caching: "public, max-age=3600", etag: drawn.GetEtag(), content: drawn.GetDocument(),
		})
	})
}

// noQRCode answers for a link that has no code: one that leads nowhere any more
// with the page that opening it shows.
func (s *Site) noQRCode(w http.ResponseWriter, r *http.Request, site *articlev1.Site, link string, err error) {
	if codeOf(err) != http.StatusGone {
		s.failPart(w, r, site, err, printKitAway)
		return
	}
	// The page is complete without what is offered instead.
	found, err := s.sharing.ResolveShareLink(reply.Anonymous(r.Context(), r), &sharingv1.ResolveShareLinkRequest{Name: link})
	if err != nil {
		s.missing(r.Context(), "articles instead", link, err)
	}
	s.LinkPage(w, r, http.StatusGone, found)
}

// withSite calls serve with the site of the request, as an anonymous reader and
// within the time that a page may take.
func (s *Site) withSite(w http.ResponseWriter, r *http.Request, serve func(context.Context, *http.Request, *articlev1.Site)) {
	ctx, cancel := context.WithTimeout(r.Context(), pageTimeout)
	defer cancel()
	r = r.WithContext(ctx)
	if site, ok := s.siteOf(w, r); ok {
		serve(reply.Anonymous(ctx, r), r, site)
	}
}

// readyDocument is a document that the sharing service made.
type readyDocument struct {
	mimeType, policy, caching string
	etag                      string
	content                   []byte
}

// ready answers with a document that runs no script, is in nobody's frame and
// in no search engine.
func ready(w http.ResponseWriter, r *http.Request, d readyDocument) {
	h := w.Header()
	h.Set("Content-Type", d.mimeType)
	h.Set("Content-Security-Policy", "default-src 'none'; "+d.policy+"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", d.caching)
	if d.etag == "" {
		reply.Bytes(w, r, d.content)
		return
	}
	reply.Validated(w, r, d.etag, d.content)
}

// isStyleHash reports whether hash is the source expression of one style
// element, such as 'sha256-…', and nothing more that a policy could hold.
func isStyleHash(hash string) bool {
	inner, ok := strings.CutPrefix(hash, "'sha256-")
	inner, closed := strings.CutSuffix(inner, "'")
	return ok && closed && len(inner) == 44 &&
		strings.Trim(inner, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") == ""
}
