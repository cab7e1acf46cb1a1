package sharingtest

import articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"

// Whole returns Article with a body that has a block of every kind, and with a
// version in another language.
func Whole() *articlev1.Article {
	article := Article()
	article.Translations = []*articlev1.Translation{
		{Article: SiteName + "/articles/visit", LanguageCode: "en", Title: "A visit to Denmark", Path: "/en/a-visit"},
	}
	article.Blocks = []*articlev1.Block{
		Paragraph("Pirmoji diena."),
		{Id: "antraste", Content: &articlev1.Block_Heading{Heading: &articlev1.Heading{Level: 2, Text: Text("Orhusas")}}},
		{Content: &articlev1.Block_Paragraph{Paragraph: &articlev1.Paragraph{Text: &articlev1.RichText{Spans: []*articlev1.Span{
			{Text: "Skaitykite ", Link: nil},
			{Text: "apie ", Link: link("https://dokk1.dk/?a=1&b=2")},
			{Text: "DOKK1", Link: link("https://dokk1.dk/?a=1&b=2"), LanguageCode: "da", Marks: []articlev1.Span_Mark{articlev1.Span_MARK_EMPHASIS}},
			{Text: ", ", Link: nil},
			{Text: "kitą straipsnį", Link: &articlev1.Link{Target: &articlev1.Link_Resource{Resource: ShortName}}},
			{Text: " ir ", Link: nil},
			{Text: "pradžią", Link: link("#b-antraste")},
			{Text: ".\nH", Link: nil},
			{Text: "2", Marks: []articlev1.Span_Mark{articlev1.Span_MARK_SUBSCRIPT}},
			{Text: "O", Marks: []articlev1.Span_Mark{articlev1.Span_MARK_CODE}},
			{Text: "2", Marks: []articlev1.Span_Mark{articlev1.Span_MARK_SUPERSCRIPT}},
		}}}}},
		quote("citata", "Biblioteka yra miesto svetainė"),
		{Content: &articlev1.Block_Figure{Figure: &articlev1.Figure{Placement: credited("Lentynos", "Skaitykla antrame aukšte", "A. Žukas")}}},
		quote("citata", "ir virtuvė."),
		{Content: &articlev1.Block_List{List: &articlev1.List{Ordered: true, Items: []*articlev1.ListItem{
			{Text: Text("Pirma"), Sublist: &articlev1.List{Items: []*articlev1.ListItem{{Text: Text("Vidinė")}}}},
			{Text: Text("Antra")},
		}}}},
		{Content: &articlev1.Block_Gallery{Gallery: &articlev1.Gallery{Title: "Nuotraukos", Placements: []*articlev1.PhotoPlacement{
			Placement("sites/biblioteka/photos/salis", "Salė"), {Photo: "sites/biblioteka/photos/dingusi"},
		}}}},
		{Content: &articlev1.Block_Table{Table: &articlev1.Table{Caption: "Skaitytojai", HeaderRow: true, HeaderColumn: true, Rows: []*articlev1.TableRow{
			{Cells: []*articlev1.RichText{Text("Miestas"), Text("Skaičius")}},
			{Cells: []*articlev1.RichText{Text("Orhusas"), Text("1 300 000")}},
		}}}},
		{Content: &articlev1.Block_Embed{Embed: &articlev1.Embed{Provider: "YouTube", Uri: "https://www.youtube.com/watch?v=x", Title: "Ekskursija"}}},
		{Content: &articlev1.Block_Attachment{Attachment: &articlev1.Attachment{
			Uri: "/failai/programa.pdf", Title: "Programa", MimeType: "application/pdf", SizeBytes: 123_456,
		}}},
		{Content: &articlev1.Block_Divider{Divider: &articlev1.Divider{}}},
		{Content: &articlev1.Block_Callout{Callout: &articlev1.Callout{Title: "Svarbu", Paragraphs: []*articlev1.RichText{Text("Registracija iki gegužės 1 d.")}}}},
	}
	return article
}

// Paragraph returns a block of one paragraph.
func Paragraph(text string) *articlev1.Block {
	return &articlev1.Block{Content: &articlev1.Block_Paragraph{Paragraph: &articlev1.Paragraph{Text: Text(text)}}}
}

// Text returns a rich text of one span without marks.
func Text(text string) *articlev1.RichText {
	return &articlev1.RichText{Spans: []*articlev1.Span{{Text: text}}}
}

func quote(id, text string) *articlev1.Block {
	return &articlev1.Block{Content: &articlev1.Block_Quote{Quote: &articlev1.Quote{
		QuotationId: id, Paragraphs: []*articlev1.RichText{Text(text)},
		Attribution: "Bibliotekos vadovė", SourceUri: "https://dokk1.dk/om",
	}}}
}

func credited(alt, caption, credit string) *articlev1.PhotoPlacement {
	placement := Placement("sites/biblioteka/photos/lentynos", alt)
	placement.Placed.Caption, placement.Placed.Credit, placement.Placed.License = caption, credit, "CC-BY-4.0"
	placement.Placed.LicenseUri = "https://creativecommons.org/licenses/by/4.0/"
	return placement
}

func link(uri string) *articlev1.Link {
	return &articlev1.Link{Target: &articlev1.Link_Uri{Uri: uri}}
}
