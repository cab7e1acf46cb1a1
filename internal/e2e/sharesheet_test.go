package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/skaitykla/skaitykla/internal/e2e"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// TestShareSheets shares the articles of the example newsroom: by every target,
// by paper, with scripts and without, and by the targets that a library chose.
func TestShareSheets(t *testing.T) {
	suite := e2e.Start(t, program, t.TempDir(), "--demo")
	list, err := articlev1.NewArticleServiceClient(dial(t, suite.Article)).ListArticles(t.Context(),
		&articlev1.ListArticlesRequest{Parent: "sites/demo"})
	if err != nil || len(list.GetArticles()) == 0 {
		t.Fatalf("%d articles: %v", len(list.GetArticles()), err)
	}
	sharing := sharingv1.NewSharingServiceClient(dial(t, suite.Sharing))
	for _, a := range list.GetArticles() {
		sheet := shortSheet(t, sharing, a.GetName())
		for _, link := range sheet.GetLinks() {
			if link.GetKind() == sharingv1.TargetLink_KIND_QR || link.GetKind() == sharingv1.TargetLink_KIND_PRINT {
				onPaper(t, suite, a, link)
			}
		}
		followShort(t, suite, a, sheet)
	}
	first := list.GetArticles()[0]
	inBrowser(t, suite, first, shortSheet(t, sharing, first.GetName()))
	chosenTargets(t, suite, sharing, first)
}

// shortSheet returns the share sheet of an article as soon as it has its short
// address.
func shortSheet(t *testing.T, sharing sharingv1.SharingServiceClient, article string) *sharingv1.ComposeShareSheetResponse {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for {
		sheet, err := sharing.ComposeShareSheet(ctx, &sharingv1.ComposeShareSheetRequest{Article: article})
		if err != nil {
			t.Fatal(err)
		}
		if sheet.GetShareLink() != "" {
			return sheet
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s has no short address", article)
		case <-look.C:
		}
	}
}

// followShort follows every short address of a sheet, as a reader does who was
// sent it: one hop to the page.
func followShort(t *testing.T, suite *e2e.Suite, a *articlev1.Article, sheet *sharingv1.ComposeShareSheetResponse) {
	t.Helper()
	for _, link := range sheet.GetLinks() {
		if link.GetKind() != sharingv1.TargetLink_KIND_COPY && link.GetKind() != sharingv1.TargetLink_KIND_DEVICE {
			continue
		}
		if !strings.HasPrefix(link.GetUri(), sheet.GetShortUri()+".") || !strings.HasPrefix(link.GetUri(), suite.HTTP+"/s/") {
			t.Errorf("%s of %s passes on %q", link.GetTarget(), a.GetName(), link.GetUri())
		}
		reply := do(t, http.MethodGet, link.GetUri(), "", nil)
		if to := reply.Header.Get("Location"); reply.StatusCode != http.StatusFound || strings.TrimPrefix(to, suite.HTTP) != a.GetPath() {
			t.Errorf("%s answers %s to %q, want %s", link.GetUri(), reply.Status, to, a.GetPath())
		}
		if err := reply.Body.Close(); err != nil {
			t.Error(err)
		}
	}
}

// onPaper gets the QR code or the sheet to print.
func onPaper(t *testing.T, suite *e2e.Suite, a *articlev1.Article, link *sharingv1.TargetLink) {
	t.Helper()
	status, body := get(t, link.GetUri())
	want := "<svg"
	if link.GetKind() == sharingv1.TargetLink_KIND_PRINT {
		want = "/s/"
	}
	if status != http.StatusOK || !bytes.Contains(body, []byte(want)) || !strings.HasPrefix(link.GetUri(), suite.HTTP+"/") {
		t.Errorf("%s of %s: %s answers %d without %q", link.GetTarget(), a.GetName(), link.GetUri(), status, want)
	}
}

// inBrowser looks at the sheet on the page, which asks nobody else for anything
// (see browser), with scripts and without.
func inBrowser(t *testing.T, suite *e2e.Suite, a *articlev1.Article, sheet *sharingv1.ComposeShareSheetResponse) {
	t.Helper()
	ctx := browser(t, suite.HTTP)
	const shown = `[...document.querySelectorAll(".share :is(a, button, input)")].filter(e => e.checkVisibility()).map(e => e.readOnly ? e.value : e.innerText.trim())`
	for _, scripts := range []bool{true, false} {
		set := chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
			_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !scripts})
			return err
		})
		if err := chromedp.Do(ctx, set, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(suite.HTTP+a.GetPath())); err != nil {
			t.Fatal(err)
		}
		got, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](shown))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(got, sheet.GetShortUri()+".c") || !slices.Contains(got, "Facebook") {
			t.Errorf("scripts %v: one can press %q", scripts, got)
		}
		photographSheet(ctx, t, fmt.Sprintf("share-scripts-%v.png", scripts))
		if slices.Contains(got, "Kopijuoti nuorodą") != scripts {
			t.Errorf("scripts %v: the button to copy is there or not: %q", scripts, got)
		}
	}
}

// photographSheet leaves a picture of the sheet as an artifact.
func photographSheet(ctx context.Context, t *testing.T, name string) {
	t.Helper()
	shot, err := chromedp.Run(ctx, chromedp.Screenshot("nav.share"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(t.ArtifactDir(), name), shot, 0o600); err != nil {
		t.Fatal(err)
	}
}

// chosenTargets lists targets over REST, one of them the library's own, and
// waits until the page has them.
func chosenTargets(t *testing.T, suite *e2e.Suite, sharing sharingv1.SharingServiceClient, a *articlev1.Article) {
	t.Helper()
	output, exit := suite.Run(t, "token", "create", "--for", "admin@example.lt", "--role", "admin", "--site", "demo")
	if exit != 0 {
		t.Fatal(output)
	}
	lines := strings.Split(strings.TrimSpace(output), "\n")
	_, body := get(t, suite.HTTP+"/v1/sites/demo")
	var site struct{ Etag string }
	if err := json.Unmarshal(body, &site); err != nil {
		t.Fatal(err)
	}
	change, err := json.Marshal(map[string]any{"etag": site.Etag, "shareTargets": []map[string]any{
		{"id": "email"},
		{"id": "skaitlink", "uriTemplate": "https://skaitlink.example/?u={uri}&t={title}", "titles": map[string]string{"lt": "Skaitlink"}},
		{"id": "copy"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	reply := do(t, http.MethodPatch, suite.HTTP+"/v1/sites/demo?updateMask=shareTargets", lines[len(lines)-1], change)
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		t.Fatalf("PATCH: %s", reply.Status)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	var got []string
	for want := []string{"email", "skaitlink", "copy"}; !slices.Equal(got, want); {
		select {
		case <-ctx.Done():
			t.Fatalf("the sheet has %q, want %q", got, want)
		case <-look.C:
		}
		got = nil
		for _, link := range shortSheet(t, sharing, a.GetName()).GetLinks() {
			got = append(got, link.GetTarget())
		}
	}
	if _, page := get(t, suite.HTTP+a.GetPath()); !bytes.Contains(page, []byte(`href="https://skaitlink.example/?u=http`)) ||
		bytes.Contains(page, []byte("facebook.com/sharer")) {
		t.Error("the page does not have the targets that the site chose")
	}
}
