package server

import (
	"fmt"

	"github.com/maypok86/otter/v2"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/preview"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// keptPreviews is how many rendered previews are kept, of about 10 KB each.
const keptPreviews = 2_000

// previews keeps previews of articles that come from a cache: a preview is that
// of the very article, site and card it was rendered of. It is safe for
// concurrent use.
type previews struct {
	entries *otter.Cache[string, rendered]
}

// rendered is a preview and what it was rendered of.
type rendered struct {
	article  *articlev1.Article
	site     string // etag
	card     published.Image
	response *sharingv1.RenderPreviewResponse // not changed
}

func newPreviews() (*previews, error) {
	entries, err := otter.New(&otter.Options[string, rendered]{MaximumSize: keptPreviews})
	if err != nil {
		return nil, fmt.Errorf("make the cache of previews: %w", err)
	}
	return &previews{entries: entries}, nil
}

// render returns the preview of an article. It is shared and not to be changed.
func (p *previews) render(article published.Article) (*sharingv1.RenderPreviewResponse, error) {
	name := article.Resource.GetName()
	now := rendered{article: article.Resource, site: article.Site.Resource.GetEtag()}
	if article.Card != nil {
		now.card = *article.Card
	}
	kept, ok := p.entries.GetIfPresent(name)
	if ok && kept.article == now.article && kept.site == now.site && kept.card == now.card {
		return kept.response, nil
	}
	var err error
	if now.response, err = preview.Render(article, preview.Room{}); err != nil {
		return nil, err
	}
	p.entries.Set(name, now)
	return now.response, nil
}
