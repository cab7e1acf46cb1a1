package preview_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

func TestRenderFields(t *testing.T) {
	article := translated()
	got := render(t, sharingtest.Site(), article)
	want := &sharingv1.RenderPreviewResponse{
		Title: "Stažuotė Danijos bibliotekose: „ką parsivežėme?“",
		Description: "Gegužę bibliotekininkės lankėsi Danijoje: Orhuse, Odensėje ir Kopenhagoje. Jos matė, kaip dirbama " +
			"be skaitytojo bilieto, be tylos ir be eilių, ir parsivežė dvylika sumanymų, iš kurių trys jau veikia…",
		CanonicalUri: "https://naujienos.biblioteka.lt/stazuote-danijos-bibliotekose",
		SiteTitle:    "Bibliotekos naujienos",
		LanguageCode: "lt",
		Locale:       "lt_LT",
		Image: &sharingv1.PreviewImage{
			Uri:      "https://naujienos.biblioteka.lt/media/sites/biblioteka/photos/orhusas/1280.jpg",
			MimeType: "image/jpeg", Width: 1280, Height: 960, Size: 128_000, Alt: `Moteris prie lentynų, užrašas „DOKK1"`,
		},
		PublishTime: article.GetPublishTime(),
		UpdateTime:  article.GetUpdateTime(),
		Tags:        []string{"Danija", "stažuotė & mokymai"},
		Authors:     []string{"Vilkaviškio viešoji biblioteka", "Redaktorė"},
		OembedUri: "https://naujienos.biblioteka.lt/oembed?format=json" +
			"&url=https%3A%2F%2Fnaujienos.biblioteka.lt%2Fstazuote-danijos-bibliotekose",
		Alternates: []*sharingv1.AlternatePreview{
			{LanguageCode: "lt", Uri: "https://naujienos.biblioteka.lt/stazuote-danijos-bibliotekose"},
			{LanguageCode: "en", Uri: "https://naujienos.biblioteka.lt/en/a-visit"},
			{LanguageCode: "da", Uri: "https://naujienos.biblioteka.lt/da/et-besoeg"},
			{LanguageCode: "x-default", Uri: "https://naujienos.biblioteka.lt/stazuote-danijos-bibliotekose"},
		},
	}
	if diff := cmp.Diff(want, got, protocmp.Transform(),
		protocmp.IgnoreFields(&sharingv1.RenderPreviewResponse{}, "head_html", "json_ld", "event_json_ld", "oembed_json")); diff != "" {
		t.Errorf("preview (-want +got):\n%s", diff)
	}
	if n := utf8.RuneCountInString(got.GetDescription()); n > 200 {
		t.Errorf("description has %d characters", n)
	}
}

func TestRenderOneObject(t *testing.T) {
	got := render(t, sharingtest.Site(), sharingtest.Article()).GetJsonLd()
	if !strings.HasPrefix(got, `{"@context":"https://schema.org","@type":"NewsArticle",`) || strings.Contains(got, "@graph") {
		t.Errorf("JSON-LD is not one NewsArticle: %s", got)
	}
	// The event is told by the clock of the place.
	if !strings.Contains(got, `"startDate":"2024-06-20T17:00:00+03:00"`) {
		t.Errorf("JSON-LD has no local start of the event: %s", got)
	}
	if !strings.Contains(got, `{"@type":"Organization","name":"Vilkaviškio viešoji biblioteka","url":"https://naujienos.biblioteka.lt/"},{"@type":"Person","name":"Redaktorė"}`) {
		t.Errorf("JSON-LD does not tell the publisher from people: %s", got)
	}
}

func TestRenderFirstPhoto(t *testing.T) {
	article := sharingtest.Short()
	article.Blocks = []*articlev1.Block{
		{Content: &articlev1.Block_Paragraph{Paragraph: &articlev1.Paragraph{
			Text: &articlev1.RichText{Spans: []*articlev1.Span{{Text: "Pirma pastraipa."}}},
		}}},
		{Content: &articlev1.Block_Gallery{Gallery: &articlev1.Gallery{
			Placements: []*articlev1.PhotoPlacement{{}, sharingtest.Placement("sites/biblioteka/photos/b", "B")},
		}}},
		{Content: &articlev1.Block_Figure{Figure: &articlev1.Figure{Placement: sharingtest.Placement("sites/biblioteka/photos/c", "C")}}},
	}
	got := render(t, sharingtest.Site(), article)
	if got.GetImage().GetAlt() != "B" {
		t.Errorf("image is %v, want the first photo that can be shown", got.GetImage())
	}
	if got.GetDescription() != "Pirma pastraipa." {
		t.Errorf("description = %q, want the first paragraph", got.GetDescription())
	}
}

func TestRenderSmallPhoto(t *testing.T) {
	article := sharingtest.Short()
	article.Cover = sharingtest.Placement("sites/biblioteka/photos/a", "A")
	article.Cover.Placed.Renditions = article.Cover.Placed.Renditions[:4]
	if got := render(t, sharingtest.Site(), article).GetImage(); got.GetWidth() != 640 || got.GetMimeType() != "image/jpeg" {
		t.Errorf("image is %v, want the widest JPEG", got)
	}
}

// TestRenderShapes offers search engines the photo in every shape it has, and
// never one that networks show.
func TestRenderShapes(t *testing.T) {
	article := sharingtest.Article()
	placed := article.GetCover().GetPlaced()
	for crop, height := range map[mediav1.Rendition_Crop]int32{
		mediav1.Rendition_CROP_WIDE: 720, mediav1.Rendition_CROP_SQUARE: 1280, mediav1.Rendition_CROP_SOCIAL: 672,
	} {
		placed.CutRenditions = append(placed.CutRenditions,
			&mediav1.Rendition{Format: mediav1.Rendition_FORMAT_JPEG, Width: 640, Height: height / 2, Crop: crop, Uri: "/media/small-" + crop.String()},
			&mediav1.Rendition{Format: mediav1.Rendition_FORMAT_JPEG, Width: 1280, Height: height, Crop: crop, Uri: "/media/" + crop.String()},
			&mediav1.Rendition{Format: mediav1.Rendition_FORMAT_JPEG, Width: 1920, Height: height * 3 / 2, Crop: crop, Uri: "/media/large-" + crop.String()})
	}
	const origin = "https://naujienos.biblioteka.lt/media/"
	var data struct {
		Image []struct {
			URL           string
			Width, Height int
		}
	}
	unwrap(t, render(t, sharingtest.Site(), article).GetJsonLd(), &data)
	var got []string
	for _, image := range data.Image {
		got = append(got, fmt.Sprintf("%s %dx%d", image.URL, image.Width, image.Height))
	}
	want := []string{
		origin + "sites/biblioteka/photos/orhusas/1280.jpg 1280x960", origin + "CROP_WIDE 1280x720", origin + "CROP_SQUARE 1280x1280",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("images (-want +got):\n%s", diff)
	}
}

// TestRenderDefaultLanguage leads readers of other languages to the version in
// the language of the site.
func TestRenderDefaultLanguage(t *testing.T) {
	article := sharingtest.Article()
	article.LanguageCode, article.Path = "en", "/en/a-visit"
	article.Translations = []*articlev1.Translation{{LanguageCode: "da", Path: "/da/et-besoeg"}}
	last := func() string {
		all := render(t, sharingtest.Site(), article).GetAlternates()
		return all[len(all)-1].GetUri()
	}
	if got := last(); got != "https://naujienos.biblioteka.lt/en/a-visit" {
		t.Errorf("x-default is %s, want the article where there is none in the site's language", got)
	}
	article.Translations = append(article.Translations, &articlev1.Translation{LanguageCode: "lt", Path: "/vizitas"})
	if got := last(); got != "https://naujienos.biblioteka.lt/vizitas" {
		t.Errorf("x-default is %s, want the version in the site's language", got)
	}
}
