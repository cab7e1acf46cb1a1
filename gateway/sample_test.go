package gateway_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

const siteName = "sites/biblioteka"

// library is the site of most tests.
func library() *articlev1.Site {
	return &articlev1.Site{
		Name: siteName, Title: "Marių biblioteka", Description: "Naujienos iš skaityklos prie marių.",
		Hosts: []string{"biblioteka.example"}, BaseUri: "https://biblioteka.example",
		DefaultLanguageCode: "lt", LanguageCodes: []string{"lt", "en"}, TimeZone: "Europe/Vilnius", Color: "#0b5a52",
	}
}

// text is a rich text of one span.
func text(s string) *articlev1.RichText {
	return &articlev1.RichText{Spans: []*articlev1.Span{{Text: s}}}
}

// sample is an article with every kind of block.
func (s *suite) sample(t *testing.T) *articlev1.Article {
	t.Helper()
	cover := s.placement(t, "cover", 1200, 800, "Skaitykla vakare: lempos ant stalų, už lango temsta marios", "Skaitykla vakare", "Jonas Petraitis")
	return &articlev1.Article{
		Name: siteName + "/articles/kelione", LanguageCode: "lt", Slug: "kelione", Path: "/kelione", Etag: "r3", Revision: 3,
		State: articlev1.Article_STATE_PUBLISHED,
		Title: "Kelionė po „Senamiesčio“ skaityklas", Lead: text("Per 2 d. aplankėme 12 skaityklų ir grįžome su 3 kg užrašų."),
		Cover: cover, Tags: []string{"kelionės", "skaityklos"}, FundingLines: []string{"Kelionę rėmė Kultūros fondas."},
		Bylines:          []*articlev1.Byline{{DisplayName: "Ona Onaitė", Role: "tekstas"}},
		PublishTime:      timestamppb.New(time.Date(2024, 6, 7, 6, 0, 0, 0, time.UTC)),
		PublishTimeTexts: map[string]string{"lt": "2024 m. birželio 7 d.", "en": "7 June 2024"},
		Event: &articlev1.Event{
			StartTime: timestamppb.New(time.Date(2024, 9, 3, 15, 0, 0, 0, time.UTC)),
			EndTime:   timestamppb.New(time.Date(2024, 9, 3, 17, 30, 0, 0, time.UTC)), Place: "Didžioji skaitykla, Marių g. 12",
		},
		Blocks: append(s.words(t), s.things(t)...),
	}
}

// words are the blocks of running text.
func (s *suite) words(t *testing.T) []*articlev1.Block {
	t.Helper()
	return []*articlev1.Block{
		{Id: "p1", Content: &articlev1.Block_Paragraph{Paragraph: &articlev1.Paragraph{Text: &articlev1.RichText{Spans: []*articlev1.Span{
			{Text: "Pirmoji stotelė – "},
			{Text: "Central Library", LanguageCode: "en", Marks: []articlev1.Span_Mark{articlev1.Span_MARK_EMPHASIS}},
			{Text: ", apie ją rašo "},
			{Text: "jos ", Link: uri("https://library.example/about?a=1&b=2")},
			{Text: "svetainė", Link: uri("https://library.example/about?a=1&b=2"), Marks: []articlev1.Span_Mark{articlev1.Span_MARK_STRONG}},
			{Text: " ir "},
			{Text: "mūsų straipsnis", Link: &articlev1.Link{Target: &articlev1.Link_Resource{Resource: siteName + "/articles/senas"}}},
			{Text: "."},
		}}}}},
		{Id: "h1", Content: &articlev1.Block_Heading{Heading: &articlev1.Heading{Level: 2, Text: text("Ką matėme")}}},
		{Id: "q1", Content: &articlev1.Block_Quote{Quote: &articlev1.Quote{
			QuotationId: "q", Paragraphs: []*articlev1.RichText{text("Skaitykla „Dokas“ atvira visą parą."), text("Joje kalbasi ir vaikai.")},
		}}},
		{Id: "f1", Content: &articlev1.Block_Figure{Figure: &articlev1.Figure{
			Placement: s.placement(t, "tall", 900, 1200, "Aukšta knygų lentyna", "Lentyna iki lubų", "Jonas Petraitis"),
		}}},
		{Id: "q2", Content: &articlev1.Block_Quote{Quote: &articlev1.Quote{
			QuotationId: "q", Paragraphs: []*articlev1.RichText{text("Todėl ją vadina „miesto svetaine“")},
			Attribution: "Vedėja Rasa R.", SourceUri: "https://library.example/interview",
		}}},
		{Id: "l1", Content: &articlev1.Block_List{List: &articlev1.List{Ordered: true, Items: []*articlev1.ListItem{
			{Text: text("Pasiimti bilietą"), Sublist: &articlev1.List{Items: []*articlev1.ListItem{{Text: text("vaikams nemokamai")}}}},
			{Text: text("Grąžinti knygas")},
		}}}},
		{Id: "d1", Content: &articlev1.Block_Divider{Divider: &articlev1.Divider{}}},
	}
}

// things are the blocks that are not running text.
func (s *suite) things(t *testing.T) []*articlev1.Block {
	t.Helper()
	return []*articlev1.Block{
		{Id: "t1", Content: &articlev1.Block_Table{Table: &articlev1.Table{
			Caption: "Skaityklos ir lankytojai", HeaderRow: true, HeaderColumn: true,
			Rows: []*articlev1.TableRow{
				{Cells: []*articlev1.RichText{text("Skaitykla"), text("Lankytojai"), text("Knygos")}},
				{Cells: []*articlev1.RichText{text("Dokas"), text("1 200"), text("40 000")}},
			},
		}}},
		{Id: "c1", Content: &articlev1.Block_Callout{Callout: &articlev1.Callout{
			Tone: articlev1.Callout_TONE_WARNING, Title: "Keičiasi darbo laikas", Paragraphs: []*articlev1.RichText{text("Nuo 9 val. iki 18 val.")},
		}}},
		{Id: "e1", Content: &articlev1.Block_Embed{Embed: &articlev1.Embed{
			Provider: "YouTube", Uri: "https://www.youtube.com/watch?v=x", Title: "Kelionės vaizdai",
		}}},
		{Id: "a1", Content: &articlev1.Block_Attachment{Attachment: &articlev1.Attachment{
			Uri: "https://biblioteka.example/ataskaita.pdf", Title: "Kelionės ataskaita", MimeType: "application/pdf", SizeBytes: 1_540_000,
		}}},
		{Id: "g1", Content: &articlev1.Block_Gallery{Gallery: &articlev1.Gallery{
			Title: "Nuotraukų galerija",
			Placements: []*articlev1.PhotoPlacement{
				s.placement(t, "one", 800, 600, "Raudonas fotelis", "Fotelis prie lango", "Jonas Petraitis"),
				s.placement(t, "two", 800, 600, "Mėlynas kilimas", "", ""),
				s.placement(t, "three", 800, 600, "Žalia lempa ant stalo", "Lempa", ""),
			},
		}}},
	}
}

func uri(s string) *articlev1.Link { return &articlev1.Link{Target: &articlev1.Link_Uri{Uri: s}} }

// placement puts a picture of a color gradient into the media service, in two
// widths, and returns it as an article shows it.
func (s *suite) placement(t *testing.T, id string, width, height int, alt, caption, credit string) *articlev1.PhotoPlacement {
	t.Helper()
	name := siteName + "/photos/" + id
	shade := uint8(60 + 25*len(id))
	placed := &articlev1.PlacedPhoto{
		Alt: alt, Caption: caption, Credit: credit, Width: int32(width), Height: int32(height),
		Color: fmt.Sprintf("#%02x8070", shade),
	}
	if credit != "" {
		placed.License, placed.LicenseUri = "CC-BY-SA-4.0", "https://creativecommons.org/licenses/by-sa/4.0/"
	}
	for _, w := range []int{width / 2, width} {
		content := picture(t, w, height*w/width, shade)
		placed.Renditions = append(placed.Renditions, &mediav1.Rendition{
			Format: mediav1.Rendition_FORMAT_JPEG, Width: int32(w), Height: int32(height * w / width), SizeBytes: int64(len(content)),
			Uri: s.media.put(name, w, file{content: content, mimeType: "image/jpeg", published: true}),
		})
	}
	return &articlev1.PhotoPlacement{Photo: name, Alt: new(alt), Placed: placed}
}

func picture(t *testing.T, width, height int, shade uint8) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetRGBA(x, y, color.RGBA{shade, uint8(90 + 100*x/width), uint8(80 + 120*y/height), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
