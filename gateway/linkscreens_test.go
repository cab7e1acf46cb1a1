package gateway_test

import (
	"fmt"
	"path/filepath"
	"testing"
)

// TestLinkScreens looks at the pages of short links that lead nowhere with a real
// browser, on a phone and on a desk.
func TestLinkScreens(t *testing.T) {
	browser := newBrowser(t)
	d := newLinkSuite(t)
	for _, page := range []struct{ name, path string }{
		{"mistyped", mistyped(codeFound)},
		{"nowhere", codeNone},
		{"withdrawn", codeGone},
	} {
		for _, width := range []int64{390, 1280} {
			t.Run(fmt.Sprintf("%s-%d", page.name, width), func(t *testing.T) {
				look(t, browser, d.base, "/s/"+page.path, filepath.Join(t.ArtifactDir(), fmt.Sprintf("%s-%d.png", page.name, width)), width)
			})
		}
	}
}
