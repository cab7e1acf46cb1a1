// Package preview makes what others show beside a link to an article: Open
// Graph, X card, schema.org and oEmbed data, typed and as elements for the head
// of a page.
//
// Whatever a title or a name holds, the elements are the same: texts stand in
// quoted attributes, escaped, or in JSON without the characters that HTML
// gives a meaning.
package preview

import (
	"fmt"
	"time"
	"unicode/utf8"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/lang"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/excerpt"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// DescriptionLimit is the most characters of a description: what X takes, and
// more than others show.
const DescriptionLimit = 200

// Room is how large the picture of an oEmbed answer may be, in pixels; 0 is any
// size.
type Room struct{ Width, Height int32 }

// Render returns the preview of an article. It fails only when the article
// holds text that JSON cannot, which no service of the suite lets in.
func Render(article published.Article, room Room) (*sharingv1.RenderPreviewResponse, error) {
	p := &sharingv1.RenderPreviewResponse{
		Title:        article.Title(),
		Description:  describe(article.Summary()),
		CanonicalUri: article.URI(),
		SiteTitle:    article.Site.Title(),
		LanguageCode: article.Language(),
		Locale:       locale(article.Language()),
		PublishTime:  timestamp(article.Published()),
		UpdateTime:   timestamp(article.Modified()),
		Tags:         article.Tags(),
		Authors:      article.Authors(),
		Alternates:   alternates(article),
	}
	if image, ok := article.Preview(); ok {
		p.Image = &sharingv1.PreviewImage{
			Uri: image.URI, MimeType: image.MIMEType, Width: image.Width, Height: image.Height, Alt: image.Alt, Size: image.Size,
		}
	}
	if err := encode(article, room, p); err != nil {
		return nil, fmt.Errorf("encode the preview of %s: %w", article.Resource.GetName(), err)
	}
	p.HeadHtml = head(article, p)
	return p, nil
}

// encode fills in what is JSON.
func encode(article published.Article, room Room, p *sharingv1.RenderPreviewResponse) error {
	shapes, occasion := article.Shapes(), about(article, p)
	var err error
	if p.JsonLd, err = newsArticleOf(article, p, shapes, occasion); err != nil {
		return err
	}
	if p.EventJsonLd, err = eventOf(article, p, shapes, occasion); err != nil {
		return err
	}
	p.OembedUri = oEmbedURI(article.Site, p.GetCanonicalUri())
	p.OembedJson, err = oEmbed(article, room, p)
	return err
}

// describe cuts a text to what targets show of a description. Of a long one
// only the beginning is looked at.
func describe(text string) string {
	const enough = (DescriptionLimit + 1) * 8
	if len(text) > enough {
		end := enough
		for !utf8.RuneStart(text[end]) {
			end--
		}
		text = text[:end]
	}
	return excerpt.Cut(text, DescriptionLimit, excerpt.Runes)
}

// alternates returns all language versions and where readers of other languages
// go (https://developers.google.com/search/docs/specialty/international).
func alternates(article published.Article) []*sharingv1.AlternatePreview {
	versions := article.Versions()
	if len(versions) == 0 {
		return nil
	}
	all := make([]*sharingv1.AlternatePreview, 0, len(versions)+1)
	for _, version := range versions {
		all = append(all, &sharingv1.AlternatePreview{LanguageCode: version.Language, Uri: version.URI})
	}
	return append(all, &sharingv1.AlternatePreview{LanguageCode: anyLanguage, Uri: article.DefaultURI()})
}

// anyLanguage stands for all languages that are not named.
const anyLanguage = "x-default"

// locale returns the form of a language that Open Graph wants; empty for one
// without tables, since a guess would be wrong about the country.
func locale(code string) string {
	if l, ok := lang.For(code); ok {
		return l.Locale()
	}
	return ""
}

// timestamp returns nil for the zero time.
func timestamp(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}
