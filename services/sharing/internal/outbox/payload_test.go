package outbox_test

import (
	"encoding/json"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/syndication"
)

// TestTopics compares what a hub is told has changed with what the feeds say
// they are.
func TestTopics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, world := newRig(t), &receivers{}
		_, _ = r.endpoint("hub", "https://hub.lt/", hub)
		r.run(world)
		a := sharingtest.Short()
		a.Name, a.Uid, a.LanguageCode, a.Tags = sharingtest.SiteName+"/articles/visit", "uid-of-visit", "en", []string{"Knygų & mugė", "a+b/c"}
		a.PublishTime, a.FirstPublicTime = timestampNow(), timestampNow()
		r.learn("visit", a)
		settle(time.Second)
		a.Tags = []string{"a+b/c"}
		r.learn("visit", a)
		settle(time.Second)
		var want []string
		for _, tag := range []string{"", "Knygų & mugė", "a+b/c"} {
			feed := syndication.Feed{Site: published.Site{Resource: sharingtest.Site()}, Language: "en", Tag: tag}
			for _, format := range []syndication.Format{syndication.FormatRSS, syndication.FormatAtom, syndication.FormatJSON} {
				document, err := syndication.Render(feed, format)
				must(t, err)
				want = append(want, document.URI)
			}
		}
		calls := world.got("https://hub.lt/")
		if len(calls) != 2 {
			t.Fatalf("%d pings, want 2", len(calls))
		}
		for _, c := range calls { // the tag it lost is pinged, too
			form, err := url.ParseQuery(c.body)
			must(t, err)
			if diff := cmp.Diff(want, form["hub.url"]); diff != "" {
				t.Errorf("topics (-feeds +pinged):\n%s", diff)
			}
		}
	})
}

// TestPayload compares the messages with the examples of docs/webhooks.md.
func TestPayload(t *testing.T) {
	text, err := os.ReadFile("../../../../docs/webhooks.md")
	must(t, err)
	examples := regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(examples) != 2 {
		t.Fatalf("the page has %d examples, want 2", len(examples))
	}
	synctest.Test(t, func(t *testing.T) {
		r, world := newRig(t), &receivers{}
		_, _ = r.endpoint("all", "https://all.lt/", hook)
		r.run(world)
		a := sharingtest.Article()
		a.TranslationGroup, a.PublishedRevision = "stazuote", 7
		a.PublishTime, a.FirstPublicTime = timestampNow(), timestampNow()
		r.learn("stazuote", a)
		settle(time.Second)
		r.withdraw("stazuote")
		settle(time.Second)
		calls := world.got("https://all.lt/")
		if len(calls) != 2 {
			t.Fatalf("%d messages, want 2", len(calls))
		}
		for i, c := range calls {
			if diff := cmp.Diff(shape(t, examples[i][1]), shape(t, c.body)); diff != "" {
				t.Errorf("message %d (-docs +sent):\n%s\n%s", i, diff, c.body)
			}
			if i == 1 && strings.Contains(c.body, "Danij") {
				t.Errorf("of a withdrawn article is told: %s", c.body)
			}
		}
	})
}

// shape returns the paths of all fields of an object, sorted, with the kind of
// their values.
func shape(t *testing.T, text string) map[string]string {
	t.Helper()
	var value any
	must(t, json.Unmarshal([]byte(text), &value))
	paths := make(map[string]string)
	var walk func(path string, value any)
	walk = func(path string, value any) {
		switch v := value.(type) {
		case map[string]any:
			for name, field := range v {
				walk(path+"."+name, field)
			}
		case []any:
			paths[path] = "list"
		case string:
			paths[path] = "text"
		case float64:
			paths[path] = "number"
		}
	}
	walk("", value)
	return paths
}
