// Package sitemap writes sitemaps by the protocol of sitemaps.org, with the
// language versions of each page as search engines read them, and the news
// sitemap of Google News.
//
// Documents are written as their articles come, one after the other, so that
// none is ever held as a whole. The same articles give the same bytes.
package sitemap

import (
	"encoding/xml"
	"io"
	"time"
)

const (
	// MaxPages is how many articles a file holds at most; the protocol allows
	// 50,000 addresses and 50 MiB. So many take about 2 MiB, ten language
	// versions each included 10 MiB.
	MaxPages = 5000
	// MaxNews is how many articles a news sitemap holds at most.
	MaxNews = 1000
	// NewsAge is how old an article of the news sitemap is at most.
	NewsAge = 48 * time.Hour
)

// Names of XML vocabularies.
const (
	namespace      = "http://www.sitemaps.org/schemas/sitemap/0.9"
	namespaceXHTML = "http://www.w3.org/1999/xhtml"
	namespaceNews  = "http://www.google.com/schemas/sitemap-news/0.9"
)

// Writer writes one document. Its methods return the first error of the writer
// below; Close must be called at the end, and closes nothing but the document.
type Writer struct {
	out     io.Writer
	encoder *xml.Encoder
	root    string
	err     error
}

// newWriter begins a document with the root element and its attributes as they
// stand there.
func newWriter(out io.Writer, root, attributes string) *Writer {
	w := &Writer{out: out, root: root}
	w.encoder = xml.NewEncoder(out)
	w.write(xml.Header + "<" + root + ` xmlns="` + namespace + `"` + attributes + ">\n")
	return w
}

func (w *Writer) write(text string) {
	if w.err == nil {
		_, w.err = io.WriteString(w.out, text)
	}
}

// add writes one child of the root.
func (w *Writer) add(child any) error {
	if w.err == nil {
		w.err = w.encoder.Encode(child)
	}
	w.write("\n")
	return w.err
}

// Close ends the document.
func (w *Writer) Close() error {
	w.write("</" + w.root + ">\n")
	return w.err
}

// moment returns the time as a W3C datetime in UTC; empty for the zero time.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
