package site

import (
	"html/template"

	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// translation is a link to another language version of an article.
type translation struct{ Code, Name, Title, Path string }

// alternate is one language version of a page, for search engines.
type alternate struct {
	Code string
	URL  template.URL
}

// translate leads to the other languages of an article: in the head, at the top
// of the article, and in the language switch.
func (p *page) translate(site *articlev1.Site, a *articlev1.Article) {
	p.addAlternate(site, a.GetLanguageCode(), a.GetPath())
	for _, t := range a.GetTranslations() {
		l, ok := lang.For(t.GetLanguageCode())
		if !ok || !isLocal(t.GetPath()) {
			continue
		}
		p.Article.Translations = append(p.Article.Translations, translation{
			Code: t.GetLanguageCode(), Name: l.Name(), Title: t.GetTitle(), Path: t.GetPath(),
		})
		p.addAlternate(site, t.GetLanguageCode(), t.GetPath())
		for i := range p.Languages {
			if p.Languages[i].Code == t.GetLanguageCode() {
				p.Languages[i].Home = t.GetPath()
			}
		}
	}
	if len(p.Article.Translations) == 0 {
		p.Alternates = nil
	}
}

// addAlternate names a language version by its absolute address, which search
// engines want, as far as the site has one.
func (p *page) addAlternate(site *articlev1.Site, code, path string) {
	if url, ok := safeURL(site.GetBaseUri() + path); ok {
		p.Alternates = append(p.Alternates, alternate{Code: code, URL: url})
	}
}
