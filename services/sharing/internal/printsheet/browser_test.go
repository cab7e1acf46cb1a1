package printsheet_test

import (
	"bytes"
	"context"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/makiuchi-d/gozxing"
	reader "github.com/makiuchi-d/gozxing/qrcode"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

// browser returns the context of a fresh Chromium, which is stopped with the
// test.
func browser(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true))
	allocated, stopAllocator := chromedp.NewExecAllocator(t.Context(), options...)
	ctx, stop := chromedp.NewContext(allocated)
	t.Cleanup(func() { stop(); stopAllocator() })
	if err := chromedp.Do(ctx); err != nil { // the browser lives as long as this context
		t.Fatalf("start the browser: %v", err)
	}
	return ctx
}

// TestOnePage prints sheets in a browser, as a library does: one page of A4 each,
// nothing cut off, and a code that can be read from the paper.
func TestOnePage(t *testing.T) {
	ctx := browser(t)
	for _, test := range []struct {
		name, title, site string
		plain             bool
	}{
		{"short", "Knygų mugė", "Bibliotekos naujienos", true},
		{"usual", "Stažuotė Danijos bibliotekose: „ką parsivežėme?“", "Bibliotekos naujienos", false},
		{"long", strings.TrimSpace(strings.Repeat("Žąsys grįžo į Žuvintą, o knygos į lentynas. ", 7))[:300], "Vilkaviškio rajono savivaldybės viešosios bibliotekos naujienos", false},
		{"one word", strings.Repeat("Nebeprisikiškiakopūsteliaujantiesiems", 8), "Bibliotekos naujienos", false},
		{"emoji", strings.Repeat("📚", 300), strings.Repeat("Bibliotekos naujienos ", 9), false},
	} {
		t.Run(strings.ReplaceAll(test.name, " ", "-"), func(t *testing.T) {
			site, article := sharingtest.Site(), sharingtest.Article()
			site.Title, article.Title = test.site, strings.ToValidUTF8(test.title, "")
			if test.plain {
				article.Event = nil
			}
			checkPrint(ctx, t, site, article)
		})
	}
}

const measure = `(() => {
	const cut = [...document.querySelectorAll('main, main *')].filter(e => e.scrollHeight > e.clientHeight + 1 &&
		getComputedStyle(e).overflow === 'hidden').map(e => e.className || e.tagName);
	const page = document.querySelector('main').getBoundingClientRect();
	const out = [...document.querySelectorAll('main *')].filter(e => { const r = e.getBoundingClientRect();
		return r.width && (r.right > page.right + 1 || r.bottom > page.bottom + 1 || r.left < page.left - 1 || r.top < page.top - 1); }).map(e => e.className || e.tagName);
	return cut.concat(out).join(' ');
})()`

func checkPrint(ctx context.Context, t *testing.T, site *articlev1.Site, article *articlev1.Article) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	file := filepath.Join(t.TempDir(), "sheet.html")
	if err := os.WriteFile(file, printed(t, site, article, "lt").HTML, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1000, 1300), chromedp.Navigate("file://"+file)); err != nil {
		t.Fatal(err)
	}
	outside, err := chromedp.Run(ctx, chromedp.Evaluate[string](measure))
	if err != nil {
		t.Fatal(err)
	}
	if outside != "" {
		t.Errorf("cut off or outside of the page: %s", outside)
	}
	shot, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	keep(t, ".png", shot)
	if got := find(t, shot); got != scanned {
		t.Errorf("the code on the page reads %q, want %q", got, scanned)
	}
	paper, err := chromedp.Run(ctx, func(ctx context.Context, target *chromedp.Target) (page.PrintToPDFResult, error) {
		return cdp.Call(ctx, target, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: new(true), PrintBackground: new(true)})
	})
	if err != nil {
		t.Fatal(err)
	}
	keep(t, ".pdf", paper.Data)
	if pages := len(regexp.MustCompile(`/Type\s*/Page\b`).FindAll(paper.Data, -1)); pages != 1 {
		t.Errorf("printed on %d pages", pages)
	}
	if !regexp.MustCompile(`/MediaBox\s*\[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]`).Match(paper.Data) {
		t.Error("the page is not A4")
	}
}

func keep(t *testing.T, ending string, content []byte) {
	t.Helper()
	name := filepath.Join(t.ArtifactDir(), strings.ReplaceAll(t.Name(), "/", "-")+ending)
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Logf("kept %s", name)
}

// find reads the code in a screenshot with a reader that is not ours.
func find(t *testing.T, shot []byte) string {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	result, err := reader.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Fatalf("no code is found on the page: %v", err)
	}
	return result.GetText()
}
