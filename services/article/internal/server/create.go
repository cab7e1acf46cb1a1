package server

import (
	"context"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// CreateArticle implements the ArticleService.
func (s *Server) CreateArticle(ctx context.Context, req *articlev1.CreateArticleRequest) (*articlev1.Article, error) {
	site, err := article.ParseSite("parent", req.GetParent())
	if err != nil {
		return nil, err
	}
	at := now()
	w, err := write(ctx, "CreateArticle", req.GetParent(), "", req, at)
	if err != nil {
		return nil, err
	}
	content, err := cleanArticle(req.GetArticle())
	if err != nil {
		return nil, err
	}
	if err := mayTakeOver(ctx, site, req.GetTakeOverSlug()); err != nil {
		return nil, err
	}
	n := article.Name{Site: site, ID: req.GetArticleId()}
	if n.ID == "" {
		n.ID = article.NewID()
	}
	replay := func(record *recordv1.Request) (*articlev1.Article, error) { return s.replayCreate(ctx, record) }
	tries := 0
	created, err := once(ctx, s, w, replay, func() (*articlev1.Article, error) {
		tries++
		return s.create(ctx, w, n, req, content, tries)
	})
	return created, hideHolder(ctx, site, err)
}

// slugTries is how often a slug that was just free may be taken by another
// before one is chosen that nobody else wants.
const slugTries = 3

func (s *Server) replayCreate(ctx context.Context, record *recordv1.Request) (*articlev1.Article, error) {
	n, err := article.ParseName("article", record.GetName())
	if err != nil {
		return nil, err
	}
	loaded, err := s.Store.Load(ctx, n, record.GetRevision())
	if err != nil {
		return nil, err
	}
	// Whoever may still create may still read working copies of the site.
	if auth.Grant(ctx, auth.ArticleReadWorking, article.SiteName(n.Site)) == auth.None {
		return nil, fault.Denied(string(auth.ArticleReadWorking))
	}
	return s.working(ctx, loaded), nil
}

func (s *Server) create(ctx context.Context, w article.Write, n article.Name, req *articlev1.CreateArticleRequest,
	cleaned *articlev1.Article, tries int,
) (*articlev1.Article, error) {
	site, err := s.Store.Site(ctx, n.Site)
	if err != nil {
		return nil, err
	}
	code, err := languageFor(site.GetSite(), req.GetArticle().GetLanguageCode())
	if err != nil {
		return nil, err
	}
	content := article.TakeContent(cleaned)
	derived := content.GetSlug() == ""
	if derived && tries > slugTries {
		content.Slug = article.SureSlug(code, content.GetTitle(), n.ID, w.Time)
	}
	if err := s.finish(ctx, draft{name: n, code: code, at: w.Time, takeOver: req.GetTakeOverSlug()}, content, nil); err != nil {
		return nil, err
	}
	if err := s.checkAliases(ctx, site.GetSite(), n, "", nil, cleaned.GetAliases()); err != nil {
		return nil, err
	}
	stamp := timestamppb.New(w.Time)
	l := article.Loaded{
		Name: n, Number: 1, Site: site,
		State: &recordv1.State{
			Name: n.String(), Uid: article.NewUID(), LanguageCode: code, State: article.Draft,
			Creator: w.Principal, CreateTime: stamp, Revision: 1, Annotations: cleaned.GetAnnotations(), Aliases: cleaned.GetAliases(),
		},
		Revision: &recordv1.Revision{Article: content, Author: w.Principal, CreateTime: stamp, Note: w.Note},
	}
	former := ""
	if req.GetTakeOverSlug() {
		if former, err = s.slugFormer(ctx, n, l.State, content.GetSlug(), true); err != nil {
			return nil, err
		}
	}
	s.summarize(ctx, &l, l.State, content, former)
	err = s.Store.Commit(ctx, article.Change{
		Write: w, Name: n, After: l.State, Revision: l.Revision, Slug: content.GetSlug(),
		TakeSlug: req.GetTakeOverSlug(),
		Kind:     articlev1.WatchArticlesResponse_KIND_CREATED,
	})
	if derived && fault.Has(err, faultv1.Reason_REASON_SLUG_TAKEN) {
		err = article.ErrOvertaken // another title took the slug that was just free
	}
	if err != nil {
		return nil, err
	}
	return s.working(ctx, l), nil
}

// cleanArticle returns what a caller may set of an article, in NFC, and its
// aliases in their canonical form. It takes the request's article over, whose
// digest was made before.
func cleanArticle(a *articlev1.Article) (*articlev1.Article, error) {
	content := article.TakeContent(a)
	content.Annotations = a.GetAnnotations()
	if err := article.CleanTexts("article", content.ProtoReflect()); err != nil {
		return nil, err
	}
	var err error
	content.Aliases, err = article.CleanAliases(a.GetAliases())
	return content, err
}

// languageFor returns the language of a new article.
func languageFor(site *articlev1.Site, code string) (string, error) {
	if code == "" {
		return site.GetDefaultLanguageCode(), nil
	}
	if !slices.Contains(site.GetLanguageCodes(), code) {
		return "", fault.InvalidField("article.language_code",
			"the site has no articles in %q; choose one of %s", code, strings.Join(site.GetLanguageCodes(), ", "))
	}
	return code, nil
}

// draft says which article content is for.
type draft struct {
	name     article.Name
	code     string // of its language
	at       time.Time
	takeOver bool // of a slug that another article once publicly had
}

// finish makes content ready to be stored: ids for blocks, a slug, and all the
// checks. before is the content it replaces; nil for none.
func (s *Server) finish(ctx context.Context, d draft, content, before *articlev1.Article) error {
	var title error
	if content.GetTitle() == "" {
		title = fault.InvalidField("article.title", "an article needs a title")
	}
	if err := fault.Join(title, article.AssignBlockIDs(content)); err != nil {
		return err
	}
	if err := article.CheckLimits(content); err != nil {
		return err
	}
	if err := s.checkPhotos(ctx, article.SiteName(d.name.Site), content, before); err != nil {
		return err
	}
	return s.chooseSlug(ctx, d, content, before)
}
