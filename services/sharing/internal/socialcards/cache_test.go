package socialcards_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/protobuf/proto"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/socialcards"
)

// drawn has a card for each call.
type drawn struct{ calls, none int }

func (d *drawn) Card(context.Context, published.Article) (published.Image, bool) {
	d.calls++
	if d.calls <= d.none {
		return published.Image{}, false
	}
	return published.Image{URI: fmt.Sprintf("https://a.lt/%d.jpg", d.calls)}, true
}

// TestCache asks again when a card may be another one, and not before.
func TestCache(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &drawn{none: 1}
		cache, err := socialcards.NewCache(source)
		if err != nil {
			t.Fatal(err)
		}
		article := published.Article{Site: published.Site{Resource: sharingtest.Site()}, Resource: sharingtest.Article()}
		corrected := article
		corrected.Resource = proto.CloneOf(article.Resource)
		corrected.Resource.PublishedRevision++
		other := published.Article{Site: article.Site, Resource: &articlev1.Article{Name: sharingtest.ShortName}}
		for _, step := range []struct {
			name    string
			after   time.Duration
			article published.Article
			calls   int
			found   bool
		}{
			{"not drawn yet", 0, article, 1, false},
			{"asked again at once", 0, article, 1, false},
			{"asked again later", 3 * time.Second, article, 2, true},
			{"kept", 9 * time.Second, article, 2, true},
			{"another article", 0, other, 3, true},
			{"kept for too long", 2 * time.Second, article, 4, true},
			{"another edition", 0, corrected, 5, true},
		} {
			<-time.After(step.after)
			_, found := cache.Card(t.Context(), step.article)
			if source.calls != step.calls || found != step.found {
				t.Errorf("%s: found %v after %d calls, want %v after %d", step.name, found, source.calls, step.found, step.calls)
			}
		}
	})
}
