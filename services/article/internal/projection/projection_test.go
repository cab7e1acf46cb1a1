package projection_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/projection"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

const photo = "sites/biblioteka/photos/langas"

func decode(t *testing.T, b []byte) *articlev1.Article {
	t.Helper()
	a := &articlev1.Article{}
	if err := proto.Unmarshal(b, a); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestBuild holds the whole of a small projection.
func TestBuild(t *testing.T) {
	// 23:30 UTC of the 6th is the 7th in Lithuania: dates are the site's.
	shown := timestamppb.New(time.Date(2024, 6, 6, 23, 30, 0, 0, time.UTC))
	site := &articlev1.Site{Name: "sites/biblioteka", DefaultLanguageCode: "lt", LanguageCodes: []string{"lt", "en", "da"}, TimeZone: "Europe/Vilnius"}
	state := &recordv1.State{
		Name: "sites/biblioteka/articles/stazuote", Uid: "u", LanguageCode: "en", State: article.Published, Creator: "ona",
		CreateTime: shown, PublishTime: shown, FirstPublicTime: shown, Revision: 5, PublishedRevision: 3, Annotations: map[string]string{"k": "v"},
	}
	empty := ""
	content := &articlev1.Article{
		Title: "A visit", Slug: "a-visit", Bylines: []*articlev1.Byline{{DisplayName: "Ona", Principal: "ona@example.lt"}},
		Blocks: []*articlev1.Block{{Id: "g", Content: &articlev1.Block_Gallery{Gallery: &articlev1.Gallery{Placements: []*articlev1.PhotoPlacement{
			{Photo: photo}, {Photo: photo, Caption: &empty, Decorative: true}, {Photo: photo + "-gone"},
		}}}}},
	}
	record := &mediav1.Photo{
		Name: photo, Width: 4, Height: 3, Color: "#112233", Placeholder: []byte{7}, Credit: "Jonas",
		Alts: map[string]string{"lt": "Langas"}, Captions: map[string]string{"en": "A window", "lt": "Langas vakare"},
		Rights: &mediav1.Rights{Cleared: true}, License: &mediav1.License{SpdxId: "CC-BY-4.0"},
		Renditions: []*mediav1.Rendition{{Width: 320, Uri: "/media/x/320.jpg?signature=abc"}},
	}
	r := &recordv1.Revision{Article: content, CreateTime: shown}
	before := proto.CloneOf(r)
	got, err := projection.Build(state, r, article.Manuscript{
		Site: site, LanguageCode: "en", Content: content, Photos: map[string]*mediav1.Photo{photo: record},
	})
	if err != nil {
		t.Fatal(err)
	}
	renditions := []*mediav1.Rendition{{Width: 320, Uri: "/media/x/320.jpg"}}
	want := &articlev1.Article{
		Name: state.GetName(), Uid: "u", LanguageCode: "en", Title: "A visit", Slug: "a-visit", Path: "/en/a-visit",
		State: article.Published, CreateTime: shown, UpdateTime: shown, PublishTime: shown, FirstPublicTime: shown,
		Revision: 3, PublishedRevision: 3, Etag: article.Etag(state, 3), Bylines: []*articlev1.Byline{{DisplayName: "Ona"}},
		PublishTimeTexts: map[string]string{"lt": "2024\u00a0m. birželio 7\u00a0d.", "en": "7 June 2024", "da": "7. juni 2024"},
		Blocks: []*articlev1.Block{{Id: "g", Content: &articlev1.Block_Gallery{Gallery: &articlev1.Gallery{Placements: []*articlev1.PhotoPlacement{
			{Photo: photo, Placed: &articlev1.PlacedPhoto{
				Alt: "Langas", Caption: "A window", Credit: "Jonas", Width: 4, Height: 3, Color: "#112233", Placeholder: []byte{7}, Renditions: renditions,
				License: "CC-BY-4.0", LicenseUri: "https://creativecommons.org/licenses/by/4.0/",
			}},
			{Photo: photo, Caption: &empty, Decorative: true, Placed: &articlev1.PlacedPhoto{
				Credit: "Jonas", Width: 4, Height: 3, Color: "#112233", Placeholder: []byte{7}, Renditions: renditions,
				License: "CC-BY-4.0", LicenseUri: "https://creativecommons.org/licenses/by/4.0/",
			}},
			{Photo: photo + "-gone"},
		}}}}},
	}
	full := decode(t, got.Full)
	for code, text := range want.GetPublishTimeTexts() {
		if full.GetPublishTimeTexts()[code] == "" {
			t.Errorf("there is no date for %s like %q", code, text)
		}
	}
	if diff := cmp.Diff(want, full, protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
	want.Cover, want.Blocks = want.GetBlocks()[0].GetGallery().GetPlacements()[0], nil
	if diff := cmp.Diff(want, decode(t, got.Summary), protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(before, r, protocmp.Transform()); diff != "" {
		t.Errorf("the revision was changed: %s", diff)
	}
	again, err := projection.Build(state, r, article.Manuscript{
		Site: site, LanguageCode: "en", Content: content, Photos: map[string]*mediav1.Photo{photo: record},
	})
	if err != nil || string(again.Full) != string(got.Full) {
		t.Errorf("made again it is another, %v", err)
	}
}

// A placed photo has the whole sizes and the shapes that may be needed where it
// stands, and stays small.
func TestResolvePlacesTheShapesThatAreNeeded(t *testing.T) {
	const photo = "sites/langas/photos/stazuote-danijoje"
	record := &mediav1.Photo{
		Name: photo, Width: 4288, Height: 2848, Color: "#112233", Placeholder: make([]byte, 25),
		Rights: &mediav1.Rights{Cleared: true},
	}
	add := func(crop mediav1.Rendition_Crop, name string, widths ...int32) {
		for _, width := range widths {
			for f, extension := range map[mediav1.Rendition_Format]string{
				mediav1.Rendition_FORMAT_JPEG: "jpg", mediav1.Rendition_FORMAT_WEBP: "webp", mediav1.Rendition_FORMAT_AVIF: "avif",
			} {
				record.Renditions = append(record.Renditions, &mediav1.Rendition{
					Format: f, Crop: crop, Width: width, Height: width * 2 / 3, SizeBytes: 123_456, Crc32C: 1 << 31,
					Uri: fmt.Sprintf("/media/langas/stazuote-danijoje/r1-0123456789/%d%s.%s", width, name, extension),
				})
			}
		}
	}
	add(0, "", 320, 640, 960, 1280, 1920, 2560)
	add(mediav1.Rendition_CROP_WIDE, "-wide", 320, 640, 1280)
	add(mediav1.Rendition_CROP_CLASSIC, "-classic", 320, 640)
	add(mediav1.Rendition_CROP_SQUARE, "-square", 320, 640)
	add(mediav1.Rendition_CROP_SOCIAL, "-social", 1200)
	content := &articlev1.Article{
		Cover: &articlev1.PhotoPlacement{Photo: photo, Crop: articlev1.PhotoPlacement_CROP_SQUARE},
		Blocks: []*articlev1.Block{
			{Content: &articlev1.Block_Figure{Figure: &articlev1.Figure{Placement: &articlev1.PhotoPlacement{Photo: photo}}}},
			{Content: &articlev1.Block_Figure{Figure: &articlev1.Figure{Placement: &articlev1.PhotoPlacement{
				Photo: photo, Crop: articlev1.PhotoPlacement_CROP_CLASSIC,
			}}}},
		},
	}
	projection.Resolve(article.Manuscript{Site: &articlev1.Site{}, Content: content, Photos: map[string]*mediav1.Photo{photo: record}}, true)
	for i, want := range []struct{ cut, bytes int }{{15, 2500}, {0, 1500}, {6, 1950}} {
		p := content.GetCover()
		if i > 0 {
			p = content.GetBlocks()[i-1].GetFigure().GetPlacement()
		}
		size := proto.Size(p.GetPlaced())
		t.Logf("placement %d: %d bytes", i, size)
		if len(p.GetPlaced().GetRenditions()) != 18 || len(p.GetPlaced().GetCutRenditions()) != want.cut || size > want.bytes {
			t.Errorf("placement %d: %d whole and %d cut renditions in %d bytes, want 18 and %d in at most %d",
				i, len(p.GetPlaced().GetRenditions()), len(p.GetPlaced().GetCutRenditions()), size, want.cut, want.bytes)
		}
		for _, r := range p.GetPlaced().GetRenditions() {
			if r.GetCrop() != mediav1.Rendition_CROP_UNSPECIFIED {
				t.Errorf("%v is among the whole ones", r)
			}
		}
	}
}
