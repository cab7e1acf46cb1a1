package e2e_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// browser returns the context of a fresh Chromium with an empty profile. It
// fails the test when a page asks any other host than the suite's.
func browser(t *testing.T, home string) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	own, err := url.Parse(home)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var foreign []string
	allocated, stopAllocator := chromedp.NewExecAllocator(t.Context(), options...)
	ctx, stop := chromedp.NewContext(allocated, chromedp.WithListener(func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok {
			if u, err := url.Parse(e.Request.URL); err == nil && u.Host != own.Host && u.Scheme != "data" {
				mu.Lock()
				foreign = append(foreign, e.Request.URL)
				mu.Unlock()
			}
		}
	}))
	t.Cleanup(func() { stop(); stopAllocator() })
	// The browser lives as long as the context of the first step.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		if len(foreign) > 0 {
			t.Errorf("the page asked third parties: %v", foreign)
		}
	})
	return ctx
}

// page checks the article's page in a browser, on a phone and on a desk.
func page(t *testing.T, address string) {
	t.Helper()
	ctx := browser(t, address)
	for _, width := range []int64{390, 1280} {
		view := look(ctx, t, address, width)
		checkView(t, view, width)
	}
}

// view is what a browser shows of a page.
type view struct {
	Title, Language, Text string
	ScrollWidth           int64
	Pictures              []picture
	Meta                  map[string]string
	Links                 []string
}

type picture struct {
	Alt     string
	Loaded  bool
	Caption string
}

const script = `(() => ({
	Title: document.title,
	Language: document.documentElement.lang,
	Text: document.body.innerText,
	ScrollWidth: document.documentElement.scrollWidth,
	Pictures: [...document.querySelectorAll('main img')].map(i => ({
		Alt: i.alt, Loaded: i.complete && i.naturalWidth > 0,
		Caption: i.closest('figure')?.querySelector('figcaption')?.innerText ?? ''})),
	Meta: Object.fromEntries([...document.querySelectorAll('meta[property],meta[name]')].map(m => [m.getAttribute('property') ?? m.name, m.content])),
	Links: [...document.querySelectorAll('nav a')].map(a => a.href),
}))()`

// look opens the page, scrolls through it so that every picture loads, and
// takes a screenshot.
func look(ctx context.Context, t *testing.T, address string, width int64) view {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	scroll := `(async () => { for (let y = 0; y < document.body.scrollHeight; y += 400) { scrollTo(0, y); await new Promise(r => requestAnimationFrame(r)); }
		await Promise.all([...document.images].map(i => i.decode().catch(() => 0))); scrollTo(0, 0); return true; })()`
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(address)); err != nil {
		t.Fatalf("open %s: %v", address, err)
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](scroll, chromedp.EvalAwaitPromise)); err != nil {
		t.Fatalf("scroll through %s: %v", address, err)
	}
	v, err := chromedp.Run(ctx, chromedp.Evaluate[view](script))
	if err != nil {
		t.Fatalf("look at %s: %v", address, err)
	}
	shot, err := chromedp.Run(ctx, chromedp.FullScreenshot(80))
	if err != nil {
		t.Fatalf("screenshot of %s: %v", address, err)
	}
	name := filepath.Join(t.ArtifactDir(), strings.ReplaceAll(t.Name(), "/", "-")+"-"+widthWord(width)+".jpg")
	if err := os.WriteFile(name, shot, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Logf("screenshot: %s", name)
	return v
}

func widthWord(width int64) string {
	if width < 600 {
		return "phone"
	}
	return "desk"
}

func checkView(t *testing.T, v view, width int64) {
	t.Helper()
	if v.Language != "lt" {
		t.Errorf("%d px: the page's language is %q", width, v.Language)
	}
	if v.ScrollWidth > width {
		t.Errorf("%d px: the page is %d px wide and scrolls sideways", width, v.ScrollWidth)
	}
	text := strings.ReplaceAll(v.Text, "\u00a0", " ")
	for _, want := range []string{
		pageTitle, "2024 m. birželio 7 d.", "Dar prieš prasidedant vasarai", "„Suorganizuota stažuotė", "tobulėjimui.“",
		"„Dokk1“", "Orhuso (Aarhus) miesto „Dokk1“ biblioteka", "Jauki ir šviesi Randerso miesto biblioteka",
		"Nuotraukų galerija", "Dalintis",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%d px: the page does not show %q", width, want)
		}
	}
	if strings.Contains(text, "„„") || strings.Contains(text, "““") {
		t.Errorf("%d px: quotation marks are doubled", width)
	}
	if len(v.Pictures) != 6 {
		t.Errorf("%d px: %d pictures, want 6", width, len(v.Pictures))
	}
	for _, p := range v.Pictures {
		if !p.Loaded {
			t.Errorf("%d px: the picture %q did not load", width, p.Alt)
		}
		if len(p.Alt) < 20 {
			t.Errorf("%d px: alternative text %q", width, p.Alt)
		}
	}
	for property, want := range map[string]string{
		"og:title": pageTitle, "og:type": "article", "og:locale": "lt_LT", "twitter:card": "summary_large_image",
	} {
		if v.Meta[property] != want {
			t.Errorf("%d px: %s = %q, want %q", width, property, v.Meta[property], want)
		}
	}
	if !strings.Contains(strings.Join(v.Links, " "), "facebook.com/sharer") {
		t.Errorf("%d px: no link shares to Facebook: %v", width, v.Links)
	}
}
