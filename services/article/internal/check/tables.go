package check

import (
	"fmt"
	"strings"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// tableRules are about tables of data.
func tableRules() []rule {
	return []rule{
		{id: "table-without-headers", severity: failure, source: "WCAG 2.2, 1.3.1 (H51)", find: tableHeaders},
		{id: "table-header-empty", severity: warning, source: "WCAG 2.2, 1.3.1 (H51)", find: tableHeaderEmpty},
		{id: "table-without-caption", severity: warning, source: "WCAG 2.2, 1.3.1 (H39)", find: tableCaption},
		{id: "table-layout", severity: warning, source: "WCAG 2.2, 1.3.1 (F46)", find: tableLayout},
	}
}

func eachTable(v *view, do func(i int, t *articlev1.Table)) {
	for i, b := range v.blocks() {
		if t := b.GetTable(); t != nil {
			do(i, t)
		}
	}
}

func tableHeaders(v *view, add func(hit)) {
	eachTable(v, func(i int, t *articlev1.Table) {
		if !t.GetHeaderRow() && !t.GetHeaderColumn() {
			add(hit{block: i, field: "table", excerpt: t.GetCaption()})
		}
	})
}

// tableHeaderEmpty finds columns and rows without a name. The corner of a table
// with both needs none.
func tableHeaderEmpty(v *view, add func(hit)) {
	eachTable(v, func(i int, t *articlev1.Table) {
		for r, row := range t.GetRows() {
			for c, cell := range row.GetCells() {
				heads := r == 0 && t.GetHeaderRow() || c == 0 && t.GetHeaderColumn()
				corner := r == 0 && c == 0 && t.GetHeaderRow() && t.GetHeaderColumn()
				if heads && !corner && blank(plain(cell)) {
					at := fmt.Sprintf("table.rows[%d].cells[%d]", r, c)
					add(hit{block: i, field: at, key: at})
				}
			}
		}
	})
}

func tableCaption(v *view, add func(hit)) {
	eachTable(v, func(i int, t *articlev1.Table) {
		if blank(t.GetCaption()) {
			add(hit{block: i, field: "table.caption", key: tableText(t)})
		}
	})
}

// tableLayout finds tables of one row or column besides headers: those are
// lists, or there to put things side by side.
func tableLayout(v *view, add func(hit)) {
	eachTable(v, func(i int, t *articlev1.Table) {
		rows, columns := len(t.GetRows()), 0
		if rows > 0 {
			columns = len(t.GetRows()[0].GetCells())
		}
		if columns == 1 || rows == 1 {
			add(hit{block: i, field: "table", excerpt: t.GetCaption(), key: tableText(t)})
		}
	})
}

// tableText is the first row, which tells a table from others.
func tableText(t *articlev1.Table) string {
	if len(t.GetRows()) == 0 {
		return ""
	}
	var b strings.Builder
	for _, cell := range t.GetRows()[0].GetCells() {
		b.WriteString(plain(cell) + "\n")
	}
	return b.String()
}
