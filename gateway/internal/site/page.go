package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/skaitykla/skaitykla/gateway/internal/feeds"
	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// page is what the layout needs; one of Front, Article, PreviewForm and Failure
// is set.
type page struct {
	lang      *lang.Language
	Code      string // BCP 47, of the page
	Title     string // of the document
	SiteTitle string
	Home      string // address of the front page
	Feeds     []feedLink
	Languages []languageLink
	CSS, Icon string
	Style     template.HTML // a style element, or nothing
	Head      template.HTML // preview metadata
	NoIndex   bool

	Alternates []alternate // the page in every language it has; none for one

	Notice string // above everything, for whoever sees what readers do not

	Front       *frontView
	Article     *articleView
	PreviewForm *previewForm
	Failure     *failureView

	policy string // for style-src
	secret bool   // not for caches, search engines and referrers
}

// feedLink leads programs to a feed of the site in the language of the page.
type feedLink struct{ Type, Label, URL string }

// languageLink is one entry of the language switch.
type languageLink struct {
	Code, Name, Home string
	Current          bool
}

// T returns a text of the page's language; see lang.Language.Message.
func (p *page) T(key string, args ...string) string { return p.lang.Message(key, args...) }

// newPage returns the frame of a page of the site in a language. site is nil
// when it is not known.
func (s *Site) newPage(site *articlev1.Site, code string) *page {
	l, ok := lang.For(code)
	if !ok {
		l = lang.Default()
		code = l.Code()
	}
	p := &page{
		lang: l, Code: code, Home: frontPath(site, code), SiteTitle: site.GetTitle(),
		CSS: s.assets.path("site.css"), Icon: s.assets.path("icon.svg"),
	}
	if site == nil {
		return p
	}
	for _, file := range feeds.Files() {
		p.Feeds = append(p.Feeds, feedLink{file.Type, file.Label, p.Home + file.Name})
	}
	if len(site.GetLanguageCodes()) > 1 {
		for _, other := range site.GetLanguageCodes() {
			name := other
			if ol, ok := lang.For(other); ok {
				name = ol.Name()
			}
			p.Languages = append(p.Languages, languageLink{other, name, frontPath(site, other), other == code})
		}
	}
	return p
}

// private keeps a page out of caches, search engines and referrers.
func (p *page) private() { p.NoIndex, p.secret = true, true }

// style gives the page its own rules: the color of the site and those of its
// pictures. The policy of the page names the hash of exactly these.
func (p *page) style(site *articlev1.Site, pictures *pictures) {
	var rules []string
	if isColor(site.GetColor()) {
		rules = append(rules, ":root{--site:"+site.GetColor()+"}")
	}
	if pictures != nil {
		rules = append(rules, pictures.colors...)
	}
	if len(rules) == 0 {
		return
	}
	css := strings.Join(rules, "")
	sum := sha256.Sum256([]byte(css))
	p.policy = fmt.Sprintf("'sha256-%s'", base64.StdEncoding.EncodeToString(sum[:]))
	p.Style = template.HTML("<style>" + css + "</style>") //nolint:gosec // made of checked colors and our own ids
}

// send writes the page.
func (s *Site) send(w http.ResponseWriter, r *http.Request, code int, p *page) {
	var body bytes.Buffer
	if err := s.templates.ExecuteTemplate(&body, "layout.html", p); err != nil {
		s.log.ErrorContext(r.Context(), "a page template failed", slog.Any("error", err))
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	secure(h, p)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", p.Code)
	if code != http.StatusOK || p.secret {
		h.Set("Cache-Control", "no-store")
		w.WriteHeader(code)
		_, _ = w.Write(body.Bytes()) // the client may be gone
		return
	}
	h.Set("Cache-Control", "public, max-age=0, must-revalidate")
	reply.Bytes(w, r, body.Bytes())
}

// secure sets the headers that keep a page to itself: nothing of anybody else
// is loaded, no script runs but those of the preview form and the share sheet,
// nobody frames it, no sensor is asked for.
func secure(h http.Header, p *page) {
	forms := "form-action 'none'"
	switch {
	case p.PreviewForm != nil:
		forms = "script-src 'self'; form-action 'self'"
	case p.Article != nil && p.Article.Share != nil:
		forms = "script-src 'self'; " + forms
	}
	h.Set("Content-Security-Policy", strings.TrimSpace("default-src 'none'; img-src 'self'; style-src 'self' "+p.policy)+
		"; "+forms+"; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	if p.secret {
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
}

// frontPath returns the address of the front page in a language.
func frontPath(site *articlev1.Site, code string) string {
	if site == nil || code == site.GetDefaultLanguageCode() {
		return "/"
	}
	return "/" + code + "/"
}

// frontLanguage returns the language whose front page stands at path.
func frontLanguage(site *articlev1.Site, path string) (string, bool) {
	if path == "/" {
		return site.GetDefaultLanguageCode(), true
	}
	for _, code := range site.GetLanguageCodes() {
		if code != site.GetDefaultLanguageCode() && path == "/"+code+"/" {
			return code, true
		}
	}
	return "", false
}

// frontMoved returns where the front page or the feed of a language stands when
// path names it otherwise: "/en", or "/lt/" where that language is the default
// one, or became it.
func frontMoved(site *articlev1.Site, path string) (string, bool) {
	code, file, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if !slices.Contains(site.GetLanguageCodes(), code) || (file != "" && !feeds.IsFeed(file)) {
		return "", false
	}
	return frontPath(site, code) + file, true
}
