package site

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/internal/richtext"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

const (
	// frontSize is how many articles a page of the list shows: the newest large,
	// the others in rows of two or three.
	frontSize = 13
	// excerptLength is how many characters of a lead a list shows.
	excerptLength = 220
	// pageParam and beforeParam are the parameters of a front page.
	pageParam, beforeParam = "page", "before"
)

// frontView is a list of articles.
type frontView struct {
	Title           string
	Description     string
	DescriptionCode string // its language
	Cards           []card
	Older, Newer    string // addresses; empty when there is none
}

// card is one article of a list.
type card struct {
	Code string // its language

	Title, Path, Date, DateTime, Excerpt string
	Cover                                *photo
	// Other is set where the article is not in the language of the page:
	// the name of its language, in that language, and a sentence that says so.
	Other, OtherHint string
}

// serveFront answers with the newest articles, each in the language of the page
// if it has that, else in another one of the site. Pages are found by
// the tokens of the service, which only lead to older ones: the query also
// remembers the page before, and what is newer than that begins anew.
func (s *Site) serveFront(w http.ResponseWriter, r *http.Request, site *articlev1.Site, code string) {
	token, before := strings.ToValidUTF8(r.URL.Query().Get(pageParam), "\uFFFD"), r.URL.Query().Get(beforeParam)
	list, err := s.articles.ListArticles(reply.Anonymous(r.Context(), r), &articlev1.ListArticlesRequest{
		Parent: site.GetName(), PageSize: frontSize, PageToken: token,
		LanguageCodes: preferred(site, code),
	})
	if err != nil {
		s.failWith(w, r, site, err)
		return
	}
	p := s.newPage(site, code)
	t := &writer{site: site, lang: p.lang, code: p.Code}
	pics := &pictures{}
	p.Front = &frontView{
		Title: p.T("list.newest"), Description: site.GetDescription(), DescriptionCode: site.GetDefaultLanguageCode(),
	}
	for i, a := range list.GetArticles() {
		sizes := sizesCard
		if i == 0 && token == "" {
			sizes = sizesLead
		}
		if c, ok := t.card(a, pics, sizes); ok {
			p.Front.Cards = append(p.Front.Cards, c)
		}
	}
	if next := list.GetNextPageToken(); next != "" {
		p.Front.Older = listPath(p.Home, next, token)
	}
	if token != "" {
		p.Front.Newer = listPath(p.Home, before, "")
		p.NoIndex = true
	}
	p.Title = site.GetTitle()
	p.style(site, pics)
	s.send(w, r, http.StatusOK, p)
}

// card returns the view of an article in a list; false when it has no address.
func (t *writer) card(a *articlev1.Article, pics *pictures, sizes string) (card, bool) {
	if !isLocal(a.GetPath()) {
		return card{}, false
	}
	c := card{
		Code:  a.GetLanguageCode(),
		Title: t.text(a.GetTitle()), Path: a.GetPath(), Date: t.date(a),
		Excerpt: t.text(excerpt(richtext.Plain(a.GetLead()), excerptLength)),
		Cover:   pics.card(t, a.GetCover(), sizes),
	}
	if a.GetPublishTime() != nil {
		c.DateTime = a.GetPublishTime().AsTime().In(t.zone()).Format(time.RFC3339)
	}
	if l, ok := lang.For(c.Code); ok && c.Code != t.code {
		c.Other, c.OtherHint = l.Name(), t.lang.Message("article.other_language", "language", l.Name())
	}
	return c, true
}

// preferred returns the languages of a site, best first for readers of one: that
// one, the default one, then the others.
func preferred(site *articlev1.Site, code string) []string {
	codes := append([]string{code, site.GetDefaultLanguageCode()}, site.GetLanguageCodes()...)
	var unique []string
	for _, c := range codes {
		if !slices.Contains(unique, c) {
			unique = append(unique, c)
		}
	}
	return unique
}

// listPath returns the address of a page of the list; "" tokens are left out.
func listPath(home, token, before string) string {
	query := url.Values{}
	for name, value := range map[string]string{pageParam: token, beforeParam: before} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if len(query) == 0 {
		return home
	}
	return home + "?" + query.Encode()
}

// excerpt returns the beginning of a text, cut at the end of a word.
func excerpt(text string, limit int) string {
	text = richtext.Line(text)
	runes := []rune(text)
	if len(runes) <= limit {
		return text
	}
	cut := string(runes[:limit+1]) // a word may end right at the limit
	if space := strings.LastIndexAny(cut, " \u00a0"); space > 0 {
		cut = cut[:space]
	} else {
		cut = string(runes[:limit])
	}
	return strings.TrimRight(cut, " \u00a0,;:–-.") + "…"
}
