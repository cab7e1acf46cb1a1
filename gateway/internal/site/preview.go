package site

import (
	"context"
	"net/http"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// maxPreviewForm is the largest form that brings a preview token, in bytes.
const maxPreviewForm = 8 << 10

// previewForm is the page on which a token is exchanged for a look. The address
// that authors send carries the token behind "#", which no browser sends; a
// script of ours fills it in and takes it out of the address. Without scripts
// it is pasted by hand.
type previewForm struct {
	Script  string
	Refused bool // what was sent is not valid
}

// registerPreview puts the pages of previews into mux.
func (s *Site) registerPreview(mux *http.ServeMux) {
	mux.HandleFunc("GET /preview", s.servePreviewForm)
	mux.HandleFunc("POST /preview", s.openPreview)
	mux.HandleFunc("GET /preview/{key}", s.servePreview)
}

func (s *Site) servePreviewForm(w http.ResponseWriter, r *http.Request) {
	if site, ok := s.siteOf(w, r); ok {
		s.askForToken(w, r, site, http.StatusOK)
	}
}

func (s *Site) askForToken(w http.ResponseWriter, r *http.Request, site *articlev1.Site, code int) {
	p := s.newPage(site, failureLanguage(r, site))
	p.PreviewForm = &previewForm{Script: s.assets.path("preview.js"), Refused: code != http.StatusOK}
	p.Title = p.T("preview.title") + " – " + site.GetTitle()
	p.private()
	p.style(site, nil)
	w.Header().Add("Vary", "Accept-Language")
	s.send(w, r, code, p)
}

// openPreview exchanges the token of the form for a key that ends within the
// hour, and sends the reader to its page.
func (s *Site) openPreview(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), pageTimeout)
	defer cancel()
	r = r.WithContext(ctx)
	site, ok := s.siteOf(w, r)
	if !ok {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxPreviewForm)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, site, http.StatusBadRequest)
		return
	}
	opened, err := s.articles.OpenPreview(reply.Anonymous(ctx, r), &articlev1.OpenPreviewRequest{
		Site: site.GetName(), Token: r.PostForm.Get("token"),
	})
	if err != nil {
		s.refusePreview(w, r, site, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Location", "/preview/"+opened.GetKey())
	w.WriteHeader(http.StatusSeeOther)
}

// servePreview answers with the working copy that a key shows.
func (s *Site) servePreview(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), pageTimeout)
	defer cancel()
	r = r.WithContext(ctx)
	site, ok := s.siteOf(w, r)
	if !ok {
		return
	}
	shown, err := s.articles.ReadPreview(reply.Anonymous(ctx, r), &articlev1.ReadPreviewRequest{
		Site: site.GetName(), Key: r.PathValue("key"),
	})
	if err != nil {
		s.refusePreview(w, r, site, err)
		return
	}
	article := shown.GetArticle()
	p := s.newPage(site, article.GetLanguageCode())
	t := &writer{site: site, lang: p.lang, code: p.Code}
	pics := &pictures{}
	p.Article = t.article(article, pics)
	p.Notice = p.T("article.preview") + " " + p.T("preview.ends", "time", p.lang.Time(shown.GetExpireTime().AsTime().In(t.zone()).Round(time.Minute)))
	p.Title = p.T("preview.title") + ": " + article.GetTitle() + " – " + site.GetTitle()
	p.private()
	p.style(site, pics)
	s.send(w, r, http.StatusOK, p)
}

// refusePreview asks for another token when that one is not valid.
func (s *Site) refusePreview(w http.ResponseWriter, r *http.Request, site *articlev1.Site, err error) {
	if code := status.Code(err); code == codes.PermissionDenied || code == codes.InvalidArgument {
		s.askForToken(w, r, site, http.StatusForbidden)
		return
	}
	s.failWith(w, r, site, err)
}
