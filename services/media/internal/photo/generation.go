package photo

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// Settings stands for what renditions are made with besides the photo: widths,
// crops, formats, qualities. Change it with any of them; then every photo is
// made anew in the background, under new addresses.
const Settings = "r1"

// WantedGeneration returns the generation that whole renditions of p should
// have: the settings and a hash of what is written into the files.
func WantedGeneration(p *mediav1.Photo) string {
	return Settings + "-" + hash(p.GetCredit(), p.GetCopyrightNotice(), p.GetLicense().GetUri())
}

// CutGeneration returns the generation that cut renditions of p should have.
// It follows from p's generation and its focal point.
func CutGeneration(p *mediav1.Photo) string {
	at := Focus(p)
	return Settings + "-" + hash(p.GetGeneration(), fmt.Sprint(at.GetX(), at.GetY()))
}

// Focus returns the focal point of p: the middle when it has none.
func Focus(p *mediav1.Photo) *mediav1.Photo_FocalPoint {
	if p.GetFocalPoint() != nil {
		return p.GetFocalPoint()
	}
	return &mediav1.Photo_FocalPoint{X: 0.5, Y: 0.5}
}

// Renew sets the generation of p when what is written into its renditions
// differs from that of before, and reports whether any of them, whole or cut,
// is to be made anew.
func Renew(p, before *mediav1.Photo) bool {
	if WantedGeneration(p) != WantedGeneration(before) {
		p.Generation = WantedGeneration(p)
	}
	return p.GetGeneration() != before.GetGeneration() || CutGeneration(p) != CutGeneration(before)
}

// OfOldSettings reports whether p was last wanted with other settings.
func OfOldSettings(p *mediav1.Photo) bool {
	settings, _, _ := strings.Cut(p.GetGeneration(), "-")
	return settings != Settings
}

// hash is short, for it is in every address; those of one photo alone must
// differ.
func hash(texts ...string) string {
	h := sha256.New()
	for _, text := range texts {
		fmt.Fprintf(h, "%d:%s", len(text), text)
	}
	return hex.EncodeToString(h.Sum(nil)[:5])
}
