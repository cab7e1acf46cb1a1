package server

import (
	"fmt"

	"github.com/maypok86/otter/v2"

	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// keptSheets is how many composed share sheets are kept, of about 25 KB each.
const keptSheets = 1_000

// sheets keeps share sheets of articles that come from a cache: a sheet is that
// of the very article, site and code it was composed of. It is safe for
// concurrent use.
type sheets struct {
	entries *otter.Cache[sheetKey, composed]
}

// sheetKey names a sheet.
type sheetKey struct{ article, language string }

// composed is a sheet and what it was composed of.
type composed struct {
	article  *articlev1.Article
	site     string // etag
	code     string
	response *sharingv1.ComposeShareSheetResponse // not changed
}

func newSheets() (*sheets, error) {
	entries, err := otter.New(&otter.Options[sheetKey, composed]{MaximumSize: keptSheets})
	if err != nil {
		return nil, fmt.Errorf("make the cache of share sheets: %w", err)
	}
	return &sheets{entries: entries}, nil
}

// compose returns the sheet of an article. It is shared and not to be changed.
func (s *sheets) compose(article published.Article, code string, words *lang.Language) *sharingv1.ComposeShareSheetResponse {
	key := sheetKey{article.Resource.GetName(), words.Code()}
	now := composed{article: article.Resource, site: article.Site.Resource.GetEtag(), code: code}
	if kept, ok := s.entries.GetIfPresent(key); ok && kept.article == now.article && kept.site == now.site && kept.code == now.code {
		return kept.response
	}
	now.response = sheet(article, code, words)
	s.entries.Set(key, now)
	return now.response
}
