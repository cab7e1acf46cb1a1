package preview

import (
	"encoding/json"
	"net/url"
	"strings"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// cacheAge is for how many seconds a consumer may keep an answer; a withdrawn
// article then is nowhere for more than an hour longer.
const cacheAge = 3600

// link is an oEmbed 1.0 answer of type link (https://oembed.com, section 2.3.4).
// A thumbnail has all three values or none.
type link struct {
	Version         string `json:"version"`
	Type            string `json:"type"`
	Title           string `json:"title"`
	Author          string `json:"author_name,omitempty"`
	Provider        string `json:"provider_name,omitempty"`
	ProviderURL     string `json:"provider_url,omitempty"`
	CacheAge        int    `json:"cache_age"`
	Thumbnail       string `json:"thumbnail_url,omitempty"`
	ThumbnailWidth  int32  `json:"thumbnail_width,omitempty"`
	ThumbnailHeight int32  `json:"thumbnail_height,omitempty"`
}

// oEmbed returns the answer for an article, with a thumbnail that fits or none.
func oEmbed(article published.Article, room Room, p *sharingv1.RenderPreviewResponse) (string, error) {
	answer := link{
		Version:     "1.0",
		Type:        "link",
		Title:       p.GetTitle(),
		Author:      strings.Join(p.GetAuthors(), ", "),
		Provider:    p.GetSiteTitle(),
		ProviderURL: article.Site.Absolute("/"),
		CacheAge:    cacheAge,
	}
	if image, ok := article.Within(room.Width, room.Height); ok {
		answer.Thumbnail, answer.ThumbnailWidth, answer.ThumbnailHeight = image.URI, image.Width, image.Height
	}
	data, err := json.Marshal(answer)
	return string(data), err
}

// oEmbedURI returns where the answer for a page is; empty when the page has no
// absolute address, by which a consumer could ask.
func oEmbedURI(site published.Site, page string) string {
	if !strings.HasPrefix(page, "http") {
		return ""
	}
	return site.Absolute("/oembed?format=json&url=" + url.QueryEscape(page))
}
