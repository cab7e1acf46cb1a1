package site

import (
	"html/template"
	"strings"

	"github.com/skaitykla/skaitykla/internal/lang"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// frontTargets is how many targets stand open; the others are behind one press.
const frontTargets = 9

// shareView is the share sheet of an article. It works without a script: what
// needs one is hidden until it has found that the browser can do it.
type shareView struct {
	Heading, Help string
	Script        string // address of the script

	Link          *shareField
	Targets, More []shareTarget
	MoreTitle     string
	LearnsTitle   string // of who learns what
	Title, Text   string // for the dialogue of the device
	Copied        string
	NotCopied     string
}

// shareField is the short address for people to copy.
type shareField struct {
	Name  string // what the field is
	URI   string
	Press shareTarget
}

// shareTarget is one way to share.
type shareTarget struct {
	ID, Title, Label, Disclosure string
	URL                          template.URL
	AppURL                       template.URL // instead of URL, where one can touch
	Icon                         template.HTML

	External bool // leads to another site
	NeedsApp bool
	Device   bool // a button for the dialogue of the device
}

// share returns the view of a share sheet; nil when there is nothing in it.
func (t *writer) share(sheet *sharingv1.ComposeShareSheetResponse, script string, drawn *icons) *shareView {
	l := t.lang
	if other, ok := lang.For(sheet.GetLanguageCode()); ok {
		l = other
	}
	view := &shareView{
		Heading: sheet.GetHeading(), Help: l.Message("share.help"), Script: script,
		MoreTitle: l.Message("share.more"), LearnsTitle: l.Message("share.learns"),
		Copied: l.Message("share.copied"), NotCopied: l.Message("share.copy_failed"),
	}
	view.Title, view.Text, _ = strings.Cut(sheet.GetText(), "\n")
	if view.Heading == "" {
		view.Heading = l.Message("share.heading")
	}
	for _, link := range sheet.GetLinks() {
		target, ok := t.target(link)
		target.Icon = drawn.element(link.GetIconSvg())
		switch {
		case !ok:
		case link.GetKind() == sharingv1.TargetLink_KIND_COPY:
			view.Link = &shareField{Name: l.Message("share.link"), URI: link.GetUri(), Press: target}
		case len(view.Targets) < frontTargets:
			view.Targets = append(view.Targets, target)
		default:
			view.More = append(view.More, target)
		}
	}
	if view.Link == nil && len(view.Targets) == 0 {
		return nil
	}
	return view
}

// target returns the view of one target without its drawing; false when it has
// no place on a page, as one of a kind that is not known here.
func (t *writer) target(link *sharingv1.TargetLink) (shareTarget, bool) {
	target := shareTarget{
		ID: link.GetTarget(), Title: link.GetTitle(), Label: link.GetLabel(), Disclosure: link.GetDisclosure(),
		NeedsApp: link.GetAppRequired(),
	}
	if !isTargetID(target.ID) || target.Title == "" {
		return shareTarget{}, false
	}
	var ok bool
	switch link.GetKind() { //nolint:exhaustive // all others are dropped
	case sharingv1.TargetLink_KIND_LINK:
		target.URL, ok = shareURL(link.GetUri())
		target.External = strings.HasPrefix(link.GetUri(), "https://")
		if app, known := shareURL(link.GetAppUri()); known {
			target.AppURL = app
		}
	case sharingv1.TargetLink_KIND_COPY, sharingv1.TargetLink_KIND_DEVICE:
		target.URL, ok = pageURL(link.GetUri())
		target.Device = link.GetKind() == sharingv1.TargetLink_KIND_DEVICE
	case sharingv1.TargetLink_KIND_PRINT, sharingv1.TargetLink_KIND_QR:
		// On this site it is the same page by whatever name the site is called.
		here, _ := strings.CutPrefix(link.GetUri(), t.site.GetBaseUri())
		target.URL, ok = safeURL(here)
	}
	return target, ok
}

// isTargetID reports whether id can be part of the id of an element.
func isTargetID(id string) bool {
	return id != "" && len(id) <= 30 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// shareURL returns uri if a share link may lead there: to another site, or to
// one of the programs for messages that targets open. html/template itself lets
// no scheme through but http, https and mailto.
func shareURL(uri string) (template.URL, bool) {
	for _, front := range []string{"viber://forward?", "sms:?", "fb-messenger://share?", "mailto:?"} {
		if strings.HasPrefix(uri, front) && isPlainURI(uri) {
			return template.URL(uri), true //nolint:gosec // its scheme is one of these, all else is escaped
		}
	}
	if !strings.HasPrefix(uri, "https://") || !isPlainURI(uri) {
		return "", false
	}
	return safeURL(uri)
}

// pageURL returns uri if it is the address of a page, as it is to be copied.
func pageURL(uri string) (template.URL, bool) {
	if strings.HasPrefix(uri, "/") || !strings.Contains(uri, "://") || !isPlainURI(uri) {
		return "", false
	}
	return safeURL(uri)
}

// isPlainURI reports whether uri is made of characters that an address is made
// of, and nothing that could end it.
func isPlainURI(uri string) bool {
	return strings.IndexFunc(uri, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("\"'<>\\^`{|}", r) }) < 0
}
