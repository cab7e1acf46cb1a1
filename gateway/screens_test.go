package gateway_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"google.golang.org/protobuf/proto"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// TestScreens looks at the pages with a real browser, on a phone and on a desk:
// nothing sticks out sideways, nothing is asked of another host, and the page
// keeps its own policy. Pictures of the pages are left as artifacts.
func TestScreens(t *testing.T) {
	browser := newBrowser(t)
	s := newSuite(t)
	s.articles.sites = []*articlev1.Site{library()}
	sample := s.sample(t)
	s.articles.put(sample)
	for i := range 15 {
		a := proto.CloneOf(sample)
		a.Name, a.Path = fmt.Sprintf("%s/articles/other-%d", siteName, i), fmt.Sprintf("/other-%d", i)
		a.PublishTime.Seconds -= int64(86400 * (i + 1))
		if i%4 == 2 {
			a.Cover = nil
		}
		s.articles.put(a)
	}
	s.articles.gone["/nebera"] = true
	pages := []struct{ name, path string }{
		{"article", "/kelione"},
		{"front", "/"},
		{"front-older", "/?page=t13"},
		{"english", "/en/"},
		{"not-found", "/tokio-nera"},
		{"gone", "/nebera"},
	}
	if trip := s.trip(t); trip != nil {
		s.articles.put(trip)
		pages = append(pages, struct{ name, path string }{"trip", trip.GetPath()})
	}
	for _, page := range pages {
		for _, width := range []int64{390, 1280} {
			t.Run(fmt.Sprintf("%s-%d", page.name, width), func(t *testing.T) {
				look(t, browser, s.base, page.path, filepath.Join(t.ArtifactDir(), fmt.Sprintf("%s-%d.png", page.name, width)), width)
			})
		}
	}
}

// newBrowser starts one browser for the test, and skips it where there is none.
func newBrowser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("needs chromium in PATH")
	}
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU}
	for _, flag := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	ctx, cancel := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(options...))
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	return ctx
}

// look opens a page and checks and photographs it.
func look(t *testing.T, browser context.Context, base, path, file string, width int64) {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	defer cancel()
	ctx, cancel = context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var mu sync.Mutex
	var problems []string
	note := func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if u, err := url.Parse(e.Request.URL); err != nil || !strings.HasPrefix(e.Request.URL, base) && u.Scheme != "data" {
				problems = append(problems, "asks for "+e.Request.URL)
			}
		case *cdplog.EventEntryAdded:
			if strings.Contains(e.Entry.Text, "Content Security Policy") {
				problems = append(problems, e.Entry.Text)
			}
		}
	}
	must(t, chromedp.Do(ctx, chromedp.Navigate("about:blank")))
	must(t, chromedp.Listen(ctx, note))
	var mobile []chromedp.EmulateViewportOption
	if width < 500 {
		mobile = append(mobile, chromedp.EmulateMobile)
	}
	must(t, chromedp.Do(ctx,
		chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
			if _, err := cdp.Call(ctx, tab, network.Enable, network.EnableParams{}); err != nil {
				return err
			}
			_, err := cdp.Call(ctx, tab, cdplog.Enable, cdp.Empty{})
			return err
		}),
		chromedp.EmulateViewport(width, 900, mobile...),
		chromedp.Navigate(base+path)))
	broken, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`(async () => {
		const all = [...document.images];
		all.forEach(i => i.loading = 'eager');
		await Promise.all(all.map(i => i.decode().catch(() => {})));
		return all.filter(i => !i.naturalWidth).map(i => i.currentSrc || i.src);
	})()`, chromedp.EvalAwaitPromise))
	must(t, err)
	overflow, err := chromedp.Run(ctx, chromedp.Evaluate[int](
		`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
	must(t, err)
	shot, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	must(t, err)
	mu.Lock()
	defer mu.Unlock()
	for _, problem := range problems {
		t.Error(problem)
	}
	if overflow > 0 {
		t.Errorf("the page is %d px wider than the screen", overflow)
	}
	if len(broken) > 0 {
		t.Errorf("pictures not shown: %q", broken)
	}
	must(t, os.WriteFile(file, shot, 0o600))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
