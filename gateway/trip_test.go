package gateway_test

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// tripFolder holds the first real article of a library, beside the repository.
const tripFolder = "../../shared/data/stazuote-danijoje"

// trip reads that article with its photographs; nil when the folder is absent,
// as it is outside the workshop.
func (s *suite) trip(t *testing.T) *articlev1.Article {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(tripFolder, "index-mended.md"))
	if err != nil {
		t.Log("without the article in ../../shared: ", err)
		return nil
	}
	a := &articlev1.Article{
		Name: siteName + "/articles/stazuote", LanguageCode: "lt", Path: "/stazuote-danijos-bibliotekose", Etag: "r1",
		Title:            "Stažuotė Danijos bibliotekose",
		PublishTime:      timestamppb.New(time.Date(2024, 6, 7, 6, 0, 0, 0, time.UTC)),
		PublishTimeTexts: map[string]string{"lt": "2024 m. birželio 7 d."},
		Tags:             []string{"stažuotė", "Danija", "bibliotekos"},
	}
	_, body, _ := strings.Cut(strings.TrimPrefix(string(source), "---\n"), "---\n")
	var gallery *articlev1.Gallery
	for i, part := range strings.Split(strings.TrimSpace(body), "\n\n") {
		id := fmt.Sprintf("b%d", i)
		switch {
		case strings.HasPrefix(part, "## "):
			gallery = &articlev1.Gallery{Title: strings.TrimPrefix(part, "## ")}
			a.Blocks = append(a.Blocks, &articlev1.Block{Id: id, Content: &articlev1.Block_Gallery{Gallery: gallery}})
		case strings.HasPrefix(part, "!["):
			for line := range strings.SplitSeq(part, "\n") {
				p := s.photograph(t, line)
				if gallery != nil {
					gallery.Placements = append(gallery.Placements, p)
					continue
				}
				a.Blocks = append(a.Blocks, &articlev1.Block{Id: id, Content: &articlev1.Block_Figure{Figure: &articlev1.Figure{Placement: p}}})
			}
		case strings.HasPrefix(part, "> "):
			words := strings.Trim(strings.TrimPrefix(part, "> "), "\n")
			if strings.HasPrefix(words, "„S") {
				words = strings.TrimPrefix(words, "„")
			}
			words = strings.TrimSuffix(words, "“")
			a.Blocks = append(a.Blocks, &articlev1.Block{Id: id, Content: &articlev1.Block_Quote{Quote: &articlev1.Quote{
				QuotationId: "q", Paragraphs: []*articlev1.RichText{text(words)},
			}}})
		case a.GetLead() == nil:
			a.Lead = text(part)
		default:
			a.Blocks = append(a.Blocks, &articlev1.Block{Id: id, Content: &articlev1.Block_Paragraph{Paragraph: &articlev1.Paragraph{Text: text(part)}}})
		}
	}
	a.Cover = a.GetBlocks()[0].GetFigure().GetPlacement()
	return a
}

// photograph reads a picture of the article into the media service.
func (s *suite) photograph(t *testing.T, line string) *articlev1.PhotoPlacement {
	t.Helper()
	m := regexp.MustCompile(`!\[(.*?)\]\((\w+)\.(\w+)(?: "(.*)")?\)`).FindStringSubmatch(line)
	if m == nil {
		t.Fatalf("not a picture: %s", line)
	}
	name := siteName + "/photos/" + m[2]
	if m[3] != "jpg" {
		m[2] = "zbg" // Go reads no HEIC
	}
	raw, err := os.ReadFile(filepath.Join(tripFolder, m[2]+".jpg"))
	if err != nil {
		t.Fatal(err)
	}
	config, err := jpeg.DecodeConfig(bytes.NewReader(raw))
	must(t, err)
	placed := &articlev1.PlacedPhoto{
		Alt: m[1], Caption: m[4], Width: int32(config.Width), Height: int32(config.Height), Color: "#8a8378",
	}
	if m[4] != "" {
		placed.Credit = "bibliotekos archyvas"
	}
	placed.Renditions = []*mediav1.Rendition{{
		Format: mediav1.Rendition_FORMAT_JPEG, Width: placed.GetWidth(), Height: placed.GetHeight(),
		Uri: s.media.put(name, config.Width, file{content: raw, mimeType: "image/jpeg", published: true}),
	}}
	return &articlev1.PhotoPlacement{Photo: name, Placed: placed}
}
