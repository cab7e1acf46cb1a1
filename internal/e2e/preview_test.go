package e2e_test

import (
	"image/color"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/skaitykla/skaitykla/internal/e2e"
)

// TestPreview sends the address of a draft to somebody without a role, who
// opens it in a browser; nothing of it stays in a log or an address.
func TestPreview(t *testing.T) {
	suite := e2e.Start(t, program, t.TempDir(), "--log-level", "info")
	createSite(t, suite)
	dir := manuscriptDir(t, "---\nid: juodrastis\ntitle: Dar nepaskelbta naujiena\n---\nPirma pastraipa.\n\n![Mėlynas langas į biblioteką](langas.jpg)\n")
	drawPicture(t, filepath.Join(dir, "langas.jpg"), color.RGBA{B: 120, A: 255})
	expect(t, suite, 0, []string{"created"}, "import", dir)
	output, exit := suite.Run(t, "article", "preview", "juodrastis", "--for", "direktorei")
	address := strings.TrimSpace(output)
	if exit != 0 || !strings.HasPrefix(address, suite.HTTP+"/preview#") {
		t.Fatalf("making a preview: exit %d\n%s", exit, output)
	}
	ctx := browser(t, suite.HTTP)
	if err := chromedp.Do(ctx, chromedp.Navigate(address), chromedp.WaitVisible(".notice")); err != nil {
		t.Fatalf("open the preview: %v", err)
	}
	landed, err := chromedp.Run(ctx, chromedp.Evaluate[string]("location.href"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(landed, suite.HTTP+"/preview/") || strings.Contains(landed, "#") {
		t.Errorf("the browser landed at %s", landed)
	}
	for _, width := range []int64{390, 1280} {
		v := look(ctx, t, landed, width)
		text := plainSpaces(v.Text)
		if !strings.Contains(text, "Dar nepaskelbta naujiena") || !strings.Contains(text, "Skaitytojai šios straipsnio redakcijos nemato") {
			t.Errorf("%d px: the preview shows %q", width, text)
		}
		if len(v.Pictures) != 1 || !v.Pictures[0].Loaded || v.ScrollWidth > width {
			t.Errorf("%d px: %d px wide, pictures %+v", width, v.ScrollWidth, v.Pictures)
		}
	}
	look(ctx, t, suite.HTTP+"/preview", 390)
	previewHeaders(t, suite, landed, address)
	expect(t, suite, 0, []string{"1 previews revoked"}, "article", "preview", "juodrastis", "--revoke")
	if status, _ := get(t, landed); status != http.StatusForbidden {
		t.Errorf("a revoked preview answers %d", status)
	}
}

// previewHeaders wants the page kept out of caches, search engines and
// referrers, and its key out of the log.
func previewHeaders(t *testing.T, suite *e2e.Suite, landed, address string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, landed, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive",
	} {
		if got := reply.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if !strings.Contains(string(body), `<meta name="robots" content="noindex">`) || strings.Contains(string(body), "og:title") {
		t.Error("the page may be indexed, or says how to share it")
	}
	token, key := address[strings.Index(address, "#")+1:], landed[strings.LastIndex(landed, "/")+1:]
	logged := suite.Output()
	if !strings.Contains(logged, "/preview/-") {
		t.Error("the log does not tell of the preview")
	}
	if strings.Contains(logged, token) || strings.Contains(logged, key) {
		t.Error("the log has the token or the key")
	}
	resp, err := http.PostForm(suite.HTTP+"/preview", url.Values{"token": {token[:len(token)-4] + "AAAA"}}) //nolint:noctx // a short test
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("a forged token answers %d", resp.StatusCode)
	}
}
