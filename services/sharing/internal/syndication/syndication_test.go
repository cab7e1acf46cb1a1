package syndication_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/richtext"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/syndication"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const golden = "testdata/feed.xml"

func channel(resources ...*articlev1.Article) syndication.Channel {
	c := syndication.Channel{Site: published.Site{Resource: sharingtest.Site()}, Language: "lt"}
	for _, resource := range resources {
		c.Articles = append(c.Articles, published.Article{Site: c.Site, Resource: resource})
	}
	return c
}

func render(t *testing.T, c syndication.Channel) syndication.Document {
	t.Helper()
	doc, err := syndication.RSS(c)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// parse reads the document as feed readers do.
func parse(t *testing.T, doc syndication.Document) *gofeed.Feed {
	t.Helper()
	feed, err := gofeed.NewParser().Parse(bytes.NewReader(doc.Bytes))
	if err != nil {
		t.Fatalf("parse feed: %v\n%s", err, doc.Bytes)
	}
	return feed
}

func TestRSSGolden(t *testing.T) {
	doc := render(t, channel(sharingtest.Article(), sharingtest.Short()))
	if *update {
		if err := os.WriteFile(golden, doc.Bytes, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(doc.Bytes)); diff != "" {
		t.Errorf("feed differs from %s (-want +got):\n%s", golden, diff)
	}
	if doc.MIMEType != "application/rss+xml; charset=utf-8" {
		t.Errorf("MIMEType = %q", doc.MIMEType)
	}
}

func TestRSSParses(t *testing.T) {
	article := sharingtest.Article()
	feed := parse(t, render(t, channel(article, sharingtest.Short())))
	if feed.Title != "Bibliotekos naujienos" || feed.Language != "lt" || feed.Link != "https://naujienos.biblioteka.lt/" ||
		feed.FeedLink != "https://naujienos.biblioteka.lt/feed.xml" || feed.Description == "" {
		t.Errorf("channel = %+v", feed)
	}
	if want := article.GetUpdateTime().AsTime(); feed.UpdatedParsed == nil || !feed.UpdatedParsed.Equal(want) {
		t.Errorf("updated = %v, want %v", feed.UpdatedParsed, want)
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
	if diff := cmp.Diff([]string{"Vilkaviškio viešoji biblioteka", "Redaktorė"}, item.DublinCoreExt.Creator); diff != "" {
		t.Errorf("creators (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(article.GetTags(), item.Categories); diff != "" {
		t.Errorf("categories (-want +got):\n%s", diff)
	}
	wantEnclosure := []*gofeed.Enclosure{{
		URL:    "https://naujienos.biblioteka.lt/media/sites/biblioteka/photos/orhusas/1280.jpg",
		Length: "128000", Type: "image/jpeg",
	}}
	if diff := cmp.Diff(wantEnclosure, item.Enclosures); diff != "" {
		t.Errorf("enclosures (-want +got):\n%s", diff)
	}
	if second := feed.Items[1]; len(second.Enclosures) != 0 || second.Description != "" {
		t.Errorf("item without cover and lead = %+v", second)
	}
}

func TestRSSHoldsWhateverText(t *testing.T) {
	for name, text := range sharingtest.Hostile() {
		t.Run(name, func(t *testing.T) {
			article := sharingtest.Article()
			article.Title = text
			article.Lead = &articlev1.RichText{Spans: []*articlev1.Span{{Text: text}}}
			article.Tags = []string{text}
			article.Bylines = []*articlev1.Byline{{DisplayName: text}}
			article.Cover.Placed.Alt = text
			c := channel(article)
			c.Site.Resource.Title, c.Site.Resource.Description = text, text
			doc := render(t, c)
			wellFormed(t, doc.Bytes)

			line := strings.TrimSpace(richtext.Line(text))
			feed := parse(t, doc)
			if feed.Title != line || len(feed.Items) != 1 || feed.Items[0].Title != line {
				t.Errorf("titles = %q, %q; want %q", feed.Title, feed.Items[0].Title, line)
			}
			if got := plain(t, feed.Items[0].Description); got != line {
				t.Errorf("description shows %q, want %q", got, line)
			}
		})
	}
}

// plain returns what a feed reader shows of a description, which it takes for
// HTML, and fails when there is any element in it.
func plain(t *testing.T, description string) string {
	t.Helper()
	var text strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(description))
	for tokens.Next() != html.ErrorToken {
		if token := tokens.Token(); token.Type != html.TextToken {
			t.Errorf("description holds markup: %s", token)
		} else {
			text.WriteString(token.Data)
		}
	}
	return text.String()
}

func wellFormed(t *testing.T, document []byte) {
	t.Helper()
	decoder := xml.NewDecoder(bytes.NewReader(document))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, document)
		}
	}
}

func TestRSSLimit(t *testing.T) {
	var many []*articlev1.Article
	for i := range syndication.MaxItems + 10 {
		article := sharingtest.Short()
		article.Uid = fmt.Sprintf("uid-%d", i)
		many = append(many, article)
	}
	feed := parse(t, render(t, channel(many...)))
	if len(feed.Items) != syndication.MaxItems || feed.Items[0].GUID != "urn:uuid:uid-0" {
		t.Errorf("feed has %d items, the first is %s", len(feed.Items), feed.Items[0].GUID)
	}
}

func TestRSSEmpty(t *testing.T) {
	doc := render(t, channel())
	if feed := parse(t, doc); len(feed.Items) != 0 || feed.Updated != "" {
		t.Errorf("feed of nothing = %+v", feed)
	}
}

func TestRSSEtag(t *testing.T) {
	base := render(t, channel(sharingtest.Article(), sharingtest.Short()))
	if again := render(t, channel(sharingtest.Article(), sharingtest.Short())); again.Etag != base.Etag || !bytes.Equal(again.Bytes, base.Bytes) {
		t.Error("the same articles gave another document")
	}
	if len(base.Etag) < 16 || strings.ContainsAny(base.Etag, `" `) {
		t.Errorf("Etag = %q", base.Etag)
	}
	changed := sharingtest.Article()
	changed.Title += "!"
	if other := render(t, channel(changed, sharingtest.Short())); other.Etag == base.Etag {
		t.Error("another title gave the same etag")
	}
}

func TestRSSTimesAndLanguage(t *testing.T) {
	article := sharingtest.Short()
	article.LanguageCode = "en"
	article.PublishTime = timestamppb.New(time.Date(2024, 1, 2, 3, 4, 5, 678, time.UTC))
	c := channel(article)
	c.Language = "en"
	text := string(render(t, c).Bytes)
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
