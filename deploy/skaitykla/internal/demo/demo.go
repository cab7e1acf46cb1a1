// Package demo holds the example newsroom that a new user sees first: the
// site of a public library that does not exist, its news in two languages and
// the pictures that go with them, drawn by the program itself.
//
// The news are manuscripts like those that anybody imports, so the example
// shows the way in as well as the result.
package demo

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/demo/drawing"
	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/manuscript"
)

//go:embed articles
var articles embed.FS

// Write lays the newsroom out below dir, which is made if absent: for every
// article a folder with its index.md and its pictures beside it, ready to be
// imported. The bytes are the same each time; what stands at the same paths is
// overwritten, other files are left alone. It draws all pictures, which takes
// a few seconds of one processor.
func Write(dir string) error {
	files, err := fs.Glob(articles, "articles/*/index.md")
	if err != nil {
		return fmt.Errorf("list the example articles: %w", err)
	}
	// Articles share pictures: each is drawn once and laid beside all of them.
	folders := map[string][]string{}
	for _, file := range files {
		pictures, err := layManuscript(dir, file)
		if err != nil {
			return err
		}
		for _, p := range pictures {
			folders[p] = append(folders[p], folder(dir, file))
		}
	}
	var drawings errgroup.Group
	drawings.SetLimit(runtime.GOMAXPROCS(0))
	for picture, into := range folders {
		drawings.Go(func() error { return layPicture(picture, into) })
	}
	return drawings.Wait()
}

// folder is where the files of an article are laid.
func folder(dir, file string) string {
	return filepath.Join(dir, path.Base(path.Dir(file)))
}

// layManuscript writes one index.md and returns the pictures it names.
func layManuscript(dir, file string) ([]string, error) {
	source, err := articles.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the example article: %w", err)
	}
	m, err := manuscript.Parse(source, Site().GetDefaultLanguageCode())
	if err != nil {
		return nil, fmt.Errorf("example article %s: %w", file, err)
	}
	into := folder(dir, file)
	if err := os.MkdirAll(into, 0o750); err != nil {
		return nil, fmt.Errorf("lay out the example newsroom: %w", err)
	}
	if err := os.WriteFile(filepath.Join(into, "index.md"), source, 0o600); err != nil {
		return nil, fmt.Errorf("lay out the example newsroom: %w", err)
	}
	return m.Pictures(), nil
}

// layPicture draws a picture and writes it into every folder.
func layPicture(picture string, into []string) error {
	b, err := drawing.JPEG(strings.TrimSuffix(picture, ".jpg"))
	if err != nil {
		return fmt.Errorf("draw the example picture %s: %w", picture, err)
	}
	for _, dir := range into {
		if err := os.WriteFile(filepath.Join(dir, picture), b, 0o600); err != nil {
			return fmt.Errorf("lay out the example newsroom: %w", err)
		}
	}
	return nil
}
