package server

import (
	"cmp"

	"google.golang.org/protobuf/types/known/timestamppb"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/metadata"
)

// suggestions returns what a file says of itself. A person takes it over or
// not: a file may have been described by anyone.
func suggestions(said metadata.Fields) *mediav1.PhotoSuggestions {
	s := &mediav1.PhotoSuggestions{
		Alt: said.AltText, Caption: said.Caption, Headline: cmp.Or(said.Headline, said.Title),
		Author: said.Creator, Credit: said.CreditLine, CopyrightNotice: said.Copyright,
		UsageTerms: said.UsageTerms, LicenseUri: cmp.Or(said.LicenseURL, said.WebStatement), Source: said.Source,
		Tags: said.Keywords, PeopleNames: said.PersonsShown,
	}
	if !said.CaptureTime.IsZero() {
		s.CaptureTime = timestamppb.New(said.CaptureTime)
	}
	return s
}
