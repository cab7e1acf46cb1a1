package sitemap_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/richtext"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sitemap"
)

const schema = "testdata/sitemap.xsd"

var at = time.Date(2024, 6, 7, 9, 30, 0, 0, time.FixedZone("", 3*3600))

func TestPages(t *testing.T) {
	var b bytes.Buffer
	pages := sitemap.NewPages(&b)
	versions := []sitemap.Version{
		{Language: "lt", URI: "https://biblioteka.lt/stazuote"},
		{Language: "en", URI: "https://biblioteka.lt/en/a-visit?a=1&b=2"},
	}
	for _, page := range []sitemap.Page{
		{URI: versions[0].URI, Modified: at, Versions: versions},
		{URI: versions[1].URI, Modified: at, Versions: versions},
		{URI: "https://biblioteka.lt/trumpa"},
	} {
		if err := pages.Add(page); err != nil {
			t.Fatal(err)
		}
	}
	if err := pages.Close(); err != nil {
		t.Fatal(err)
	}
	sharingtest.Validate(t, b.Bytes(), schema)
	var got struct {
		URL []struct {
			Loc     string `xml:"loc"`
			LastMod string `xml:"lastmod"`
			Link    []struct {
				Language string `xml:"hreflang,attr"`
				Href     string `xml:"href,attr"`
			} `xml:"http://www.w3.org/1999/xhtml link"`
		} `xml:"url"`
	}
	if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.URL) != 3 || got.URL[0].LastMod != "2024-06-07T06:30:00Z" || len(got.URL[1].Link) != 2 ||
		got.URL[1].Link[1].Href != versions[1].URI || got.URL[2].LastMod != "" || len(got.URL[2].Link) != 0 {
		t.Errorf("pages = %+v", got)
	}
}

func TestIndex(t *testing.T) {
	var b bytes.Buffer
	index := sitemap.NewIndex(&b)
	if err := errors.Join(
		index.Add("https://biblioteka.lt/sitemap-2023.xml", time.Time{}),
		index.Add("https://biblioteka.lt/sitemap-2024.xml", at),
		index.Close(),
	); err != nil {
		t.Fatal(err)
	}
	sharingtest.Validate(t, b.Bytes(), schema)
	if want := "<loc>https://biblioteka.lt/sitemap-2024.xml</loc><lastmod>2024-06-07T06:30:00Z</lastmod>"; !strings.Contains(b.String(), want) {
		t.Errorf("index lacks %s:\n%s", want, &b)
	}
}

func TestEmpty(t *testing.T) {
	for name, write := range map[string]func(*bytes.Buffer) error{
		"pages": func(b *bytes.Buffer) error { return sitemap.NewPages(b).Close() },
		"index": func(b *bytes.Buffer) error { return sitemap.NewIndex(b).Close() },
		"news":  func(b *bytes.Buffer) error { return sitemap.NewNews(b).Close() },
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			sharingtest.Validate(t, b.Bytes(), schema)
		})
	}
}

func TestNewsHoldsAnyText(t *testing.T) {
	var b bytes.Buffer
	news := sitemap.NewNews(&b)
	var titles []string
	for _, text := range sharingtest.Hostile() {
		title := richtext.Line(text)
		titles = append(titles, title)
		if err := news.Add(sitemap.Item{
			URI:         fmt.Sprintf("https://biblioteka.lt/%d", len(titles)),
			Publication: title, Language: "lt", Published: at, Title: title,
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := news.Close(); err != nil {
		t.Fatal(err)
	}
	sharingtest.Validate(t, b.Bytes(), schema)
	var got struct {
		URL []struct {
			News struct {
				Name  string `xml:"publication>name"`
				Title string `xml:"title"`
			} `xml:"news"`
		} `xml:"url"`
	}
	if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for i, url := range got.URL {
		if url.News.Title != titles[i] || url.News.Name != titles[i] {
			t.Errorf("title = %q, want %q", url.News.Title, titles[i])
		}
	}
	if len(got.URL) != len(titles) {
		t.Errorf("%d titles came out of %d", len(got.URL), len(titles))
	}
}

// TestSchemaRefuses shows that the schema is no mere decoration.
func TestSchemaRefuses(t *testing.T) {
	for name, page := range map[string]sitemap.Page{
		"relative address":  {URI: "/stazuote"},
		"unknown language":  {URI: "https://biblioteka.lt/a", Versions: []sitemap.Version{{Language: "?", URI: "https://biblioteka.lt/a"}}},
		"version elsewhere": {URI: "https://biblioteka.lt/a", Versions: []sitemap.Version{{Language: "en", URI: "javascript:0"}}},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			pages := sitemap.NewPages(&b)
			if err := errors.Join(pages.Add(page), pages.Close()); err != nil {
				t.Fatal(err)
			}
			sharingtest.Refuse(t, b.Bytes(), schema)
		})
	}
}

// broken fails after so many bytes.
type broken struct{ left int }

var errBroken = errors.New("broken")

func (b *broken) Write(data []byte) (int, error) {
	if b.left -= len(data); b.left < 0 {
		return 0, errBroken
	}
	return len(data), nil
}

func TestBrokenWriter(t *testing.T) {
	for _, left := range []int{0, 150, 300} {
		pages := sitemap.NewPages(&broken{left})
		var err error
		for range 100 {
			err = pages.Add(sitemap.Page{URI: "https://biblioteka.lt/a"})
		}
		if !errors.Is(err, errBroken) || !errors.Is(pages.Close(), errBroken) {
			t.Errorf("after %d bytes: %v", left, err)
		}
	}
}
