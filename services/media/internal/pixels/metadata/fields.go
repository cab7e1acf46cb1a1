package metadata

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Bounds of what is taken over from a photo, in bytes and in entries.
const (
	MaxText    = 500
	MaxCaption = 2000
	MaxEntry   = 100
	MaxEntries = 50
)

// Fields is what a photo says of itself; all are empty when it says nothing.
// Texts are valid UTF-8 on one line without control characters and at most
// MaxText bytes long, Caption and UsageTerms MaxCaption, Keywords and
// PersonsShown at most MaxEntries of MaxEntry bytes. In parentheses: the
// property of XMP that each stands for, after IPTC Photo Metadata 2023.1.
type Fields struct {
	// Title is the short reference (dc:title), Headline the line to print
	// (photoshop:Headline).
	Title, Headline string
	// Caption describes the picture for everybody (dc:description).
	Caption string
	// AltText is written for people who do not see the photo
	// (Iptc4xmpCore:AltTextAccessibility). No other field stands in for it.
	AltText string
	// Creator made the photo (dc:creator); several are joined by ", ".
	Creator string
	// CreditLine is to be printed (photoshop:Credit).
	CreditLine string
	// Copyright is the notice (dc:rights).
	Copyright string
	// LicenseURL is the license (cc:license), UsageTerms are its words
	// (xmpRights:UsageTerms) and WebStatement is a page about the rights
	// (xmpRights:WebStatement). Both addresses are http or https.
	LicenseURL, UsageTerms, WebStatement string
	// Source is who supplied the photo (photoshop:Source).
	Source string
	// Keywords are tags (dc:subject).
	Keywords []string
	// PersonsShown are names (Iptc4xmpExt:PersonInImage).
	PersonsShown []string
	// CaptureTime is when the photo was taken, in UTC; zero when it does not
	// say. Without a time zone in the file the camera's clock is taken for
	// UTC.
	CaptureTime time.Time
}

// Credit is who is to be named: the credit line, or else who made the photo.
func (f Fields) Credit() string { return cmp.Or(f.CreditLine, f.Creator) }

// Fit says whether all is within what Fields promises.
func (f Fields) Fit() bool {
	long := []string{f.Caption, f.UsageTerms}
	short := []string{
		f.Title, f.Headline, f.AltText, f.Creator, f.CreditLine, f.Copyright, f.LicenseURL, f.WebStatement, f.Source,
	}
	entries := slices.Concat(f.Keywords, f.PersonsShown)
	year := f.CaptureTime.Year()
	return len(f.Keywords) <= MaxEntries && len(f.PersonsShown) <= MaxEntries &&
		!slices.ContainsFunc(long, unfit(MaxCaption)) &&
		!slices.ContainsFunc(short, unfit(MaxText)) &&
		!slices.ContainsFunc(entries, unfit(MaxEntry)) &&
		(f.CaptureTime.IsZero() || year >= 1 && year <= 9999)
}

func unfit(limit int) func(string) bool {
	return func(text string) bool {
		return len(text) > limit || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl)
	}
}
