package site

import (
	"net/http"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// failureView is a page that says what went wrong and what to do.
type failureView struct {
	Code      int
	Title     string
	Text      string
	Reference string // for the operator; only where it helps

	// Heading stands above Articles, which are offered instead.
	Heading  string
	Articles []offer
}

// fail answers with the page for an HTTP status. site is nil when it is not
// known; the page then has no name and no way home.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, site *articlev1.Site, code int) {
	s.failAs(w, r, site, code, failureKey(code))
}

// Keys of the texts about parts of the site that are away.
const (
	documentsAway = "error.documents_away"
	printKitAway  = "error.print_away"
)

// failAs is fail with the texts of a key.
func (s *Site) failAs(w http.ResponseWriter, r *http.Request, site *articlev1.Site, code int, key string) {
	p := s.newPage(site, failureLanguage(r, site))
	p.Failure = &failureView{Code: code, Title: p.T(key + ".title"), Text: p.T(key + ".text")}
	if code >= http.StatusInternalServerError {
		p.Failure.Reference = p.T("error.reference", "id", w.Header().Get(reply.RequestIDHeader))
	}
	if code == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "30")
	}
	p.Title = p.Failure.Title
	if site != nil {
		p.Title += " – " + site.GetTitle()
	}
	p.NoIndex = true
	p.style(site, nil)
	w.Header().Add("Vary", "Accept-Language")
	s.send(w, r, code, p)
}

// failureLanguage returns the language of the address if it has one, else the
// one the reader asks for among those of the site.
func failureLanguage(r *http.Request, site *articlev1.Site) string {
	codes, fallback := lang.Codes(), lang.Default().Code()
	if site != nil {
		codes, fallback = site.GetLanguageCodes(), site.GetDefaultLanguageCode()
		for _, code := range codes {
			if code != fallback && len(r.URL.Path) > len(code)+1 && r.URL.Path[:len(code)+2] == "/"+code+"/" {
				return code
			}
		}
	}
	return lang.Match(r.Header.Get("Accept-Language"), codes, fallback)
}

func failureKey(code int) string {
	switch code {
	case http.StatusNotFound:
		return "error.not_found"
	case http.StatusGone:
		return "error.gone"
	case http.StatusServiceUnavailable:
		return "error.unavailable"
	case http.StatusTooManyRequests:
		return "error.too_many"
	case http.StatusMisdirectedRequest:
		return "error.unknown_host"
	case http.StatusMethodNotAllowed, http.StatusBadRequest:
		return "error.bad_request"
	}
	return "error.internal"
}
