package syndication_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/skaitykla/skaitykla/internal/richtext"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/syndication"
)

// TestAnyText sends texts that try to break out through every format.
func TestAnyText(t *testing.T) {
	for name, text := range sharingtest.Hostile() {
		for _, f := range formats {
			t.Run(f.format.File()+" "+name, func(t *testing.T) {
				article := sharingtest.Whole()
				article.Title = text
				article.Lead = &articlev1.RichText{Spans: []*articlev1.Span{{Text: text}}}
				article.Blocks = append(article.Blocks, sharingtest.Paragraph(text))
				article.Tags = []string{text}
				article.Bylines = []*articlev1.Byline{{DisplayName: text}}
				article.Cover.Placed.Alt, article.Cover.Placed.Credit = text, text
				feed := feedOf(article)
				feed.Tag = text
				feed.Site.Resource.Title, feed.Site.Resource.Description = text, text
				feed.Site.Resource.Publisher.Title = text
				document := render(t, feed, f.format)
				validate(t, document, f.schema)

				line := strings.TrimSpace(richtext.Line(text))
				got := parse(t, document)
				if len(got.Items) != 1 || got.Items[0].Title != line {
					t.Fatalf("titles = %q; want %q", got.Items[0].Title, line)
				}
				if f.format == syndication.FormatRSS {
					if shown := plain(t, got.Items[0].Description); shown != line {
						t.Errorf("description shows %q, want %q", shown, line)
					}
				}
				safe(t, got.Items[0].Content)
			})
		}
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

// safe fails when the HTML has a script or a handler in it.
func safe(t *testing.T, content string) {
	t.Helper()
	tokens := html.NewTokenizer(strings.NewReader(content))
	for tokens.Next() != html.ErrorToken {
		token := tokens.Token()
		if token.Type == html.CommentToken || token.Data == "script" && token.Type != html.TextToken {
			t.Errorf("content holds %s", token)
		}
		for _, attribute := range token.Attr {
			if strings.HasPrefix(attribute.Key, "on") {
				t.Errorf("content holds %s", token)
			}
		}
	}
}
