package syndication_test

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/syndication"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// formats are all formats with the schema each document is held to; JSON has
// rules in jsonfeed_test.go.
var formats = []struct {
	format syndication.Format
	schema string
}{
	{syndication.FormatRSS, "testdata/rss.rng"},
	{syndication.FormatAtom, "testdata/atom.rng"},
	{syndication.FormatJSON, ""},
}

func feedOf(resources ...*articlev1.Article) syndication.Feed {
	feed := syndication.Feed{Site: published.Site{Resource: sharingtest.Site()}, Language: "lt"}
	for _, resource := range resources {
		feed.Articles = append(feed.Articles, published.Article{Site: feed.Site, Resource: resource})
	}
	return feed
}

func render(t *testing.T, feed syndication.Feed, format syndication.Format) syndication.Document {
	t.Helper()
	document, err := syndication.Render(feed, format)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// parse reads the document as feed readers do.
func parse(t *testing.T, document syndication.Document) *gofeed.Feed {
	t.Helper()
	feed, err := gofeed.NewParser().Parse(bytes.NewReader(document.Bytes))
	if err != nil {
		t.Fatalf("parse %s: %v\n%s", document.MIMEType, err, document.Bytes)
	}
	return feed
}

// validate holds the document to the schema of its format.
func validate(t *testing.T, document syndication.Document, schema string) {
	t.Helper()
	if schema == "" {
		validateJSON(t, document.Bytes)
		return
	}
	sharingtest.Validate(t, document.Bytes, schema)
}

func TestGolden(t *testing.T) {
	current := feedOf(sharingtest.Whole(), sharingtest.Short())
	current.Hubs = []string{"https://hub.example/"}
	current.Previous = syndication.Archive{Year: 2024, Month: 4, Part: 2}
	for _, f := range formats {
		t.Run(f.format.File(), func(t *testing.T) {
			document := render(t, current, f.format)
			golden := "testdata/" + f.format.File()
			if *update {
				if err := os.WriteFile(golden, document.Bytes, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(document.Bytes)); diff != "" {
				t.Errorf("feed differs from %s (-want +got):\n%s", golden, diff)
			}
			validate(t, document, f.schema)
			if want := "https://naujienos.biblioteka.lt/" + f.format.File(); document.URI != want {
				t.Errorf("URI = %s, want %s", document.URI, want)
			}
		})
	}
}

// TestSchemasRefuse shows that the schemas are no mere decoration.
func TestSchemasRefuse(t *testing.T) {
	breakages := map[string][2]string{
		"an unknown element": {"<link", "<script/><link"},
		"no id":              {"urn:uuid:", "https://naujienos.biblioteka.lt/"},
		"a relative address": {`href="https://naujienos.biblioteka.lt/`, `href="/`},
		"a broken time":      {"2024-06-08T10:00:00Z", "yesterday"},
	}
	for _, f := range formats {
		if f.schema == "" {
			continue
		}
		document := render(t, feedOf(sharingtest.Whole()), f.format)
		for name, breakage := range breakages {
			t.Run(f.format.File()+" "+name, func(t *testing.T) {
				broken := strings.Replace(string(document.Bytes), breakage[0], breakage[1], 1)
				if broken == string(document.Bytes) {
					t.Fatalf("there is no %s to break", breakage[0])
				}
				sharingtest.Refuse(t, []byte(broken), f.schema)
			})
		}
	}
}

func TestEtag(t *testing.T) {
	for _, f := range formats {
		t.Run(f.format.File(), func(t *testing.T) {
			base := render(t, feedOf(sharingtest.Whole(), sharingtest.Short()), f.format)
			again := render(t, feedOf(sharingtest.Whole(), sharingtest.Short()), f.format)
			if again.Etag != base.Etag || !bytes.Equal(again.Bytes, base.Bytes) {
				t.Error("the same articles gave another document")
			}
			if len(base.Etag) < 16 || strings.ContainsAny(base.Etag, `" `) {
				t.Errorf("Etag = %q", base.Etag)
			}
			changed := sharingtest.Whole()
			changed.Title += "!"
			if other := render(t, feedOf(changed, sharingtest.Short()), f.format); other.Etag == base.Etag {
				t.Error("another title gave the same etag")
			}
		})
	}
}
