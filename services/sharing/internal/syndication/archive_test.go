package syndication_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/syndication"
)

func TestParseArchive(t *testing.T) {
	for text, want := range map[string]syndication.Archive{
		"2024-06":    {Year: 2024, Month: 6, Part: 1},
		"2024-06-2":  {Year: 2024, Month: 6, Part: 2},
		"2024-12-17": {Year: 2024, Month: 12, Part: 17},
	} {
		got, ok := syndication.ParseArchive(text)
		if !ok || got != want || got.String() != text {
			t.Errorf("ParseArchive(%q) = %v, %v; want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "2024", "2024-13", "2024-00", "2024-6", "2024-06-1", "2024-06-0", "2024-06-02", "2024-06-", "2024-06-x", "0000-01", "2024-06 "} {
		if got, ok := syndication.ParseArchive(text); ok {
			t.Errorf("ParseArchive(%q) = %v, want none", text, got)
		}
	}
	if text := (syndication.Archive{}).String(); text != "" {
		t.Errorf("the zero archive is %q", text)
	}
}

// TestArchiveLinks holds the documents to RFC 5005, section 4.
func TestArchiveLinks(t *testing.T) {
	const site = "https://naujienos.biblioteka.lt/en/"
	feed := feedOf(sharingtest.Short())
	feed.Language, feed.Tag, feed.Hubs = "en", "knygos & mugė", []string{"https://hub.example/"}
	feed.Archive = syndication.Archive{Year: 2024, Month: 5, Part: 2}
	feed.Previous = syndication.Archive{Year: 2024, Month: 5, Part: 1}
	feed.Next = syndication.Archive{Year: 2024, Month: 6, Part: 1}
	for _, f := range formats[:2] {
		document := render(t, feed, f.format)
		validate(t, document, f.schema)
		file := site + f.format.File() + "?tag=knygos+%26+mug%C4%97"
		for rel, want := range map[string]string{
			"self":         file + "&amp;archive=2024-05-2",
			"current":      file,
			"prev-archive": file + "&amp;archive=2024-05",
			"next-archive": file + "&amp;archive=2024-06",
			"hub":          "https://hub.example/",
		} {
			if !hasLink(string(document.Bytes), rel, want) {
				t.Errorf("%s lacks rel=%s to %s:\n%s", f.format.File(), rel, want, document.Bytes)
			}
		}
		if !bytes.Contains(document.Bytes, []byte("<fh:archive>")) {
			t.Errorf("%s is not marked as an archive", f.format.File())
		}
		if got, want := document.URI, file+"&archive=2024-05-2"; got != want {
			t.Errorf("URI = %s, want %s", got, want)
		}
		current := feed
		current.Archive, current.Next = syndication.Archive{}, syndication.Archive{}
		if data := render(t, current, f.format).Bytes; bytes.Contains(data, []byte("fh:archive>")) || bytes.Contains(data, []byte(`"current"`)) {
			t.Errorf("the current document says that it is an archive:\n%s", data)
		}
	}
	var page struct {
		NextURL string `json:"next_url"`
		FeedURL string `json:"feed_url"`
		Hubs    []struct{ Type, URL string }
	}
	if err := json.Unmarshal(render(t, feed, syndication.FormatJSON).Bytes, &page); err != nil {
		t.Fatal(err)
	}
	file := site + "feed.json?tag=knygos+%26+mug%C4%97"
	if page.NextURL != file+"&archive=2024-05" || page.FeedURL != file+"&archive=2024-05-2" || len(page.Hubs) != 1 || page.Hubs[0].Type != "WebSub" {
		t.Errorf("JSON Feed = %+v", page)
	}
}

func hasLink(document, rel, href string) bool {
	for line := range strings.Lines(document) {
		if strings.Contains(line, `rel="`+rel+`"`) && strings.Contains(line, `href="`+href+`"`) {
			return true
		}
	}
	return false
}

// TestIDs holds ids to be those of the thing, whatever its address.
func TestIDs(t *testing.T) {
	id := func(change func(*syndication.Feed)) string {
		feed := feedOf(sharingtest.Short())
		change(&feed)
		text := string(render(t, feed, syndication.FormatAtom).Bytes)
		_, after, _ := strings.Cut(text, "<id>")
		first, _, _ := strings.Cut(after, "</id>")
		return first
	}
	base := id(func(*syndication.Feed) {})
	same := map[string]func(*syndication.Feed){
		"address": func(f *syndication.Feed) { f.Site.Resource.BaseUri = "https://kitur.lt" },
		"title":   func(f *syndication.Feed) { f.Site.Resource.Title = "Kitaip" },
		"archive": func(f *syndication.Feed) { f.Archive = syndication.Archive{Year: 2024, Month: 5, Part: 1} },
	}
	for name, change := range same {
		if got := id(change); got != base {
			t.Errorf("another %s changed the id from %s to %s", name, base, got)
		}
	}
	others := map[string]func(*syndication.Feed){
		"language": func(f *syndication.Feed) { f.Language = "en" },
		"tag":      func(f *syndication.Feed) { f.Tag = "Danija" },
		"site":     func(f *syndication.Feed) { f.Site.Resource.Uid = "0b0f2b5e-6c0f-4a5e-9d27-6f8f0a4f3aff" },
	}
	for name, change := range others {
		if got := id(change); got == base {
			t.Errorf("another %s has the same id %s", name, base)
		}
	}
}
