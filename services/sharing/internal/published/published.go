// Package published is what the sharing service speaks about: an article as
// readers see it, with its site and the address it has on the web.
//
// Texts that leave this package are single lines without control characters;
// addresses are absolute wherever an origin is known.
package published

import (
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/internal/richtext"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// Article is a published article of a site.
type Article struct {
	// Site is where it is published.
	Site Site
	// Resource is the published projection. It is not changed.
	Resource *articlev1.Article
	// Card is its social card; nil when there is none.
	Card *Image
}

// Title returns the title.
func (a Article) Title() string { return richtext.Line(a.Resource.GetTitle()) }

// URI returns the one address of the article's page.
func (a Article) URI() string { return a.Site.Absolute(a.Resource.GetPath()) }

// Language returns the language (BCP 47) of the text.
func (a Article) Language() string {
	if code := a.Resource.GetLanguageCode(); code != "" {
		return code
	}
	return a.Site.Resource.GetDefaultLanguageCode()
}

// Summary returns the lead, or without one the first paragraph, in full; empty
// when there is neither.
func (a Article) Summary() string {
	if lead := richtext.Line(richtext.Plain(a.Resource.GetLead())); lead != "" {
		return lead
	}
	for _, block := range a.Resource.GetBlocks() {
		if text := richtext.Line(richtext.Plain(block.GetParagraph().GetText())); text != "" {
			return text
		}
	}
	return ""
}

// Published returns the time readers see, in UTC; zero when it is not known.
func (a Article) Published() time.Time {
	if t := a.Resource.GetPublishTime(); t.IsValid() {
		return t.AsTime()
	}
	return time.Time{}
}

// Modified returns when the published text was last changed, never before it
// was published; zero when it is not known.
func (a Article) Modified() time.Time {
	published := a.Published()
	if t := a.Resource.GetUpdateTime(); t.IsValid() && t.AsTime().After(published) {
		return t.AsTime()
	}
	return published
}

// Tags returns the tags.
func (a Article) Tags() []string { return lines(a.Resource.GetTags()) }

// Topics returns the topics.
func (a Article) Topics() []string { return lines(a.Resource.GetTopics()) }

// Authors returns the names in the bylines.
func (a Article) Authors() []string {
	var names []string
	for _, byline := range a.Resource.GetBylines() {
		names = append(names, byline.GetDisplayName())
	}
	return lines(names)
}

// lines returns the texts as single lines, without empty ones.
func lines(texts []string) []string {
	var kept []string
	for _, text := range texts {
		if line := strings.TrimSpace(richtext.Line(text)); line != "" {
			kept = append(kept, line)
		}
	}
	return kept
}
