// Package docs_test reads the documentation as its readers do.
package docs_test

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// page is what of a Markdown file other pages can lead to, and where it leads.
type page struct {
	headings map[string]bool
	links    []string
}

// TestLinks follows every link from one file of the repository to another, to its
// heading, too.
func TestLinks(t *testing.T) {
	pages := map[string]page{}
	read(t, pages, "../README.md")
	read(t, pages, "../CONTRIBUTING.md")
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".md" {
			read(t, pages, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	followed := 0
	for path, p := range pages {
		for _, link := range p.links {
			u, err := url.Parse(link)
			if err != nil {
				t.Errorf("%s: %s: %v", path, link, err)
				continue
			}
			if u.IsAbs() {
				continue
			}
			followed++
			target := path
			if u.Path != "" {
				target = filepath.Join(filepath.Dir(path), filepath.FromSlash(u.Path))
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: %s leads nowhere", path, link)
			} else if u.Fragment != "" && !pages[target].headings[u.Fragment] {
				t.Errorf("%s: %s: there is no such heading", path, link)
			}
		}
	}
	if len(pages) < 2 || followed == 0 {
		t.Errorf("%d links of %d pages; this test looks at nothing", followed, len(pages))
	}
}

// read adds a page. What stands in code is no link and no heading.
func read(t *testing.T, pages map[string]page, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile("(?ms)^```.*?^```").ReplaceAllString(string(data), "")
	p := page{headings: map[string]bool{}}
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		p.headings[anchor(heading[1])] = true
	}
	text = regexp.MustCompile("`[^`\n]*`").ReplaceAllString(text, "")
	for _, link := range regexp.MustCompile(`\]\(([^)\s]+)\)`).FindAllStringSubmatch(text, -1) {
		p.links = append(p.links, link[1])
	}
	pages[path] = p
}

// anchor is the fragment of a heading as forges make it.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-':
			return '-'
		case r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimSpace(heading))
}
