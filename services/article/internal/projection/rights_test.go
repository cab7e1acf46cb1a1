package projection

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// TestPhotosThatMayNotBeShown holds that readers are told nothing of them but
// their names, that editors see them all the same, and that they come back.
func TestPhotosThatMayNotBeShown(t *testing.T) {
	const shown, barred = "sites/biblioteka/photos/langas", "sites/biblioteka/photos/vaikai"
	content := &articlev1.Article{
		Cover: &articlev1.PhotoPlacement{Photo: barred, Caption: new("Jonukas ir Onutė")},
		Blocks: []*articlev1.Block{
			{Content: &articlev1.Block_Figure{Figure: &articlev1.Figure{Placement: &articlev1.PhotoPlacement{
				Photo: barred, Alt: new("Jonukas"), Caption: new("Jonukas"), Credit: new("Onutė"), Crop: articlev1.PhotoPlacement_CROP_WIDE,
			}}}},
			{Content: &articlev1.Block_Gallery{Gallery: &articlev1.Gallery{Placements: []*articlev1.PhotoPlacement{
				{Photo: barred, Caption: new("Jonukas")}, {Photo: shown, Caption: new("Langas")},
			}}}},
		},
	}
	build := func(rights *mediav1.Rights, public bool) *articlev1.Article {
		a := proto.CloneOf(content)
		Resolve(article.Manuscript{Site: &articlev1.Site{}, Content: a, Photos: map[string]*article.Photo{
			shown: {Name: shown, Rights: &mediav1.Rights{Cleared: true}}, barred: {Name: barred, Rights: rights},
		}}, public)
		return a
	}
	ended := &mediav1.Rights{Problems: []mediav1.Rights_Problem{mediav1.Rights_PROBLEM_CONSENT_EXPIRED}}
	want := &articlev1.Article{
		Cover: &articlev1.PhotoPlacement{Photo: barred},
		Blocks: []*articlev1.Block{
			{Content: &articlev1.Block_Figure{Figure: &articlev1.Figure{Placement: &articlev1.PhotoPlacement{
				Photo: barred, Crop: articlev1.PhotoPlacement_CROP_WIDE,
			}}}},
			{Content: &articlev1.Block_Gallery{Gallery: &articlev1.Gallery{Placements: []*articlev1.PhotoPlacement{
				{Photo: barred}, {Photo: shown, Caption: new("Langas"), Placed: &articlev1.PlacedPhoto{Caption: "Langas"}},
			}}}},
		},
	}
	for name, rights := range map[string]*mediav1.Rights{"ended": ended, "not told": nil} {
		if diff := cmp.Diff(want, build(rights, true), protocmp.Transform()); diff != "" {
			t.Errorf("rights %s (-want +got):\n%s", name, diff)
		}
	}
	for name, a := range map[string]*articlev1.Article{
		"editors": build(ended, false), "readers, when cleared": build(&mediav1.Rights{Cleared: true}, true),
	} {
		if got := a.GetCover().GetPlaced().GetCaption(); got != "Jonukas ir Onutė" {
			t.Errorf("%s are shown the caption %q", name, got)
		}
	}
	gone := build(ended, true)
	gone.Cover = nil
	if got := Summary(gone).GetCover().GetPhoto(); got != shown {
		t.Errorf("a list shows %q, want the first photo that may be shown", got)
	}
}

func TestLicenseURI(t *testing.T) {
	for _, test := range []struct{ license, want string }{
		{"", ""},
		{"spdx_id: 'CC0-1.0'", "https://creativecommons.org/publicdomain/zero/1.0/"},
		{"spdx_id: 'CC-BY-NC-SA-4.0'", "https://creativecommons.org/licenses/by-nc-sa/4.0/"},
		{"spdx_id: 'CC-BY-3.0-DE'", "https://spdx.org/licenses/CC-BY-3.0-DE.html"},
		{"spdx_id: 'CC-BY-4.0' uri: 'https://example.org/'", "https://example.org/"},
		{"uri: 'https://example.org/'", "https://example.org/"},
	} {
		l := &mediav1.License{}
		if err := prototext.Unmarshal([]byte(test.license), l); err != nil {
			t.Fatal(err)
		}
		if got := licenseURI(l); got != test.want {
			t.Errorf("%s: %q, want %q", test.license, got, test.want)
		}
	}
}
