package site

import (
	"cmp"
	"html/template"
	"mime"
	"path"
	"strings"

	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// table returns a table with its header row and header cells told apart.
func (t *writer) table(table *articlev1.Table) *tableView {
	view := &tableView{Caption: t.text(table.GetCaption())}
	view.Label = cmp.Or(view.Caption, t.lang.Message("table.scroll"))
	for i, row := range table.GetRows() {
		cells := make([]template.HTML, len(row.GetCells()))
		for j, cell := range row.GetCells() {
			cells[j] = t.rich(cell)
		}
		if i == 0 && table.GetHeaderRow() {
			view.Head = cells
			continue
		}
		r := tableRow{Cells: cells}
		if table.GetHeaderColumn() && len(cells) > 0 {
			r.Header, r.HasHeader, r.Cells = cells[0], true, cells[1:]
		}
		view.Rows = append(view.Rows, r)
	}
	if len(view.Rows) == 0 && len(view.Head) == 0 {
		return nil
	}
	return view
}

// embed returns a link to a thing of another provider; nothing of it is loaded.
func (t *writer) embed(embed *articlev1.Embed) *embedView {
	url, ok := safeURL(embed.GetUri())
	host := hostName(embed.GetUri())
	if !ok || host == "" {
		return nil
	}
	return &embedView{
		Provider: embed.GetProvider(), Title: t.text(embed.GetTitle()), Host: host, URL: url,
		Label: t.lang.Message("embed.open", "title", embed.GetTitle(), "host", host),
	}
}

// attachment returns a link to a document that says what will be opened and how
// large it is.
func (t *writer) attachment(a *articlev1.Attachment) *attachmentView {
	url, ok := safeURL(a.GetUri())
	if !ok {
		return nil
	}
	kind := documentType(a.GetMimeType(), a.GetUri())
	view := &attachmentView{URL: url, Type: kind, Label: t.text(a.GetTitle())}
	switch {
	case a.GetSizeBytes() > 0 && kind != "":
		view.Label = t.text(t.lang.Message("document.link",
			"title", a.GetTitle(), "type", kind, "size", fileSize(t.lang, a.GetSizeBytes())))
	case kind != "":
		view.Label += " (" + kind + ")"
	case a.GetSizeBytes() > 0:
		view.Label += " (" + fileSize(t.lang, a.GetSizeBytes()) + ")"
	}
	return view
}

// documentType returns what readers call a media type, such as "PDF"; "" when
// nothing is known.
func documentType(mimeType, uri string) string {
	switch base, _, _ := mime.ParseMediaType(mimeType); base {
	case "application/pdf":
		return "PDF"
	case "application/epub+zip":
		return "EPUB"
	case "application/msword", "application/vnd.openxmlformats-officedocument.wordprocessingml.document":
		return "DOCX"
	case "application/vnd.ms-excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
		return "XLSX"
	case "application/vnd.oasis.opendocument.text":
		return "ODT"
	}
	extension := strings.TrimPrefix(path.Ext(strings.SplitN(uri, "?", 2)[0]), ".")
	if len(extension) > 5 {
		return ""
	}
	return strings.ToUpper(extension)
}

// fileSize returns a size as people read it: in KB or MB of a thousand, with
// the decimal sign of the language.
func fileSize(l *lang.Language, bytes int64) string {
	p := message.NewPrinter(l.Tag())
	const thousand = 1000
	switch {
	case bytes < thousand*thousand:
		return p.Sprint(number.Decimal(max(1, (bytes+thousand/2)/thousand))) + "\u00a0KB"
	default:
		mega := float64(bytes) / (thousand * thousand)
		return p.Sprint(number.Decimal(mega, number.MaxFractionDigits(1))) + "\u00a0MB"
	}
}
