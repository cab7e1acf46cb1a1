package socialcards_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/socialcards"
)

// drawer has one card, or none.
type drawer struct {
	card  published.Image
	asked int
}

func (d *drawer) Card(context.Context, published.Article) (published.Image, bool) {
	d.asked++
	return d.card, d.card.URI != ""
}

func TestCache(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &drawer{}
		cache, err := socialcards.NewCache(d)
		if err != nil {
			t.Fatal(err)
		}
		site, article := sharingtest.Site(), sharingtest.Article()
		wants := func(step, uri string, asked int) {
			t.Helper()
			card, ok := cache.Card(t.Context(), published.Article{Site: published.Site{Resource: site}, Resource: article})
			if card.URI != uri || ok != (uri != "") || d.asked != asked {
				t.Errorf("%s: card %q, %t after %d questions; want %q after %d", step, card.URI, ok, d.asked, uri, asked)
			}
		}
		wants("there is none", "", 1)
		wants("at once again", "", 1)
		d.card.URI = "/one.jpg"
		<-time.After(time.Second)
		wants("a second later", "/one.jpg", 2)
		asked := 2
		for _, wait := range []time.Duration{1, 2, 4, 8, 16, 32, 32} {
			<-time.After(wait*time.Second - 1)
			wants("kept", "/one.jpg", asked)
			<-time.After(1)
			asked++
			wants("asked again", "/one.jpg", asked)
		}
		d.card.URI = "/two.jpg"
		wants("kept while nothing is told", "/one.jpg", asked)
		article = sharingtest.Article()
		wants("the article was read anew", "/two.jpg", asked+1)
		d.card.URI = "/three.jpg"
		<-time.After(time.Second)
		wants("drawn a moment later", "/three.jpg", asked+2)
		site = &articlev1.Site{Etag: "s2"}
		wants("the site changed", "/three.jpg", asked+3)
	})
}

// TestCacheForgetsTheLost keeps nothing that a caller who went away saw.
func TestCacheForgetsTheLost(t *testing.T) {
	d := &drawer{}
	cache, err := socialcards.NewCache(d)
	if err != nil {
		t.Fatal(err)
	}
	article := published.Article{Site: published.Site{Resource: sharingtest.Site()}, Resource: sharingtest.Article()}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	cache.Card(gone, article)
	d.card.URI = "/one.jpg"
	if card, ok := cache.Card(t.Context(), article); !ok || card.URI != "/one.jpg" {
		t.Errorf("card %q, %t", card.URI, ok)
	}
}
