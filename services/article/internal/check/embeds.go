package check

import (
	"net/url"
	"strings"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// embedRules are about things of other providers and documents.
func embedRules() []rule {
	return []rule{
		{id: "embed-untitled", severity: failure, source: "WCAG 2.2, 4.1.2", find: embedUntitled},
		{id: "embed-title-vague", severity: warning, source: "WCAG 2.2, 4.1.2, 2.4.6", find: embedTitleVague},
		{id: "embed-media", severity: warning, source: "WCAG 2.2, 1.2.1–1.2.5", find: embedMedia},
		{id: "attachment-untitled", severity: failure, source: "WCAG 2.2, 2.4.4", find: attachmentUntitled},
		{id: "attachment-unspecified", severity: warning, source: "WCAG 2.2, 2.4.4 (G201)", find: attachmentUnspecified},
	}
}

func eachEmbed(v *view, do func(i int, e *articlev1.Embed)) {
	for i, b := range v.blocks() {
		if e := b.GetEmbed(); e != nil {
			do(i, e)
		}
	}
}

func embedUntitled(v *view, add func(hit)) {
	eachEmbed(v, func(i int, e *articlev1.Embed) {
		if blank(e.GetTitle()) {
			add(hit{block: i, field: "embed.title", excerpt: e.GetUri()})
		}
	})
}

// embedTitleVague finds titles that only name the provider, or an address.
func embedTitleVague(v *view, add func(hit)) {
	eachEmbed(v, func(i int, e *articlev1.Embed) {
		if sameText(e.GetProvider(), e.GetTitle()) || strings.Contains(e.GetTitle(), "://") || v.language.VagueLink(e.GetTitle()) {
			add(hit{block: i, field: "embed.title", excerpt: e.GetTitle(), pairs: []string{"text", e.GetTitle()}})
		}
	})
}

// embedMedia asks about captions and transcripts of films and recordings, which
// nobody can see from here; the waiver is the answer.
func embedMedia(v *view, add func(hit)) {
	eachEmbed(v, func(i int, e *articlev1.Embed) {
		u, err := url.Parse(e.GetUri())
		if err != nil {
			return
		}
		for _, host := range []string{
			"youtube.com", "youtube-nocookie.com", "youtu.be", "vimeo.com", "soundcloud.com", "spotify.com", "lrt.lt", "dr.dk", "dailymotion.com",
		} {
			if u.Hostname() == host || strings.HasSuffix(u.Hostname(), "."+host) {
				add(hit{block: i, field: "embed.uri", excerpt: e.GetUri(), pairs: []string{"provider", e.GetProvider()}})
				return
			}
		}
	})
}

func eachAttachment(v *view, do func(i int, a *articlev1.Attachment)) {
	for i, b := range v.blocks() {
		if a := b.GetAttachment(); a != nil {
			do(i, a)
		}
	}
}

func attachmentUntitled(v *view, add func(hit)) {
	eachAttachment(v, func(i int, a *articlev1.Attachment) {
		if blank(a.GetTitle()) {
			add(hit{block: i, field: "attachment.title", excerpt: a.GetUri()})
		}
	})
}

func attachmentUnspecified(v *view, add func(hit)) {
	eachAttachment(v, func(i int, a *articlev1.Attachment) {
		switch {
		case a.GetMimeType() == "":
			add(hit{block: i, field: "attachment.mime_type", excerpt: a.GetTitle(), key: a.GetUri()})
		case a.GetSizeBytes() == 0:
			add(hit{block: i, field: "attachment.size_bytes", excerpt: a.GetTitle(), key: a.GetUri()})
		}
	})
}
