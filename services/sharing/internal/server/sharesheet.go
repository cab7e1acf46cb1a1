package server

import (
	"context"
	"errors"
	"strings"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/internal/shortcode"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/targets"
)

// ShortLinks finds short links.
type ShortLinks interface {
	// Code returns the code of the published article with the uid. It fails with
	// RESOURCE_NOT_FOUND while there is none.
	Code(ctx context.Context, name published.Name, uid string) (string, error)
}

// ComposeShareSheet implements the method of the contract.
func (s *Server) ComposeShareSheet(ctx context.Context, req *sharingv1.ComposeShareSheetRequest) (*sharingv1.ComposeShareSheetResponse, error) {
	article, words, code, err := s.shared(ctx, req)
	if err != nil {
		return nil, err
	}
	if s.Tools.sheets == nil {
		return sheet(article, code, words), nil
	}
	return s.Tools.sheets.compose(article, code, words), nil
}

// sharingRequest names an article to share, and a language.
type sharingRequest interface {
	GetArticle() string
	GetLanguageCode() string
}

// shared returns the published article that is to be shared, the language to do
// it in - that of the article when none is asked for - and the article's code,
// empty while it has none. It fails as public does, and for a language without
// texts.
func (s *Server) shared(ctx context.Context, req sharingRequest) (
	article published.Article, words *lang.Language, code string, err error,
) {
	if asked := req.GetLanguageCode(); asked != "" {
		var known bool
		if words, known = lang.For(asked); !known {
			return article, nil, "", fault.InvalidField("language_code", "there are no texts in %q; ask for one of %s",
				asked, strings.Join(lang.Codes(), ", "))
		}
	}
	if article, err = s.public(ctx, req.GetArticle()); err != nil {
		return article, nil, "", err
	}
	if words == nil {
		words = languageOf(article)
	}
	code, err = s.codeOf(ctx, article)
	return article, words, code, err
}

// codeOf returns the code of an article, empty while it has none.
func (s *Server) codeOf(ctx context.Context, article published.Article) (string, error) {
	if s.ShortLinks == nil {
		return "", nil
	}
	name, err := published.ParseName("article", article.Resource.GetName())
	if err != nil {
		return "", err
	}
	code, err := s.ShortLinks.Code(ctx, name, article.Resource.GetUid())
	if e, ok := errors.AsType[*fault.Error](err); ok && e.Kind == fault.KindNotFound {
		return "", nil
	}
	return code, err
}

// sheet returns the share sheet of an article with a code, or without one.
func sheet(article published.Article, code string, words *lang.Language) *sharingv1.ComposeShareSheetResponse {
	item := itemOf(article, code)
	offered := targets.Of(article.Site.Resource)
	answer := &sharingv1.ComposeShareSheetResponse{
		Heading: targets.Heading(words), LanguageCode: words.Code(),
		ShortUri: item.URI, Text: targets.Text(item), Links: make([]*sharingv1.TargetLink, 0, len(offered)),
	}
	if code != "" {
		answer.ShareLink = article.Site.Resource.GetName() + "/shareLinks/" + code
		answer.ShortUri = item.Short
	}
	made := make([]sharingv1.TargetLink, len(offered)) // all at once
	for i, target := range offered {
		if target.Offered(item) {
			writeLink(&made[i], target, item, words)
			answer.Links = append(answer.Links, &made[i])
		}
	}
	return answer
}

// itemOf returns what is shared of an article.
func itemOf(article published.Article, code string) targets.Item {
	site := article.Site
	item := targets.Item{
		Title: article.Title(), Lead: targets.ShortLead(article.Summary()), Site: site.Title(), URI: article.URI(),
		FacebookAppID: site.Resource.GetFacebookAppId(),
	}
	if image, ok := article.Preview(); ok {
		item.Image = image.URI
	}
	if code != "" {
		_, id, _ := strings.Cut(article.Resource.GetName(), "/articles/")
		item.Short = site.Absolute("/s/" + code)
		item.Sheet = site.Absolute("/-/articles/" + id + "/print")
		item.Code = site.Absolute("/-/qr/" + code + ".svg")
	}
	if strings.HasPrefix(item.URI, "/") {
		// What has no host cannot be opened from paper.
		item.Sheet, item.Code = "", ""
	}
	return item
}

// writeLink fills in the link of a target.
func writeLink(link *sharingv1.TargetLink, target targets.Target, item targets.Item, words *lang.Language) {
	link.Target = target.ID
	link.Title, link.Label = target.Words(words)
	link.Uri = target.Link(item, words)
	link.Disclosure = target.Disclosure(words)
	link.Kind = kindOf(target.Kind)
	link.RecipientHost = target.Host()
	link.AppRequired = target.NeedsApp
	link.IconSvg = target.Icon
	link.Source = sourceOf(target.Source())
	link.AppUri = target.AppLink(item)
	link.Recipient = target.Recipient
	link.Exposure = exposureOf(target.Exposure)
}

func kindOf(kind targets.Kind) sharingv1.TargetLink_Kind {
	switch kind {
	case targets.KindLink:
		return sharingv1.TargetLink_KIND_LINK
	case targets.KindCopy:
		return sharingv1.TargetLink_KIND_COPY
	case targets.KindPrint:
		return sharingv1.TargetLink_KIND_PRINT
	case targets.KindQR:
		return sharingv1.TargetLink_KIND_QR
	case targets.KindDevice:
		return sharingv1.TargetLink_KIND_DEVICE
	}
	return sharingv1.TargetLink_KIND_UNSPECIFIED
}

func exposureOf(exposure targets.Exposure) sharingv1.TargetLink_Exposure {
	switch exposure {
	case targets.ExposureNone:
		return sharingv1.TargetLink_EXPOSURE_NONE
	case targets.ExposurePress:
		return sharingv1.TargetLink_EXPOSURE_PRESS
	case targets.ExposureSend:
		return sharingv1.TargetLink_EXPOSURE_SEND
	}
	return sharingv1.TargetLink_EXPOSURE_UNSPECIFIED
}

// sourceOf returns the source of an id of package shortcode.
func sourceOf(id string) sharingv1.ShareSource {
	if id == shortcode.OwnSource {
		return sharingv1.ShareSource_SHARE_SOURCE_OTHER
	}
	const longest = 40
	name := append(make([]byte, 0, longest), "SHARE_SOURCE_"...)
	for i := range min(len(id), longest) {
		c := id[i]
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		name = append(name, c)
	}
	return sharingv1.ShareSource(sharingv1.ShareSource_value[string(name)])
}
