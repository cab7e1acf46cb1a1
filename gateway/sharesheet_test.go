package gateway_test

import (
	"context"
	"net/url"
	"strings"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// The short address of every article in these tests.
const shortAddress = "https://biblioteka.example/s/3f7k2m9q"

const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" ` +
	`stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">` +
	`<path d="M12 15V3.5M8 7l4-3.5L16 7M7 11H5v9.5h14V11h-2"/><circle cx="6" cy="12" r="2.5"/></svg>`

// ComposeShareSheet answers with every target of the sharing service, and with
// some that no page may show.
func (s *sharingService) ComposeShareSheet(context.Context, *sharingv1.ComposeShareSheetRequest) (*sharingv1.ComposeShareSheetResponse, error) {
	sheet := &sharingv1.ComposeShareSheetResponse{
		Heading: "Dalintis", LanguageCode: "lt", ShareLink: siteName + "/shareLinks/3f7k2m9q", ShortUri: shortAddress,
		Text: "Stažuotė\nGegužę bibliotekininkės lankėsi Danijoje.\nMarių biblioteka",
	}
	add := func(kind sharingv1.TargetLink_Kind, target, title, uri string, change ...func(*sharingv1.TargetLink)) {
		link := &sharingv1.TargetLink{
			Target: target, Title: title, Label: title + ": dalintis šiuo straipsniu", Uri: uri, Kind: kind, IconSvg: drawing,
			Disclosure: "Atveriama svetainė. Jos valdytojas sužinos jūsų naršyklę ir tai, kuriuo straipsniu dalijatės.",
		}
		for _, f := range change {
			f(link)
		}
		sheet.Links = append(sheet.Links, link)
	}
	const link = sharingv1.TargetLink_KIND_LINK
	app := func(l *sharingv1.TargetLink) { l.AppRequired = true }
	to := func(letter string) string { return url.QueryEscape(shortAddress + "." + letter) }
	add(sharingv1.TargetLink_KIND_DEVICE, "device", "Kita programa", shortAddress+".d")
	add(link, "facebook", "Facebook", "https://www.facebook.com/sharer/sharer.php?u="+to("f"))
	add(link, "messenger", "Messenger", "https://www.facebook.com/dialog/send?app_id=1&link="+to("g"), func(l *sharingv1.TargetLink) {
		l.AppUri = "fb-messenger://share?link=" + to("g")
	})
	add(link, "viber", "Viber", "viber://forward?text="+to("v"), app)
	add(link, "whatsapp", "WhatsApp", "https://wa.me/?text=Sta%C5%BEuot%C4%97%0A"+to("w"))
	add(link, "email", "El. paštas", "mailto:?subject=Sta%C5%BEuot%C4%97&body="+to("m"))
	add(link, "sms", "SMS", "sms:?&body="+to("s"), app)
	add(sharingv1.TargetLink_KIND_COPY, "copy", "Kopijuoti nuorodą", shortAddress+".c")
	add(sharingv1.TargetLink_KIND_QR, "qr", "QR kodas", "https://biblioteka.example/-/qr/3f7k2m9q.svg")
	add(sharingv1.TargetLink_KIND_PRINT, "print", "Spausdinti lapelį", "https://biblioteka.example/-/articles/kelione/print")
	add(link, "x", "X", "https://x.com/intent/tweet?text=Sta%C5%BEuot%C4%97&url="+to("x"))
	add(link, "linkedin", "LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?url="+to("n"))
	add(link, "mastodon", "Mastodon", "https://share.joinmastodon.org/?text="+to("a"))
	if s.hostile {
		sheet.Links = append(sheet.Links, hostileLinks()...)
	}
	return sheet, nil
}

// RenderPrintSheet answers with a sheet for the sample, and a policy that no
// header may have for any other.
func (s *sharingService) RenderPrintSheet(_ context.Context, req *sharingv1.RenderPrintSheetRequest) (*sharingv1.RenderPrintSheetResponse, error) {
	switch req.GetArticle() {
	case siteName + "/articles/kelione":
	case siteName + "/articles/nebera":
		return nil, fault.New(faultv1.Reason_REASON_RESOURCE_GONE, "%s was withdrawn", req.GetArticle())
	default:
		return nil, fault.NotFound(req.GetArticle())
	}
	hash := "'sha256-" + strings.Repeat("a", 43) + "='"
	if s.hostile {
		hash = "'unsafe-inline'; script-src *"
	}
	return &sharingv1.RenderPrintSheetResponse{MimeType: "text/html; charset=utf-8", Document: []byte("<!doctype html><p>Lapas"), Etag: "l1", StyleHash: hash}, nil
}

// RenderQrCode answers with the name of the format for a picture.
func (s *sharingService) RenderQrCode(_ context.Context, req *sharingv1.RenderQrCodeRequest) (*sharingv1.RenderQrCodeResponse, error) {
	if req.GetShareLink() == siteName+"/shareLinks/"+codeGone {
		return nil, fault.New(faultv1.Reason_REASON_RESOURCE_GONE, "%s leads nowhere any more", req.GetShareLink())
	}
	if req.GetShareLink() != siteName+"/shareLinks/3f7k2m9q" {
		return nil, fault.NotFound(req.GetShareLink())
	}
	return &sharingv1.RenderQrCodeResponse{MimeType: "text/html", Document: []byte(req.GetFormat().String()), Etag: "q1"}, nil
}

// hostileLinks are what no page may show, and one whose drawing it may not.
func hostileLinks() []*sharingv1.TargetLink {
	const link = sharingv1.TargetLink_KIND_LINK
	rows := []*sharingv1.TargetLink{
		{Kind: link, Target: "evil", Uri: "javascript:alert(1)"},
		{Kind: link, Target: "evil-data", Uri: "data:text/html,x"},
		{Kind: link, Target: "evil-viber", Uri: "viber://forward?text=\"><script>alert(1)</script>"},
		{Kind: link, Target: "evil-viber-other", Uri: "viber://add?number=1"},
		{Kind: link, Target: "evil-plain", Uri: "http://elsewhere.example/"},
		{Kind: link, Target: `e"vil`, Uri: "https://elsewhere.example/"},
		{Kind: sharingv1.TargetLink_KIND_COPY, Target: "evil-copy", Uri: "javascript:alert(1)"},
		{Kind: sharingv1.TargetLink_KIND_QR, Target: "evil-qr", Uri: "//elsewhere.example/x.svg"},
		{Target: "evil-kind", Uri: "https://elsewhere.example/"},
		{
			Kind: link, Target: "odd", Uri: "https://elsewhere.example/?u=1", AppUri: "javascript:alert(1)",
			IconSvg: `<svg viewBox="0 0 24 24" onload="alert(1)"><path d="M0 0"/><image href="https://evil.example/x.png"/></svg>`,
		},
	}
	for _, row := range rows {
		row.Title, row.Label, row.Disclosure = "Ženklas", "Ženklas: "+evil, evil
	}
	return rows
}
