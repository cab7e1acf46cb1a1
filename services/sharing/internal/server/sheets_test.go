package server_test

import (
	"strings"
	"testing"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/server"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

// TestSheetsAreKept composes a sheet once, and anew when its article, site, code
// or language is another.
func TestSheetsAreKept(t *testing.T) {
	tools, err := server.OpenTools()
	must(t, err)
	article := &published.Article{Site: published.Site{Resource: sharingtest.Site()}, Resource: sharingtest.Article()}
	config := server.Config{Reader: oneArticle{article}, Cards: noCards{}, Tools: tools, ShortLinks: oneCode("3f7k2m9q")}
	compose := func(language string) *sharingv1.ComposeShareSheetResponse {
		t.Helper()
		sheet, err := server.New(config).ComposeShareSheet(t.Context(), &sharingv1.ComposeShareSheetRequest{
			Article: sharingtest.ArticleName, LanguageCode: language,
		})
		must(t, err)
		return sheet
	}
	first := compose("")
	if compose("") != first || compose("lt") != first {
		t.Error("the same sheet was composed twice")
	}
	if got := compose("da"); got.GetLanguageCode() != "da" || compose("da") != got || compose("") != first {
		t.Errorf("the sheet in Danish is in %q, or languages share a place", got.GetLanguageCode())
	}
	article.Resource = sharingtest.Article()
	article.Resource.Title = "Kita antraštė"
	if got := compose("").GetText(); !strings.Contains(got, "Kita antraštė") {
		t.Errorf("text %q is that of the article before", got)
	}
	config.ShortLinks = oneCode("")
	if got := compose("").GetShareLink(); got != "" {
		t.Errorf("link %q of an article that has none now", got)
	}
	config.ShortLinks = oneCode("3f7k2m9q")
	site := sharingtest.Site()
	site.FacebookAppId, site.Etag = "123456789", "s2"
	article.Site.Resource = site
	if links := compose("").GetLinks(); len(links) <= len(first.GetLinks()) {
		t.Errorf("%d targets after the site got one more, %d before", len(links), len(first.GetLinks()))
	}
}
