// Package sharingtest gives the tests of the sharing service something to
// share: a site with articles, texts that try to break out of everything, and
// an article service that serves them.
package sharingtest

import (
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// Names of what Site, Article and Short return.
const (
	SiteName    = "sites/biblioteka"
	ArticleName = SiteName + "/articles/stazuote"
	ShortName   = SiteName + "/articles/trumpa"
)

// Site returns a site with everything set.
func Site() *articlev1.Site {
	return &articlev1.Site{
		Name:                SiteName,
		Title:               "Bibliotekos naujienos",
		Description:         "Kas vyksta bibliotekoje & jos filialuose",
		BaseUri:             "https://naujienos.biblioteka.lt",
		DefaultLanguageCode: "lt",
		LanguageCodes:       []string{"lt", "en"},
		TimeZone:            "Europe/Vilnius",
		Publisher: &articlev1.Publisher{
			Title: "Vilkaviškio viešoji biblioteka", LogoUri: "https://naujienos.biblioteka.lt/logo.png",
		},
	}
}

// Article returns a published article with everything that is shared.
func Article() *articlev1.Article {
	return &articlev1.Article{
		Name:         ArticleName,
		Uid:          "5b0f2b5e-6c0f-4a5e-9d27-6f8f0a4f3a10",
		LanguageCode: "lt",
		Slug:         "stazuote-danijos-bibliotekose",
		Path:         "/stazuote-danijos-bibliotekose",
		Title:        "Stažuotė Danijos bibliotekose: „ką parsivežėme?“",
		Lead: &articlev1.RichText{Spans: []*articlev1.Span{
			{Text: "Gegužę bibliotekininkės "},
			{Text: "lankėsi Danijoje", Marks: []articlev1.Span_Mark{articlev1.Span_MARK_STRONG}},
			{Text: ": Orhuse, Odensėje\nir Kopenhagoje. Jos matė, kaip dirbama be skaitytojo bilieto, " +
				"be tylos ir be eilių, ir parsivežė dvylika sumanymų, iš kurių trys jau veikia mūsų filialuose, o kiti lauks rudens."},
		}},
		Tags:         []string{"Danija", "stažuotė & mokymai"},
		Topics:       []string{"Bendradarbiavimas"},
		Bylines:      []*articlev1.Byline{{DisplayName: "Vilkaviškio viešoji biblioteka"}, {DisplayName: "Redaktorė", Role: "tekstas"}},
		State:        articlev1.Article_STATE_PUBLISHED,
		PublishTime:  at("2024-06-07T06:30:00Z"),
		UpdateTime:   at("2024-06-08T10:00:00Z"),
		Cover:        Placement("sites/biblioteka/photos/orhusas", `Moteris prie lentynų, užrašas „DOKK1"`),
		Event:        &articlev1.Event{StartTime: at("2024-06-20T14:00:00Z"), EndTime: at("2024-06-20T16:00:00Z"), Place: "Konferencijų salė"},
		FundingLines: []string{"Finansuoja Europos Sąjunga"},
	}
}

// Short returns a published article with nothing that may be left out.
func Short() *articlev1.Article {
	return &articlev1.Article{
		Name:         ShortName,
		Uid:          "0b0f2b5e-6c0f-4a5e-9d27-6f8f0a4f3a11",
		LanguageCode: "lt",
		Path:         "/trumpa",
		Title:        "Trumpa žinia",
		State:        articlev1.Article_STATE_PUBLISHED,
		PublishTime:  at("2024-05-01T12:00:00Z"),
	}
}

// Placement returns a placed photo with renditions in JPEG and WebP.
func Placement(photo, alt string) *articlev1.PhotoPlacement {
	placed := &articlev1.PlacedPhoto{Alt: alt, Width: 2000, Height: 1500, Color: "#a0b0c0"}
	for _, width := range []int32{320, 640, 960, 1280, 1920} {
		for format, ending := range map[mediav1.Rendition_Format]string{
			mediav1.Rendition_FORMAT_JPEG: ".jpg", mediav1.Rendition_FORMAT_WEBP: ".webp",
		} {
			placed.Renditions = append(placed.Renditions, &mediav1.Rendition{
				Format: format, Width: width, Height: width * 3 / 4, SizeBytes: int64(width) * 100,
				Uri: "/media/" + photo + "/" + decimal(width) + ending,
			})
		}
	}
	return &articlev1.PhotoPlacement{Photo: photo, Placed: placed}
}

// Hostile returns texts that try to break out of attributes, elements,
// scripts, queries, headers and lines, by what they try.
func Hostile() map[string]string {
	return map[string]string{
		"lt quotes":        "Stažuotė: „ką parsivežėme?“ – A. & B.",
		"english":          `Rock & roll + C# = 100 % "fun"? Yes; no`,
		"danish":           "På besøg i Ærøskøbing – 'smør & brød'",
		"script end":       `</script><script>alert(1)</script>`,
		"comment":          `<!--<script>`,
		"comment end":      `--><img src=x onerror=alert(1)>`,
		"attribute":        `" onmouseover="alert(1)" x='`,
		"head end":         `"></head><body><h1>`,
		"entities":         `&quot;&lt;/script&gt;&#34;&amp;amp;`,
		"query":            "a&url=https://evil.example/&u=b#c?subject=d",
		"header injection": "x%0D%0ABcc:%20all@example.lt\r\nBcc: all@example.lt",
		"control":          "a\x00b\x1b[31mc\u0085d\ufffe",
		"lines":            "vienas\ndu\r\ntrys\u2028keturi",
		"direction":        "gera\u202eeinod",
		"emoji":            "Knygų mugė 👩‍👩‍👧‍👦📚 🇱🇹",
		"template":         "{{.Title}} {title} ${x} %s",
		"CDATA":            "]]><x>",
		"300 letters":      strings.Repeat("Žąsų ", 60),
		"300 emoji":        strings.Repeat("📚", 300),
		"not UTF-8":        "a\xff\xfeb",
	}
}

func at(text string) *timestamppb.Timestamp {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil
	}
	return timestamppb.New(t)
}
