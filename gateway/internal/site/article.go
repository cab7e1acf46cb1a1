package site

import (
	"context"
	"html/template"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	"github.com/skaitykla/skaitykla/internal/richtext"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// articleView is an article as the page shows it.
type articleView struct {
	Title    string
	Date     string // for people
	DateTime string // for machines
	Bylines  []string
	Lead     template.HTML
	Cover    *photo
	Blocks   []block
	Event    *eventView
	Funding  []string
	Tags     []string
	Share    *shareView

	Translations []translation
}

// serveArticle answers with the page of a public article.
func (s *Site) serveArticle(w http.ResponseWriter, r *http.Request, site *articlev1.Site, name string) {
	ctx, cancel := context.WithCancel(reply.Anonymous(r.Context(), r))
	defer cancel()
	var extras sync.WaitGroup
	var sheet *sharingv1.ComposeShareSheetResponse
	var preview *sharingv1.RenderPreviewResponse
	extras.Go(func() { sheet = s.shareSheet(ctx, name) })
	extras.Go(func() { preview = s.preview(ctx, name) })
	article, err := s.articles.GetArticle(ctx, &articlev1.GetArticleRequest{Name: name})
	if err != nil {
		cancel()
		extras.Wait()
		s.failWith(w, r, site, err)
		return
	}
	extras.Wait()

	p := s.newPage(site, article.GetLanguageCode())
	t := &writer{site: site, lang: p.lang, code: p.Code}
	pics := &pictures{}
	p.Article = t.article(article, pics)
	p.Article.Share = t.share(sheet, s.assets.path("share.js"), s.icons)
	p.Title = article.GetTitle() + " – " + site.GetTitle()
	p.translate(site, article)
	p.describe(w.Header(), preview)
	if preview == nil {
		p.Head = bareHead(site, article)
	}
	p.style(site, pics)
	s.send(w, r, http.StatusOK, p)
}

// article returns the view of an article without its share links.
func (t *writer) article(a *articlev1.Article, pics *pictures) *articleView {
	view := &articleView{
		Title: t.text(a.GetTitle()), Date: t.date(a), Funding: a.GetFundingLines(), Tags: a.GetTags(),
		Event: t.event(a.GetEvent()), Lead: t.rich(a.GetLead()),
	}
	if a.GetPublishTime() != nil {
		view.DateTime = a.GetPublishTime().AsTime().In(t.zone()).Format(time.RFC3339)
	}
	for _, b := range a.GetBylines() {
		name := b.GetDisplayName()
		if b.GetRole() != "" {
			name += " (" + b.GetRole() + ")"
		}
		view.Bylines = append(view.Bylines, t.text(name))
	}
	if richtext.Plain(a.GetLead()) == "" {
		view.Lead = ""
	}
	if !placedInBody(a) {
		view.Cover = pics.place(t, a.GetCover(), sizesHero)
	}
	view.Blocks = t.blocks(a.GetBlocks(), pics)
	return view
}

// placedInBody reports whether the cover stands in the body too, where it is
// not to be shown twice.
func placedInBody(a *articlev1.Article) bool {
	cover := a.GetCover().GetPhoto()
	for _, b := range a.GetBlocks() {
		if b.GetFigure().GetPlacement().GetPhoto() == cover {
			return true
		}
		for _, placement := range b.GetGallery().GetPlacements() {
			if placement.GetPhoto() == cover {
				return true
			}
		}
	}
	return false
}

// date returns the day of publishing in the reader's language.
func (t *writer) date(a *articlev1.Article) string {
	if text := a.GetPublishTimeTexts()[t.code]; text != "" {
		return t.text(text)
	}
	if a.GetPublishTime() == nil {
		return ""
	}
	return t.lang.Date(a.GetPublishTime().AsTime().In(t.zone()))
}

// zone returns the time zone of the site; UTC when it has none that is known
// here.
func (t *writer) zone() *time.Location {
	zone, err := time.LoadLocation(t.site.GetTimeZone())
	if err != nil {
		return time.UTC
	}
	return zone
}

// shareSheet and preview return nil when the sharing service does not answer:
// the page is shown without them.

func (s *Site) shareSheet(ctx context.Context, name string) *sharingv1.ComposeShareSheetResponse {
	ctx, cancel := context.WithTimeout(ctx, extraTimeout)
	defer cancel()
	sheet, err := s.sharing.ComposeShareSheet(ctx, &sharingv1.ComposeShareSheetRequest{Article: name})
	if err != nil {
		s.missing(ctx, "share sheet", name, err)
	}
	return sheet
}

func (s *Site) preview(ctx context.Context, name string) *sharingv1.RenderPreviewResponse {
	ctx, cancel := context.WithTimeout(ctx, extraTimeout)
	defer cancel()
	preview, err := s.sharing.RenderPreview(ctx, &sharingv1.RenderPreviewRequest{Article: name})
	if err != nil {
		s.missing(ctx, "preview", name, err)
	}
	return preview
}

func (s *Site) missing(ctx context.Context, part, name string, err error) {
	s.log.WarnContext(ctx, "page without a part", slog.String("part", part), slog.String("article", name),
		slog.String("error", strings.ToValidUTF8(err.Error(), "\uFFFD")))
}
