package preview_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

func TestRenderFields(t *testing.T) {
	article := sharingtest.Article()
	got := render(t, sharingtest.Site(), article)
	want := &sharingv1.RenderPreviewResponse{
		Title: "Stažuotė Danijos bibliotekose: „ką parsivežėme?“",
		Description: "Gegužę bibliotekininkės lankėsi Danijoje: Orhuse, Odensėje ir Kopenhagoje. Jos matė, kaip dirbama " +
			"be skaitytojo bilieto, be tylos ir be eilių, ir parsivežė dvylika sumanymų, iš kurių trys jau veikia…",
		CanonicalUri: "https://naujienos.biblioteka.lt/stazuote-danijos-bibliotekose",
		SiteTitle:    "Bibliotekos naujienos",
		Locale:       "lt_LT",
		Image: &sharingv1.PreviewImage{
			Uri:      "https://naujienos.biblioteka.lt/media/sites/biblioteka/photos/orhusas/1280.jpg",
			MimeType: "image/jpeg", Width: 1280, Height: 960, Alt: `Moteris prie lentynų, užrašas „DOKK1"`,
		},
		PublishTime: article.GetPublishTime(),
		UpdateTime:  article.GetUpdateTime(),
		Tags:        []string{"Danija", "stažuotė & mokymai"},
	}
	if diff := cmp.Diff(want, got, protocmp.Transform(),
		protocmp.IgnoreFields(&sharingv1.RenderPreviewResponse{}, "head_html", "json_ld")); diff != "" {
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
	if !strings.Contains(got, `{"@type":"Organization","name":"Vilkaviškio viešoji biblioteka"},{"@type":"Person","name":"Redaktorė"}`) {
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
