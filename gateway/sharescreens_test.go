package gateway_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// tab is a tab of the browser with an article open, that has noted everything
// it asked for.
type tab struct {
	ctx context.Context //nolint:containedctx // that of the browser's tab, as chromedp wants it

	mu       sync.Mutex
	problems []string
}

// device is what an article is looked at with.
type device struct {
	width     int64
	touch     bool
	dark      bool
	noScripts bool
	before    string // a script that runs before those of the page
}

// call sends a command to the tab.
func call[P any](command cdp.Command[P, cdp.Empty], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	})
}

// openShare opens the article on a device. The test fails in the end if the tab
// asked anybody else for anything.
func openShare(t *testing.T, parent context.Context, base string, d device) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(parent)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	open := &tab{ctx: ctx}
	must(t, chromedp.Do(ctx, chromedp.Navigate("about:blank")))
	must(t, chromedp.Listen(ctx, func(event any) { open.note(base, event) }))
	options := []chromedp.EmulateViewportOption{}
	if d.touch {
		options = append(options, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	scheme := "light"
	if d.dark {
		scheme = "dark"
	}
	must(t, chromedp.Do(ctx,
		call(network.Enable, network.EnableParams{}),
		call(cdplog.Enable, cdp.Empty{}),
		call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}),
		call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: d.noScripts}),
		chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: d.before})
			return err
		}),
		chromedp.EmulateViewport(d.width, 900, options...),
		chromedp.Navigate(base+"/kelione"),
	))
	t.Cleanup(func() {
		open.mu.Lock()
		defer open.mu.Unlock()
		for _, problem := range open.problems {
			t.Error(problem)
		}
	})
	return open
}

// note keeps what no page may do.
func (b *tab) note(base string, event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err != nil || !strings.HasPrefix(e.Request.URL, base+"/") && u.Scheme != "data" && e.Request.URL != "about:blank" {
			b.problems = append(b.problems, "asks for "+e.Request.URL)
		}
	case *cdplog.EventEntryAdded:
		if strings.Contains(e.Entry.Text, "Content Security Policy") {
			b.problems = append(b.problems, e.Entry.Text)
		}
	}
}

// eval runs a script of the test in a tab.
func eval[T any](t *testing.T, b *tab, script string) T {
	t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	must(t, err)
	return value
}

// visible returns what can be seen of the sheet to press, in order.
func (b *tab) visible(t *testing.T) []string {
	t.Helper()
	return eval[[]string](t, b, `[...document.querySelectorAll(".share :is(a, button, input, summary)")]
		.filter(e => e.checkVisibility()).map(e => e.value && e.readOnly ? e.value : e.innerText.trim())`)
}

// TestShareCopies copies the short address with a script, and says so to who
// cannot see it.
func TestShareCopies(t *testing.T) {
	b := openShare(t, newBrowser(t), newSiteSuite(t).base, device{width: 1280})
	must(t, chromedp.Do(b.ctx, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		for _, name := range []string{"clipboard-read", "clipboard-write"} {
			if _, err := cdp.Call(ctx, tab, browser.SetPermission, browser.SetPermissionParams{
				Permission: &browser.PermissionDescriptor{Name: name}, Setting: browser.PermissionSettingGranted,
			}); err != nil {
				return err
			}
		}
		return nil
	})))
	must(t, chromedp.Do(b.ctx, chromedp.Click("button.copy")))
	said := eval[string](t, b, `new Promise(done => {
		const status = document.querySelector(".share [role=status]");
		const look = () => status.textContent ? done(status.textContent) : requestAnimationFrame(look);
		look();
	})`)
	if said != "Nuoroda nukopijuota" {
		t.Errorf("the page says %q", said)
	}
	if got := eval[string](t, b, `navigator.clipboard.readText()`); got != shortAddress+".c" {
		t.Errorf("the clipboard has %q", got)
	}
}

// TestShareWithoutScripts shows everything that needs none.
func TestShareWithoutScripts(t *testing.T) {
	b := openShare(t, newBrowser(t), newSiteSuite(t).base, device{width: 1280, noScripts: true})
	want := []string{
		shortAddress + ".c", "Facebook", "Messenger", "WhatsApp", "El. paštas", "QR kodas", "Spausdinti lapelį",
		"Kiti dalijimosi būdai", "Kas ką sužinos",
	}
	if got := b.visible(t); !slices.Equal(got, want) {
		t.Errorf("without scripts one can press %q, want %q", got, want)
	}
	must(t, chromedp.Do(b.ctx, chromedp.Click(".share summary")))
	if got := b.visible(t); !slices.Contains(got, "Mastodon") {
		t.Errorf("the other targets do not open: %q", got)
	}
}

// TestShareOnPhone offers the messengers, and the dialogue of the device where
// the browser has one; whoever closes that has not shared.
func TestShareOnPhone(t *testing.T) {
	base, parent := newSiteSuite(t).base, newBrowser(t)
	b := openShare(t, parent, base, device{width: 390, touch: true, before: `
		window.shared = [];
		navigator.canShare = () => true;
		navigator.share = async data => { shared.push(data); throw new DOMException("closed", "AbortError"); };`})
	got := b.visible(t)
	for _, want := range []string{"Kita programa", "Viber", "SMS", "Kopijuoti nuorodą"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is missing among %q", want, got)
		}
	}
	app := eval[string](t, b, `[...document.querySelectorAll(".share a")].filter(e => e.checkVisibility() && e.innerText.trim() === "Messenger").map(e => e.protocol).join()`)
	if app != "fb-messenger:" {
		t.Errorf("Messenger opens %s", app)
	}
	must(t, chromedp.Do(b.ctx, chromedp.Click("button.device")))
	type data struct{ Title, Text, URL string }
	want := []data{{"Stažuotė", "Stažuotė\nGegužę bibliotekininkės lankėsi Danijoje.\nMarių biblioteka", shortAddress + ".d"}}
	if got := eval[[]data](t, b, `shared`); !slices.Equal(got, want) {
		t.Errorf("the device was given %v, want %v", got, want)
	}
	if said := eval[string](t, b, `document.querySelector(".share [role=status]").textContent`); said != "" {
		t.Errorf("after closing the dialogue the page says %q", said)
	}
	without := openShare(t, parent, base, device{width: 390, touch: true, before: `delete Navigator.prototype.share; delete Navigator.prototype.canShare`})
	if got := without.visible(t); slices.Contains(got, "Kita programa") || !slices.Contains(got, "Viber") {
		t.Errorf("without a dialogue one can press %q", got)
	}
}

// TestShareLooks measures the sheet: big enough to press, no wider than the
// screen, a mark around what has the focus, colors that can be read. Pictures
// are left as artifacts.
func TestShareLooks(t *testing.T) {
	base, parent := newSiteSuite(t).base, newBrowser(t)
	for _, width := range []int64{320, 390, 768, 1280} {
		for _, dark := range []bool{false, true} {
			name := fmt.Sprintf("%d-%v", width, map[bool]string{false: "light", true: "dark"}[dark])
			t.Run(name, func(t *testing.T) {
				b := openShare(t, parent, base, device{width: width, touch: width < 500, dark: dark})
				eval[bool](t, b, `(() => { document.querySelectorAll(".share details").forEach(d => d.open = true); return true; })()`)
				problems := eval[[]string](t, b, measure)
				for _, problem := range problems {
					t.Error(problem)
				}
				shot, err := chromedp.Run(b.ctx, chromedp.Screenshot("nav.share"))
				must(t, err)
				must(t, os.WriteFile(filepath.Join(t.ArtifactDir(), "share-"+name+".png"), shot, 0o600))
			})
		}
	}
}

// measure holds what can be pressed to WCAG 2.2: 24 px (2.5.8), a focus that
// shows (2.4.7), text with a contrast of 4.5 (1.4.3).
const measure = `(() => {
	const problems = [];
	const light = c => { const v = c.match(/[\d.]+/g).slice(0, 3).map(Number).map(x => x / 255)
		.map(x => x <= .04045 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4); return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
	const rgb = color => { const c = document.createElement("canvas").getContext("2d"); c.fillStyle = color; c.fillRect(0, 0, 1, 1);
		return "rgb(" + [...c.getImageData(0, 0, 1, 1).data].slice(0, 3).join() + ")"; };
	const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (!/, 0\)$/.test(c)) return c; } return "rgb(255,255,255)"; };
	if (document.documentElement.scrollWidth > innerWidth) problems.push("the page is wider than the screen");
	for (const e of document.querySelectorAll(".share :is(a, button, input, summary, p, dt, dd, label)")) {
		if (!e.checkVisibility() || !(e.value || e.innerText)) continue;
		const box = e.getBoundingClientRect(), name = e.innerText || e.value, style = getComputedStyle(e);
		const a = light(rgb(style.color)), b = light(rgb(ground(e)));
		const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
		if (contrast < 4.5) problems.push(name + " has a contrast of " + contrast);
		if (e.scrollWidth > e.clientWidth + 1 && e.tagName !== "INPUT") problems.push(name + " is cut off");
		if (!e.matches("a, button, input, summary")) continue;
		if (box.width < 24 || box.height < 24) problems.push(name + " is " + box.width + " by " + box.height);
		e.focus({focusVisible: true});
		const outline = getComputedStyle(e);
		if (document.activeElement !== e || outline.outlineStyle === "none" || parseFloat(outline.outlineWidth) < 2) problems.push(name + " does not show its focus");
	}
	document.activeElement.blur();
	getSelection().removeAllRanges();
	return problems;
})()`
