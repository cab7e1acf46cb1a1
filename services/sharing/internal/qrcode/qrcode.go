// Package qrcode draws QR codes (ISO/IEC 18004) for screens and for paper.
//
// A text of nothing but digits, upper-case letters and " $%*+-./:" is written in
// the alphanumeric mode, which takes 5.5 bits a character instead of 8: a short
// link in upper case has 25 modules a side where the same link in lower case
// has 29. Which texts may be put in upper case is the caller's to know.
package qrcode

import (
	"fmt"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// QuietZone is the least margin, in modules, that readers are promised
// (ISO/IEC 18004, section 6.3.8).
const QuietZone = 4

// Level is how much of a code may be soiled or torn before it cannot be read.
type Level uint8

// The levels: about 7, 15, 25 and 30 percent (ISO/IEC 18004, section 7.5.1).
const (
	LevelL Level = iota
	LevelM
	LevelQ
	LevelH
)

// alphanumeric is what the short mode can write.
const alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// Code is the modules of a QR code, without the margin. The zero value has
// none.
type Code struct {
	side int
	dark []bool // row by row
}

// Encode returns the smallest code that holds the text at the level. It fails
// when the text is empty or longer than any code is, which is 1,273 bytes at
// the level H.
func Encode(text string, level Level) (Code, error) {
	if text == "" {
		return Code{}, fmt.Errorf("make a QR code: there is no text")
	}
	mode := qr.Unicode
	if strings.Trim(text, alphanumeric) == "" {
		mode = qr.AlphaNumeric
	}
	symbol, err := qr.Encode(text, correction(level), mode)
	if err != nil {
		return Code{}, fmt.Errorf("make a QR code of %d bytes: %w", len(text), err)
	}
	code := Code{side: symbol.Bounds().Dx()}
	code.dark = make([]bool, code.side*code.side)
	for y := range code.side {
		for x := range code.side {
			red, _, _, _ := symbol.At(x, y).RGBA()
			code.dark[y*code.side+x] = red == 0
		}
	}
	return code, nil
}

// Side returns how many modules a side has.
func (c Code) Side() int { return c.side }

// Dark reports whether the module in column x of row y is dark. Everything
// outside of the code is light.
func (c Code) Dark(x, y int) bool {
	return x >= 0 && y >= 0 && x < c.side && y < c.side && c.dark[y*c.side+x]
}

func correction(level Level) qr.ErrorCorrectionLevel {
	switch level {
	case LevelL:
		return qr.L
	case LevelQ:
		return qr.Q
	case LevelH:
		return qr.H
	case LevelM:
	}
	return qr.M
}
