package cards

import (
	"testing"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

func TestGeneration(t *testing.T) {
	base := design{
		Title: "Antraštė", Language: "lt", Site: site{title: "Biblioteka", color: "#0b5a52"},
		Cover: picture{Photo: "p", Key: "k", FocalX: 0.5, FocalY: 0.5},
	}
	seen := map[string]string{base.generation(): "nothing"}
	for name, change := range map[string]func(*design){
		"title":         func(d *design) { d.Title = "Kita" },
		"language":      func(d *design) { d.Language = "en" },
		"site title":    func(d *design) { d.Site.title = "Kita" },
		"color":         func(d *design) { d.Site.color = "#000000" },
		"cover":         func(d *design) { d.Cover.Key = "kk" },
		"no cover":      func(d *design) { d.Cover = picture{} },
		"focal point":   func(d *design) { d.Cover.FocalX = 0.6 },
		"logo":          func(d *design) { d.Logo.Key = "k" },
		"moved letters": func(d *design) { d.Title, d.Language = "Antraštėl", "t" },
	} {
		changed := base
		change(&changed)
		if other, taken := seen[changed.generation()]; taken {
			t.Errorf("a change of %s and of %s give the same generation", name, other)
		}
		seen[changed.generation()] = name
	}
	if again := base; again.generation() != base.generation() || len(base.generation()) != 20 {
		t.Errorf("generation = %q, then %q", base.generation(), again.generation())
	}
}

func TestChoose(t *testing.T) {
	rendition := func(width, height int32, format mediav1.Rendition_Format, crop mediav1.Rendition_Crop) *mediav1.Rendition {
		return &mediav1.Rendition{Width: width, Height: height, Format: format, Crop: crop}
	}
	const (
		jpeg, webp  = mediav1.Rendition_FORMAT_JPEG, mediav1.Rendition_FORMAT_WEBP
		whole, wide = mediav1.Rendition_CROP_UNSPECIFIED, mediav1.Rendition_CROP_WIDE
		social      = mediav1.Rendition_CROP_SOCIAL
	)
	ladder := []*mediav1.Rendition{
		rendition(320, 213, jpeg, whole), rendition(1280, 853, webp, whole), rendition(1280, 853, jpeg, whole),
		rendition(1920, 1280, jpeg, whole), rendition(1280, 720, jpeg, wide),
	}
	for name, tc := range map[string]struct {
		from []*mediav1.Rendition
		want int32
	}{
		"none":                   {nil, 0},
		"the smallest that fits": {ladder, 1280},
		"a panorama needs more":  {[]*mediav1.Rendition{rendition(1280, 400, jpeg, whole), rendition(2560, 800, jpeg, whole)}, 2560},
		"none is enough":         {ladder[:1], 320},
		"WebP only":              {ladder[1:2], 0},
		"the cut for cards":      {append(ladder[:4:4], rendition(1200, 630, jpeg, social)), 1200},
		"a small cut for cards":  {append(ladder[:4:4], rendition(600, 315, jpeg, social)), 1280},
	} {
		if got := choose(tc.from, 1200).GetWidth(); got != tc.want {
			t.Errorf("%s: width %d, want %d", name, got, tc.want)
		}
	}
}

func TestSiteOf(t *testing.T) {
	for logo, want := range map[string]string{
		"https://a.lt/media/a-b/herbas/r1/320.jpg": "/media/a-b/herbas/r1/320.jpg",
		"https://b.lt/media/a-b/herbas/r1/320.jpg": "",
		"https://a.lt/logo.png":                    "",
		"":                                         "",
	} {
		got := siteOf(&articlev1.Site{BaseUri: "https://a.lt", Publisher: &articlev1.Publisher{LogoUri: logo}})
		if got.logo != want {
			t.Errorf("%q: %q, want %q", logo, got.logo, want)
		}
	}
	if got := siteOf(&articlev1.Site{Publisher: &articlev1.Publisher{LogoUri: "/media/a-b/c/r1/320.jpg"}}); got.logo != "" {
		t.Errorf("without an address of the site: %q", got.logo)
	}
}
