// Package printsheet makes a page to print and hang up or hand out: the title of
// an article, a QR code and the short address to type, the date and the site.
//
// The page is one HTML document that loads nothing and runs nothing, in sheets
// of A4. Everything fits on one of them, however long the title is.
package printsheet

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html/template"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/services/sharing/internal/excerpt"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/qrcode"
)

//go:embed sheet.html sheet.css messages/*.yaml
var files embed.FS

// leadLimit is how many characters of the lead stand below the title.
const leadLimit = 180

// Sheet is what stands on a sheet.
type Sheet struct {
	// Article is the article.
	Article published.Article
	// Address is the short address of the article, which is printed to be typed:
	// absolute, the code at its end.
	Address string
	// Code is the QR code.
	Code qrcode.Code
	// Words is the language of the words around.
	Words *lang.Language
}

// Document is a sheet that is ready to be sent.
type Document struct {
	// HTML is the page.
	HTML []byte
	// StyleHash is the source expression of its style element (Content Security
	// Policy Level 3, section 2.3.1), with quotation marks.
	StyleHash string
	// Etag is a strong validator, without quotation marks.
	Etag string
}

// Printer makes sheets. It is safe for concurrent use.
type Printer struct {
	page  *template.Template
	style string
	texts map[string]map[string]string // by language
}

// New returns a printer. The error is about the files in the binary and cannot
// come up in a tested one.
func New() (*Printer, error) {
	p := &Printer{texts: make(map[string]map[string]string)}
	var err error
	if p.page, err = template.ParseFS(files, "sheet.html"); err != nil {
		return nil, fmt.Errorf("parse the sheet to print: %w", err)
	}
	style, err := files.ReadFile("sheet.css")
	if err != nil {
		return nil, fmt.Errorf("read the style of the sheet: %w", err)
	}
	p.style = strings.TrimSpace(string(style))
	for _, code := range lang.Codes() {
		content, err := files.ReadFile("messages/" + code + ".yaml")
		if err != nil {
			return nil, fmt.Errorf("read the words of the sheet in %s: %w", code, err)
		}
		table := make(map[string]string)
		if err := yaml.Unmarshal(content, &table); err != nil {
			return nil, fmt.Errorf("read the words of the sheet in %s: %w", code, err)
		}
		p.texts[code] = table
	}
	return p, nil
}

// Print returns a sheet as a document. The same sheet gives the same bytes.
func (p *Printer) Print(s Sheet) (Document, error) {
	style := p.style
	if color := s.Article.Site.Resource.GetColor(); isColor(color) {
		style += "\n:root{--site:" + color + "}"
	}
	var b bytes.Buffer
	if err := p.page.Execute(&b, p.view(s, style)); err != nil {
		return Document{}, fmt.Errorf("make the sheet of %s: %w", s.Article.Resource.GetName(), err)
	}
	styled, whole := sha256.Sum256([]byte(style)), sha256.Sum256(b.Bytes())
	return Document{
		HTML:      b.Bytes(),
		StyleHash: "'sha256-" + base64.StdEncoding.EncodeToString(styled[:]) + "'",
		Etag:      hex.EncodeToString(whole[:12]),
	}, nil
}

// isColor reports whether a text is a color that can stand in a style.
func isColor(text string) bool {
	return len(text) == 7 && text[0] == '#' && strings.Trim(text[1:], "0123456789abcdef") == ""
}

// lead returns the beginning of the summary that there is room for below the
// title.
func lead(article published.Article, title string) string {
	if len(title) > 2*leadLimit {
		return ""
	}
	return excerpt.Cut(article.Summary(), leadLimit, excerpt.Runes)
}
