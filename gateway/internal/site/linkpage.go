package site

import (
	"context"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// linkRetry is when a link is to be tried again that cannot be opened now, in
// seconds.
const linkRetry = "10"

// offer is an article that is offered in place of what is not there.
type offer struct {
	Code           string // its language
	Title          string
	URL            template.URL
	Date, DateTime string
}

// LinkPage answers with the page for a short link that leads nowhere: 404 for one
// that is not there, 410 for one whose article was withdrawn, 503 for one that
// cannot be looked up now, 405 for another method. found has what is offered
// instead; nil for nothing. The page is in a language of the reader, whatever
// the languages of the site.
func (s *Site) LinkPage(w http.ResponseWriter, r *http.Request, status int, found *sharingv1.ResolveShareLinkResponse) {
	ctx, cancel := context.WithTimeout(r.Context(), extraTimeout)
	defer cancel()
	r = r.WithContext(ctx)
	site, here := s.linkSite(r, found)
	p := s.newPage(site, linkLanguage(r, site, found))
	p.atHome(site, here)
	key := linkKey(status, found)
	p.Failure = &failureView{Code: status, Title: p.T(key + ".title"), Text: p.T(key + ".text")}
	for _, article := range found.GetArticles() {
		if o, ok := p.offer(site, article); ok {
			p.Failure.Articles = append(p.Failure.Articles, o)
		}
	}
	if len(p.Failure.Articles) > 0 {
		p.Failure.Heading = p.T(key + ".heading")
	}
	p.Title = p.Failure.Title
	if p.SiteTitle != "" {
		p.Title += " – " + p.SiteTitle
	}
	p.NoIndex = true
	p.style(site, nil)
	h := w.Header()
	h.Set("X-Robots-Tag", "noindex")
	h.Add("Vary", "Accept-Language")
	if status == http.StatusServiceUnavailable {
		h.Set("Retry-After", linkRetry)
	}
	s.send(w, r, status, p)
}

// linkSite returns the site that a page about a link is of, nil when it is not
// known: the one at the host, else the one of the link. here says that it is at
// the host.
func (s *Site) linkSite(r *http.Request, found *sharingv1.ResolveShareLinkResponse) (site *articlev1.Site, here bool) {
	site, err := s.sites.find(r.Context(), r)
	if err == nil {
		return site, true
	}
	name, _, _ := strings.Cut(found.GetShareLink().GetName(), "/shareLinks/")
	sites, err := s.sites.list(r.Context(), r)
	if err != nil || name == "" {
		return nil, false
	}
	at := slices.IndexFunc(sites, func(site *articlev1.Site) bool { return site.GetName() == name })
	if at < 0 || sites[at].GetBaseUri() == "" {
		return nil, false
	}
	return sites[at], false
}

// linkLanguage returns the language that the reader asks for, of all that there
// are texts in, else that of the article or of the site.
func linkLanguage(r *http.Request, site *articlev1.Site, found *sharingv1.ResolveShareLinkResponse) string {
	fallback := lang.Default().Code()
	for _, code := range []string{site.GetDefaultLanguageCode(), found.GetLanguageCode()} {
		if _, ok := lang.For(code); ok {
			fallback = code
		}
	}
	return lang.Match(r.Header.Get("Accept-Language"), lang.Codes(), fallback)
}

// atHome mends the addresses of the frame where the site does not publish in the
// page's language, or is not at the host.
func (p *page) atHome(site *articlev1.Site, here bool) {
	if site == nil {
		return
	}
	if !slices.Contains(site.GetLanguageCodes(), p.Code) {
		p.Home = frontPath(site, site.GetDefaultLanguageCode())
		p.Feeds = nil
	}
	if !here {
		p.Home, p.Feeds, p.Languages = site.GetBaseUri()+p.Home, nil, nil
	}
}

func linkKey(status int, found *sharingv1.ResolveShareLinkResponse) string {
	switch status {
	case http.StatusNotFound:
		if len(found.GetArticles()) > 0 {
			return "link.mistyped"
		}
		return "link.not_found"
	case http.StatusGone:
		return "link.gone"
	case http.StatusServiceUnavailable:
		return "link.unavailable"
	}
	return failureKey(status)
}

// offer returns the view of an article; false when it has no address.
func (p *page) offer(site *articlev1.Site, a *sharingv1.LinkedArticle) (offer, bool) {
	url, ok := safeURL(a.GetUri())
	if !ok || a.GetTitle() == "" {
		return offer{}, false
	}
	t := &writer{site: site, lang: p.lang, code: p.Code}
	o := offer{Code: a.GetLanguageCode(), Title: t.text(a.GetTitle()), URL: url}
	if a.GetPublishTime() != nil {
		at := a.GetPublishTime().AsTime().In(t.zone())
		o.Date, o.DateTime = p.lang.Date(at), at.Format(time.RFC3339)
	}
	return o, true
}
