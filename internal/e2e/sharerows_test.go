package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/metadata"

	"github.com/skaitykla/skaitykla/internal/e2e"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// TestShareRows follows the real article service: an article has its code for
// ever, over kill -9 and withdrawal, and what is withdrawn is not previewed. An
// installation that had no store of links makes them at its first start.
func TestShareRows(t *testing.T) {
	data := t.TempDir()
	suite := e2e.Start(t, program, data)
	createSite(t, suite)
	var want []string
	publish := func(id, title string) {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "index.md"), "---\ntitle: "+title+"\ntags: [Knygos]\n---\nTekstas.\n")
		expect(t, suite, 0, []string{"created, published"}, "import", dir, "--publish")
		want = append(want, id)
	}
	publish("rytas", "Rytas")
	publish("vakaras", "Vakaras")
	before := awaitLinks(t, suite, want)
	publish("naktis", "Naktis")
	suite.Kill(t)

	suite = e2e.Start(t, program, data)
	after := awaitLinks(t, suite, want)
	for id, code := range before {
		if after[id] != code {
			t.Errorf("%s had the link %s and has %s", id, code, after[id])
		}
	}
	previewed(t, suite, "rytas", true)
	expect(t, suite, 0, []string{"is unpublished"}, "article", "unpublish", "rytas")
	previewed(t, suite, "rytas", false)
	expect(t, suite, 0, []string{"is published"}, "article", "publish", "rytas")
	previewed(t, suite, "rytas", true)
	if diff := cmp.Diff(after, awaitLinks(t, suite, want)); diff != "" {
		t.Errorf("links after it was withdrawn and published again (-want +got):\n%s", diff)
	}

	suite.Stop(t)
	if err := os.Remove(filepath.Join(data, "sharing.db")); err != nil {
		t.Fatal(err)
	}
	suite = e2e.Start(t, program, data)
	awaitLinks(t, suite, want)
}

// awaitLinks waits until exactly the articles have links, one each, and returns
// those by article.
func awaitLinks(t *testing.T, suite *e2e.Suite, articles []string) map[string]string {
	t.Helper()
	token, exit := tokenFor(t, suite, "rasa@example.lt", "editor")
	if exit != 0 {
		t.Fatalf("token: %s", token)
	}
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+token)
	client := sharingv1.NewSharingServiceClient(dial(t, suite.Sharing))
	links := make(map[string]string)
	var got string
	for until := time.After(30 * time.Second); ; {
		clear(links)
		found, err := client.ListShareLinks(ctx, &sharingv1.ListShareLinksRequest{Parent: "sites/kaunas", PageSize: 200})
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range found.GetShareLinks() {
			links[link.GetArticle()[len("sites/kaunas/articles/"):]] = link.GetName()
		}
		missing := 0
		for _, id := range articles {
			if links[id] == "" {
				missing++
			}
		}
		if got = fmt.Sprint(links); missing == 0 && len(found.GetShareLinks()) == len(articles) {
			return links
		}
		select {
		case <-until:
			t.Fatalf("the links are %s, want one for each of %v", got, articles)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// previewed waits until an article is previewed, or said to be withdrawn.
func previewed(t *testing.T, suite *e2e.Suite, id string, want bool) {
	t.Helper()
	client := sharingv1.NewSharingServiceClient(dial(t, suite.Sharing))
	for until := time.After(patience); ; {
		_, err := client.RenderPreview(t.Context(), &sharingv1.RenderPreviewRequest{Article: "sites/kaunas/articles/" + id})
		gone := err != nil && fault.Has(rpc.FromStatus(err), faultv1.Reason_REASON_RESOURCE_GONE)
		if want && err == nil || !want && gone {
			return
		}
		select {
		case <-until:
			t.Fatalf("previewed is not %v after %s: %v", want, patience, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
