package server

import (
	"github.com/skaitykla/skaitykla/services/sharing/internal/appearance"
	"github.com/skaitykla/skaitykla/services/sharing/internal/printsheet"
)

// Tools are what is made once: of files in the binary, and to keep previews and
// share sheets.
type Tools struct {
	// Checker looks at previews.
	Checker *appearance.Checker
	// Printer makes sheets to print.
	Printer *printsheet.Printer

	previews *previews
	sheets   *sheets
}

// OpenTools returns the tools. The error is about the files in the binary and
// cannot come up in a tested one.
func OpenTools() (Tools, error) {
	checker, err := appearance.New()
	if err != nil {
		return Tools{}, err
	}
	printer, err := printsheet.New()
	if err != nil {
		return Tools{}, err
	}
	previews, err := newPreviews()
	if err != nil {
		return Tools{}, err
	}
	sheets, err := newSheets()
	if err != nil {
		return Tools{}, err
	}
	return Tools{Checker: checker, Printer: printer, previews: previews, sheets: sheets}, nil
}
