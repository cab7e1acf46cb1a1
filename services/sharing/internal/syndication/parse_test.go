package syndication_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/syndication"
)

func TestParsers(t *testing.T) {
	article := sharingtest.Whole()
	for _, f := range formats {
		t.Run(f.format.File(), func(t *testing.T) {
			feed := parse(t, render(t, feedOf(article, sharingtest.Short()), f.format))
			if feed.Title != "Bibliotekos naujienos" || feed.Language != "lt" || feed.Link != "https://naujienos.biblioteka.lt/" ||
				feed.FeedLink != "https://naujienos.biblioteka.lt/"+f.format.File() || feed.Description == "" {
				t.Errorf("feed = %+v", feed)
			}
			if len(feed.Items) != 2 {
				t.Fatalf("feed has %d items, want 2", len(feed.Items))
			}
			item := feed.Items[0]
			if item.GUID != "urn:uuid:"+article.GetUid() || item.Title != article.GetTitle() ||
				item.Link != "https://naujienos.biblioteka.lt/stazuote-danijos-bibliotekose" {
				t.Errorf("item = %+v", item)
			}
			if item.PublishedParsed == nil || !item.PublishedParsed.Equal(article.GetPublishTime().AsTime()) {
				t.Errorf("published = %v", item.Published)
			}
			if !strings.Contains(item.Content, "<blockquote>") || !strings.Contains(item.Content, "<h2>") {
				t.Errorf("the item lacks the body of the article: %s", item.Content)
			}
			var authors []string
			for _, author := range item.Authors {
				authors = append(authors, author.Name)
			}
			if f.format == syndication.FormatRSS { // of which the parser makes one author
				authors = item.DublinCoreExt.Creator
			}
			if diff := cmp.Diff([]string{"Vilkaviškio viešoji biblioteka", "Redaktorė"}, authors); diff != "" {
				t.Errorf("authors (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(article.GetTags(), item.Categories); diff != "" {
				t.Errorf("categories (-want +got):\n%s", diff)
			}
			if len(item.Enclosures) != 1 || item.Enclosures[0].URL != "https://naujienos.biblioteka.lt/media/sites/biblioteka/photos/orhusas/1280.jpg" {
				t.Errorf("enclosures = %+v", item.Enclosures)
			}
			if second := feed.Items[1]; len(second.Enclosures) != 0 || strings.Contains(second.Content, "<") {
				t.Errorf("item without cover and lead = %+v", second)
			}
		})
	}
}

// TestUpdated holds the time of a feed to that of its newest change.
func TestUpdated(t *testing.T) {
	article := sharingtest.Whole()
	for _, format := range []syndication.Format{syndication.FormatRSS, syndication.FormatAtom} {
		feed := parse(t, render(t, feedOf(sharingtest.Short(), article), format))
		if want := article.GetUpdateTime().AsTime(); feed.UpdatedParsed == nil || !feed.UpdatedParsed.Equal(want) {
			t.Errorf("%s: updated = %v, want %v", format.File(), feed.UpdatedParsed, want)
		}
	}
}

func TestMedia(t *testing.T) {
	article := sharingtest.Whole()
	article.Cover.Placed.Credit = "Ona Petraitė"
	feed := parse(t, render(t, feedOf(article), syndication.FormatRSS))
	content := feed.Items[0].Extensions["media"]["content"][0]
	if content.Attrs["width"] != "1280" || content.Attrs["height"] != "960" || content.Attrs["type"] != "image/jpeg" {
		t.Errorf("media:content = %+v", content.Attrs)
	}
	if alt := content.Children["description"][0].Value; alt != article.GetCover().GetPlaced().GetAlt() {
		t.Errorf("alternative text = %q", alt)
	}
	if credit := content.Children["credit"][0].Value; credit != "Ona Petraitė" {
		t.Errorf("credit = %q", credit)
	}
}

func TestLimit(t *testing.T) {
	var many []*articlev1.Article
	for i := range syndication.MaxItems + 10 {
		article := sharingtest.Short()
		article.Uid = fmt.Sprintf("0b0f2b5e-6c0f-4a5e-9d27-%012d", i)
		many = append(many, article)
	}
	for _, f := range formats {
		document := render(t, feedOf(many...), f.format)
		feed := parse(t, document)
		if len(feed.Items) != syndication.MaxItems || feed.Items[0].GUID != "urn:uuid:"+many[0].GetUid() {
			t.Errorf("%s has %d items, the first is %s", f.format.File(), len(feed.Items), feed.Items[0].GUID)
		}
		validate(t, document, f.schema)
	}
}

// TestHugeBodies shows that a document stays sendable, and that the newest
// articles stay whole.
func TestHugeBodies(t *testing.T) {
	var many []*articlev1.Article
	for i := range 8 {
		article := sharingtest.Whole()
		article.Uid = fmt.Sprintf("0b0f2b5e-6c0f-4a5e-9d27-%012d", i)
		text := strings.Repeat(`\"ą" `, 20_000)
		for range 4 {
			article.Blocks = append(article.Blocks, sharingtest.Paragraph(text))
		}
		many = append(many, article)
	}
	for _, f := range formats {
		document := render(t, feedOf(many...), f.format)
		if len(document.Bytes) > 15<<20 {
			t.Errorf("%s has %d bytes", f.format.File(), len(document.Bytes))
		}
		feed := parse(t, document)
		if !strings.Contains(feed.Items[0].Content, "<h2>") || strings.Contains(feed.Items[7].Content, "<h2>") {
			t.Errorf("%s: the newest must be whole, the oldest not", f.format.File())
		}
		validate(t, document, f.schema)
	}
}

func TestEmpty(t *testing.T) {
	for _, f := range formats {
		document := render(t, feedOf(), f.format)
		validate(t, document, f.schema)
		if feed := parse(t, document); len(feed.Items) != 0 || feed.Title == "" {
			t.Errorf("feed of nothing = %+v", feed)
		}
	}
}

func TestTimesAndLanguage(t *testing.T) {
	article := sharingtest.Short()
	article.LanguageCode = "en"
	article.PublishTime = timestamppb.New(time.Date(2024, 1, 2, 3, 4, 5, 678, time.UTC))
	feed := feedOf(article)
	feed.Language = "en"
	text := string(render(t, feed, syndication.FormatRSS).Bytes)
	for _, want := range []string{
		"<pubDate>Tue, 02 Jan 2024 03:04:05 +0000</pubDate>",
		"<lastBuildDate>Tue, 02 Jan 2024 03:04:05 +0000</lastBuildDate>",
		"<link>https://naujienos.biblioteka.lt/en/</link>",
		`href="https://naujienos.biblioteka.lt/en/feed.xml"`,
		`isPermaLink="false"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("feed lacks %s:\n%s", want, text)
		}
	}
}
