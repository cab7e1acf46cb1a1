package appearance_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/internal/lang"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/appearance"
	"github.com/skaitykla/skaitykla/services/sharing/internal/preview"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

const (
	facebook = sharingv1.PreviewNetwork_PREVIEW_NETWORK_FACEBOOK
	x        = sharingv1.PreviewNetwork_PREVIEW_NETWORK_X
	whatsApp = sharingv1.PreviewNetwork_PREVIEW_NETWORK_WHATSAPP
	linkedIn = sharingv1.PreviewNetwork_PREVIEW_NETWORK_LINKEDIN
	mastodon = sharingv1.PreviewNetwork_PREVIEW_NETWORK_MASTODON
	bluesky  = sharingv1.PreviewNetwork_PREVIEW_NETWORK_BLUESKY
	telegram = sharingv1.PreviewNetwork_PREVIEW_NETWORK_TELEGRAM
)

func everyone() []sharingv1.PreviewNetwork {
	return []sharingv1.PreviewNetwork{facebook, x, whatsApp, linkedIn, mastodon, bluesky, telegram}
}

func checker(t *testing.T) *appearance.Checker {
	t.Helper()
	c, err := appearance.New()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// page returns the page of an article with its card, in which nothing is wrong.
func page(t *testing.T) appearance.Page {
	t.Helper()
	article := published.Article{
		Site: published.Site{Resource: sharingtest.Site()}, Resource: sharingtest.Article(),
		Card: &published.Image{
			URI: "https://naujienos.biblioteka.lt/card.jpg", MIMEType: "image/jpeg",
			Width: 1200, Height: 630, Size: 90_000, Alt: "Stažuotė",
		},
	}
	p, err := preview.Render(article, preview.Room{})
	if err != nil {
		t.Fatal(err)
	}
	return appearance.Page{Preview: p, Summary: "Trumpai."}
}

// find returns the finding of a rule; nil when there is none.
func find(t *testing.T, p appearance.Page, rule string) *sharingv1.PreviewFinding {
	t.Helper()
	for _, f := range checker(t).Check(p).GetFindings() {
		if f.GetRule() == rule {
			return f
		}
	}
	return nil
}

func TestNothingWrong(t *testing.T) {
	if got := checker(t).Check(page(t)).GetFindings(); len(got) != 0 {
		t.Errorf("findings about a good page: %v", got)
	}
}

func TestAppearances(t *testing.T) {
	p := page(t)
	p.Preview.Title = "Stažuotė Danijos bibliotekose: ką parsivežėme iš Orhuso, Odensės ir Kopenhagos, kas jau veikia ir kas dar tik lauks rudens mūsų filialuose bei skyriuose rajone"
	p.Preview.JsonLd = strings.Replace(p.Preview.GetJsonLd(), `"headline":"Stažuotė Danijos bibliotekose: „ką parsivežėme?“"`, `"headline":"Stažuotė Danijoje"`, 1)
	all := map[sharingv1.PreviewNetwork]*sharingv1.PreviewAppearance{}
	for _, a := range checker(t).Check(p).GetAppearances() {
		all[a.GetNetwork()] = a
	}
	image, description := p.Preview.GetImage(), p.Preview.GetDescription()
	want := map[sharingv1.PreviewNetwork]*sharingv1.PreviewAppearance{
		facebook: {
			Title:       "Stažuotė Danijos bibliotekose: ką parsivežėme iš Orhuso, Odensės ir Kopenhagos…",
			Description: "Gegužę bibliotekininkės lankėsi Danijoje: Orhuse, Odensėje ir Kopenhagoje. Jos…",
			SiteLine:    "naujienos.biblioteka.lt",
		},
		x:        {Title: "Stažuotė Danijos bibliotekose: ką parsivežėme iš Orhuso, Odensės ir…", SiteLine: "naujienos.biblioteka.lt"},
		whatsApp: {Title: "Stažuotė Danijos bibliotekose: ką parsivežėme iš Orhuso, Odensės ir Kopenhagos…", Description: description, SiteLine: "naujienos.biblioteka.lt"},
		linkedIn: {
			Title:       "Stažuotė Danijos bibliotekose: ką parsivežėme iš Orhuso, Odensės ir Kopenhagos, kas jau veikia ir kas dar tik lauks rudens mūsų filialuose bei…",
			Description: "Gegužę bibliotekininkės lankėsi Danijoje: Orhuse, Odensėje ir Kopenhagoje. Jos matė, kaip dirbama…",
			SiteLine:    "naujienos.biblioteka.lt",
		},
		mastodon: {Title: "Stažuotė Danijoje", Description: description, SiteLine: "Vilkaviškio viešoji biblioteka"},
		bluesky:  {Title: p.Preview.GetTitle(), Description: description, SiteLine: "naujienos.biblioteka.lt"},
		telegram: {Title: p.Preview.GetTitle(), Description: description, SiteLine: "Bibliotekos naujienos"},
	}
	for network, a := range want {
		a.Network, a.Image, a.LargeImage = network, image, true
	}
	if diff := cmp.Diff(want, all, protocmp.Transform()); diff != "" {
		t.Errorf("appearances (-want +got):\n%s", diff)
	}
}

// TestSmallPicture shows the description on X, whose large pictures leave no
// room for it.
func TestSmallPicture(t *testing.T) {
	p := page(t)
	p.Preview.Image.Width, p.Preview.Image.Height = 299, 299
	for _, a := range checker(t).Check(p).GetAppearances() {
		if a.GetNetwork() == x && (a.GetLargeImage() || a.GetImage() == nil || a.GetDescription() != p.Preview.GetDescription()) {
			t.Errorf("X shows %v, want a small picture and the description", a)
		}
	}
}

// TestMessages says of every finding, in every language, what is wrong.
func TestMessages(t *testing.T) {
	p := page(t)
	p.Preview = &sharingv1.RenderPreviewResponse{Image: &sharingv1.PreviewImage{MimeType: "image/svg+xml"}, CanonicalUri: "/x"}
	p.Offset = 2 << 20
	findings := checker(t).Check(p).GetFindings()
	if len(findings) < 6 {
		t.Fatalf("%d findings about a page without anything", len(findings))
	}
	if !slices.IsSortedFunc(findings, func(a, b *sharingv1.PreviewFinding) int { return int(b.GetSeverity()) - int(a.GetSeverity()) }) {
		t.Error("findings are not sorted, the worst first")
	}
	for _, f := range findings {
		if f.GetSource() == "" || len(f.GetNetworks()) == 0 {
			t.Errorf("finding %v has no source or no networks", f)
		}
		for _, code := range lang.Codes() {
			if text := f.GetMessages()[code]; text == "" || strings.ContainsAny(text, "{}") {
				t.Errorf("%s in %s says %q", f.GetRule(), code, text)
			}
		}
	}
	if want := "Adresas /x atsiveria tik šiame kompiuteryje"; !strings.HasPrefix(findings[0].GetMessages()["lt"], want) {
		t.Errorf("the worst finding says %q, want %q", findings[0].GetMessages()["lt"], want)
	}
}

// TestHostileTexts checks pages whose every text is hostile: a message is one
// line that holds no placeholder of the text.
func TestHostileTexts(t *testing.T) {
	for name, text := range sharingtest.Hostile() {
		t.Run(name, func(t *testing.T) {
			site, article := sharingtest.Site(), sharingtest.Article()
			site.Title, article.Title = text, strings.Repeat(text+" ", 9)
			rendered, err := preview.Render(published.Article{Site: published.Site{Resource: site}, Resource: article}, preview.Room{})
			if err != nil {
				t.Fatal(err)
			}
			p := appearance.Page{Preview: rendered, Summary: text}
			before := proto.Clone(rendered)
			for _, f := range checker(t).Check(p).GetFindings() {
				for code, message := range f.GetMessages() {
					if strings.ContainsAny(message, "\r\n\x00") || strings.Contains(message, "{networks}") {
						t.Errorf("%s in %s says %q", f.GetRule(), code, message)
					}
				}
			}
			if diff := cmp.Diff(before, proto.Message(rendered), protocmp.Transform()); diff != "" {
				t.Errorf("the preview was changed:\n%s", diff)
			}
		})
	}
}
