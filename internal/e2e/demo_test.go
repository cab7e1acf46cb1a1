package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/e2e"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// TestDemo opens what a new user sees first: the example newsroom, every
// article of it, on a phone and on a desk.
func TestDemo(t *testing.T) {
	suite := e2e.Start(t, program, t.TempDir(), "--demo")
	articles := articlev1.NewArticleServiceClient(dial(t, suite.Article))
	list, err := articles.ListArticles(t.Context(), &articlev1.ListArticlesRequest{Parent: "sites/demo"})
	if err != nil {
		t.Fatal(err)
	}
	if len(list.GetArticles()) < 9 {
		t.Errorf("%d articles are published, want nine", len(list.GetArticles()))
	}
	ctx := browser(t, suite.HTTP)
	for _, width := range []int64{390, 1280} {
		front := look(ctx, t, suite.HTTP+"/", width)
		sound(t, "front page", front, width)
		for _, a := range list.GetArticles() {
			if a.GetLanguageCode() == "lt" && !strings.Contains(plainSpaces(front.Text), plainSpaces(a.GetTitle())) {
				t.Errorf("%d px: the front page does not show %q", width, a.GetTitle())
			}
		}
	}
	for _, a := range list.GetArticles() {
		v := look(ctx, t, suite.HTTP+a.GetPath(), 390)
		sound(t, a.GetPath(), v, 390)
		if v.Language != a.GetLanguageCode() {
			t.Errorf("%s: the page's language is %q, want %q", a.GetPath(), v.Language, a.GetLanguageCode())
		}
	}
	media := mediav1.NewMediaServiceClient(dial(t, suite.Media))
	for _, a := range list.GetArticles() {
		sharedCard(t, suite, media, a)
	}
	bothLanguages(t, suite)
}

// bothLanguages looks at the one piece of news that is there in two languages:
// each version leads to the other, and the English front page shows it once.
func bothLanguages(t *testing.T, suite *e2e.Suite) {
	t.Helper()
	status, front := get(t, suite.HTTP+"/en/")
	if status != http.StatusOK {
		t.Errorf("the English front page answers %d", status)
	}
	const lithuanian, english = "/atidaryta-naujoji-skaitykla", "/en/new-reading-room-open"
	if !strings.Contains(string(front), `href="`+english+`"`) || strings.Contains(string(front), `href="`+lithuanian+`"`) {
		t.Error("the English front page does not show the English version alone")
	}
	if !strings.Contains(string(front), `class="language" lang="lt"`) {
		t.Error("the English front page does not mark articles that are in Lithuanian only")
	}
	for page, other := range map[string]string{lithuanian: english, english: lithuanian} {
		if _, text := get(t, suite.HTTP+page); !strings.Contains(string(text), `href="`+other+`"`) {
			t.Errorf("%s does not lead to %s", page, other)
		}
	}
}

// sound checks what every page must be: no sideways scrolling, every picture
// loaded and described.
func sound(t *testing.T, name string, v view, width int64) {
	t.Helper()
	if v.ScrollWidth > width {
		t.Errorf("%s, %d px: the page is %d px wide and scrolls sideways", name, width, v.ScrollWidth)
	}
	if len(v.Pictures) == 0 {
		t.Errorf("%s, %d px: no picture", name, width)
	}
	for _, p := range v.Pictures {
		if !p.Loaded {
			t.Errorf("%s, %d px: the picture %q did not load", name, width, p.Alt)
		}
	}
}

func plainSpaces(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }
