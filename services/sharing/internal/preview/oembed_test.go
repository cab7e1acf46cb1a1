package preview_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/services/sharing/internal/preview"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

func TestOEmbed(t *testing.T) {
	const photo = "https://naujienos.biblioteka.lt/media/sites/biblioteka/photos/orhusas/"
	card := published.Image{URI: "https://naujienos.biblioteka.lt/card.jpg", MIMEType: "image/jpeg", Width: 1200, Height: 630}
	tests := []struct {
		name          string
		card          *published.Image
		room          preview.Room
		thumbnail     any
		width, height any
	}{
		{"any size", &card, preview.Room{}, card.URI, 1200.0, 630.0},
		{"just enough for the card", &card, preview.Room{Width: 1200, Height: 630}, card.URI, 1200.0, 630.0},
		{"too narrow for the card", &card, preview.Room{Width: 1199}, photo + "960.jpg", 960.0, 720.0},
		{"too low for the card", &card, preview.Room{Height: 629}, photo + "640.jpg", 640.0, 480.0},
		{"both", &card, preview.Room{Width: 700, Height: 300}, photo + "320.jpg", 320.0, 240.0},
		{"just enough for the smallest", &card, preview.Room{Width: 320, Height: 240}, photo + "320.jpg", 320.0, 240.0},
		{"nothing fits", &card, preview.Room{Width: 319}, nil, nil, nil},
		{"without a card", nil, preview.Room{}, photo + "1280.jpg", 1280.0, 960.0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			article := published.Article{
				Site: published.Site{Resource: sharingtest.Site()}, Resource: sharingtest.Article(), Card: test.card,
			}
			p, err := preview.Render(article, test.room)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]any{
				"version": "1.0", "type": "link", "title": p.GetTitle(), "author_name": "Vilkaviškio viešoji biblioteka, Redaktorė",
				"provider_name": "Bibliotekos naujienos", "provider_url": "https://naujienos.biblioteka.lt/", "cache_age": 3600.0,
			}
			if test.thumbnail != nil {
				want["thumbnail_url"], want["thumbnail_width"], want["thumbnail_height"] = test.thumbnail, test.width, test.height
			}
			var got map[string]any
			if err := json.Unmarshal([]byte(p.GetOembedJson()), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("oEmbed (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOEmbedAddress gives no address of the answer where there is none of the
// page.
func TestOEmbedAddress(t *testing.T) {
	site := sharingtest.Site()
	if got, want := render(t, site, sharingtest.Article()).GetOembedUri(),
		"https://naujienos.biblioteka.lt/oembed?format=json&url=https%3A%2F%2Fnaujienos.biblioteka.lt%2Fstazuote-danijos-bibliotekose"; got != want {
		t.Errorf("oembed_uri = %q, want %q", got, want)
	}
	site.BaseUri = ""
	if got := render(t, site, sharingtest.Article()).GetOembedUri(); got != "" {
		t.Errorf("oembed_uri = %q without an address of the site", got)
	}
}
