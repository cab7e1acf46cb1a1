// Package shortlinks opens short links: it sends whoever comes to `/s/{code}` on to
// the article, and counts the visit.
//
// A link leads where the sharing service says, never to an address that came
// with the request; it works on every host that reaches the gateway and sends to
// the article's own site. Codes may be typed in capitals. What stands behind the
// code is a source, `/s/{code}.f`, or nothing that matters: a query, such as one
// that a network adds to recognize readers, is dropped.
//
// Who opens a link is seen by package clicks and by nobody else: nothing of it
// goes to the sharing service, into the log or back to the client, and no
// cookie is set. While package sharefeed follows where links lead, opening one
// needs no call to another service.
package shortlinks

import (
	"maps"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/gateway/internal/clicks"
	"github.com/skaitykla/skaitykla/gateway/internal/sharefeed"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/shortcode"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// prefix is where short links stand. In QR codes it is in capitals, which take
// less room there.
const prefix = "/s/"

// Has reports whether path is that of a short link.
func Has(path string) bool {
	return len(path) >= len(prefix) && path[0] == '/' && path[1]|0x20 == 's' && path[2] == '/'
}

// Pages are what people see when a link leads nowhere.
type Pages interface {
	// LinkPage answers with the page for an HTTP status: 404, 405, 410 or 503.
	// found has what there is instead; nil for nothing.
	LinkPage(w http.ResponseWriter, r *http.Request, status int, found *sharingv1.ResolveShareLinkResponse)
}

// Config is what a Handler needs; Links and Pages are required.
type Config struct {
	Links *sharefeed.Feed
	Pages Pages
	// Counter counts the visits, and Bursts tells those of machines that pass for
	// people. Nothing is counted when Counter is nil.
	Counter *clicks.Counter
	Bursts  *clicks.Bursts
	// TrustedProxies are the addresses whose X-Forwarded-For counts.
	TrustedProxies []netip.Prefix
}

// Handler serves short links. It is safe for concurrent use.
type Handler struct {
	Config

	headers http.Header
	classes *clicks.Classifier
	sources map[string]sharingv1.ShareSource
	letters [256]sharingv1.ShareSource // by the letter behind the dot
}

// New returns a handler of short links.
func New(config Config) *Handler {
	h := &Handler{Config: config, headers: redirectHeaders(), classes: clicks.NewClassifier(), sources: sources()}
	for id, suffix := range shortcode.Sources() {
		h.letters[suffix[1]] = h.sources[id]
	}
	return h
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		h.Pages.LinkPage(w, r, http.StatusMethodNotAllowed, nil)
		return
	}
	text := strings.TrimSuffix(r.URL.Path[min(len(r.URL.Path), len(prefix)):], "/")
	if link, source, ok := h.known(text); ok {
		h.open(w, r, link, source)
		return
	}
	typed, ok := shortcode.Parse(text)
	if !ok || strings.Contains(text, "/") {
		h.Pages.LinkPage(w, r, http.StatusNotFound, nil)
		return
	}
	if typed.Kind == shortcode.KindOther {
		h.serveNothing(w, r, typed.ID)
		return
	}
	h.serve(w, r, typed)
}

// serve answers for what can be a link.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request, typed shortcode.Segment) {
	link, answer, err := h.Links.Find(r.Context(), typed.ID)
	switch {
	case err != nil:
		h.Pages.LinkPage(w, r, statusOf(err), nil)
	case link == nil:
		h.Pages.LinkPage(w, r, http.StatusNotFound, answer)
	case link.Location != "":
		h.open(w, r, link, h.sources[typed.Source])
	default:
		if answer == nil { // what there is instead is not kept
			answer, _ = h.Links.Resolve(r.Context(), typed.ID) // or the page goes without
		}
		h.Pages.LinkPage(w, r, http.StatusGone, answer)
	}
}

// serveNothing answers for what can be no link, with those that it is like.
func (h *Handler) serveNothing(w http.ResponseWriter, r *http.Request, typed string) {
	found, err := h.Links.Resolve(r.Context(), typed)
	if err != nil {
		h.Pages.LinkPage(w, r, statusOf(err), nil)
		return
	}
	h.Pages.LinkPage(w, r, http.StatusNotFound, found)
}

// statusOf returns the status for a call that failed: all that is not an answer
// may be otherwise in a minute.
func statusOf(err error) int {
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) || fault.Has(err, faultv1.Reason_REASON_INVALID_FIELD) {
		return http.StatusNotFound
	}
	return http.StatusServiceUnavailable
}

// known returns the link of a code that is written as it was made, without a
// source or with one, if it leads somewhere and no one has to be asked; it is
// what nearly everybody comes with. All else is for shortcode.Parse to read.
func (h *Handler) known(text string) (*sharefeed.Link, sharingv1.ShareSource, bool) {
	source := sharingv1.ShareSource_SHARE_SOURCE_UNSPECIFIED
	switch {
	case len(text) == shortcode.Length:
	case len(text) == shortcode.Length+len(".f") && text[shortcode.Length] == '.':
		if source = h.letters[text[shortcode.Length+1]]; source == sharingv1.ShareSource_SHARE_SOURCE_UNSPECIFIED {
			return nil, source, false
		}
		text = text[:shortcode.Length]
	default:
		return nil, source, false
	}
	link, ok := h.Links.Known(text)
	return link, source, ok && link.Location != ""
}

// open answers with a redirect of one hop, and counts the visit. Nobody is to keep
// the answer: where a link leads may change, and each visit counts.
func (h *Handler) open(w http.ResponseWriter, r *http.Request, link *sharefeed.Link, source sharingv1.ShareSource) {
	header := w.Header()
	header["Location"] = link.Header()
	maps.Copy(header, h.headers)
	w.WriteHeader(http.StatusFound)
	h.count(r, link, source)
}

// redirectHeaders are those that all redirects have, in canonical form.
func redirectHeaders() http.Header {
	return http.Header{
		"Cache-Control":   {"no-store"},
		"Referrer-Policy": {"no-referrer"},
		"X-Robots-Tag":    {"noindex"},
	}
}

// count counts the visit that r is.
func (h *Handler) count(r *http.Request, link *sharefeed.Link, source sharingv1.ShareSource) {
	if h.Counter == nil {
		return
	}
	visit := h.classes.Classify(r, link.Hosts...)
	if visit.Reason == sharingv1.MachineReason_MACHINE_REASON_UNSPECIFIED &&
		h.Bursts.Opened(time.Now(), link.Name, visitor(r, h.TrustedProxies), r.UserAgent(), visit.Withheld) {
		visit.Reason = sharingv1.MachineReason_MACHINE_REASON_BURST
	}
	h.Counter.Add(link.Name, source, visit)
}
