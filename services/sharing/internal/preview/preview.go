// Package preview makes what others show beside a link to an article: Open
// Graph, X card and schema.org data, typed and as elements for the head of a
// page.
//
// Whatever a title or a name holds, the elements are the same: texts stand in
// quoted attributes, escaped, or in JSON without the characters that HTML
// gives a meaning.
package preview

import (
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/lang"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/excerpt"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// descriptionLimit is what targets show of a description, in characters.
const descriptionLimit = 200

// Render returns the preview of an article. It fails only when the article
// holds text that JSON cannot, which no service of the suite lets in.
func Render(article published.Article) (*sharingv1.RenderPreviewResponse, error) {
	p := &sharingv1.RenderPreviewResponse{
		Title:        article.Title(),
		Description:  excerpt.Cut(article.Summary(), descriptionLimit, excerpt.Runes),
		CanonicalUri: article.URI(),
		SiteTitle:    article.Site.Title(),
		Locale:       locale(article.Language()),
		PublishTime:  timestamp(article.Published()),
		UpdateTime:   timestamp(article.Modified()),
		Tags:         article.Tags(),
	}
	if image, ok := article.Preview(); ok {
		p.Image = &sharingv1.PreviewImage{
			Uri: image.URI, MimeType: image.MIMEType, Width: image.Width, Height: image.Height, Alt: image.Alt,
		}
	}
	data, err := jsonLD(article, p)
	if err != nil {
		return nil, fmt.Errorf("encode schema.org data of %s: %w", article.Resource.GetName(), err)
	}
	p.JsonLd = string(data)
	p.HeadHtml = head(article, p)
	return p, nil
}

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
