package site

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
)

//go:embed static templates
var embedded embed.FS

// asset is one file that pages load.
type asset struct {
	version  string // changes with the content
	mimeType string
	content  []byte
}

// assets are the files that pages load, by name.
type assets map[string]asset

// loadAssets reads the files in the binary.
func loadAssets() (assets, error) {
	all := assets{}
	for name, mimeType := range map[string]string{
		"site.css":   "text/css; charset=utf-8",
		"icon.svg":   "image/svg+xml",
		"preview.js": "text/javascript; charset=utf-8",
		"share.js":   "text/javascript; charset=utf-8",
	} {
		content, err := fs.ReadFile(embedded, "static/"+name)
		if err != nil {
			return nil, fmt.Errorf("read embedded asset: %w", err)
		}
		sum := sha256.Sum256(content)
		all[name] = asset{hex.EncodeToString(sum[:6]), mimeType, content}
	}
	return all, nil
}

// path returns the address of an asset. It changes with the content, so that
// browsers may keep what they have for good.
func (a assets) path(name string) string { return "/assets/" + a[name].version + "/" + name }

// serveAsset answers with a file in the binary; an old version of an address
// gets the current content, but is not kept.
func (s *Site) serveAsset(w http.ResponseWriter, r *http.Request) {
	file, ok := s.assets[r.PathValue("file")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", file.mimeType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-cache")
	if r.PathValue("version") == file.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	reply.Validated(w, r, file.version, file.content)
}

// parseTemplates reads the templates in the binary.
func parseTemplates() (*template.Template, error) {
	return template.ParseFS(embedded, "templates/*.html")
}
