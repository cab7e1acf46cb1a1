package lang

import (
	"path"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// JunkReason says why an alternative text describes nothing.
type JunkReason string

// Reasons of JunkAlt.
const (
	JunkEmpty       JunkReason = "empty"       // nothing but spaces and punctuation
	JunkTooShort    JunkReason = "too_short"   // one or two letters
	JunkDigits      JunkReason = "digits"      // numbers only
	JunkIdentifier  JunkReason = "identifier"  // a UUID or a long machine-made string
	JunkFileName    JunkReason = "file_name"   // a file name, or the name of this file
	JunkPlaceholder JunkReason = "placeholder" // "photo", "untitled", "nuotrauka 3"
	JunkTitle       JunkReason = "title"       // repeats the title
	JunkNoise       JunkReason = "noise"       // keys pressed at random
)

// JunkOptions is what JunkAlt may know beside the text. All fields are optional.
type JunkOptions struct {
	Language   *Language              // of the text; nil means Default
	FileName   string                 // of the picture, with or without a path
	Title      string                 // of the article or gallery
	Vocabulary func(word string) bool // reports words that the article, its captions or the site use; gets lower case
}

// maxJudged is how many bytes of a text JunkAlt looks at.
const maxJudged = 1000

// Shapes of names that programs give to pictures.
var (
	cameraName = regexp.MustCompile(`(?i)^(p\d{4}|(img|dsc|dscn|dscf|pxl|mvimg|vid|gopr|screenshot|screen[-_ ]shot|` +
		`ekrano|ekrano[-_ ]kopija|ekrano[-_ ]nuotrauka|skærmbillede|whatsapp|whatsapp[-_ ]image|viber|viber[-_ ]image|` +
		`signal|fb[-_ ]img|image|foto|photo|nuotrauka|scan|download|unnamed|received|snapchat)[-_ ]*[(]?\d)` +
		`([-_ .:(]*(\d+[a-z]?|wa\d+|at|am|pm|mp|hdr|burst|cover|edited|copy|kopija|kl)[)]?)*$`)
	fileExtension  = regexp.MustCompile(`(?i)^\S.*\.(jpe?g|png|gif|webp|avif|hei[cf]|tiff?|bmp|svg|pdf|docx?|psd|raw|cr2|nef)$`)
	pixelSize      = regexp.MustCompile(`(?i)^\d{2,5}\s*[x×]\s*\d{2,5}$`)
	identifier     = regexp.MustCompile(`(?i)^[{(]?[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}[)}]?$`)
	trailingNumber = regexp.MustCompile(`(?i)[\s_\-–.(#]*((nr|no)\.?\s*)?\d+[).]*$`)
)

// JunkAlt reports whether alt, the alternative text of a picture, describes
// nothing, and why: it is too short, a number, a file name, a placeholder, the
// title over again, or a single token of keyboard noise. A text of several words
// is judged by its shape only; nonsense of many words passes, as does a true
// word that describes another picture. Of a very long text the beginning counts.
//
// Whoever blocks on the answer must let an author say "this is really its
// name": abbreviations and names cannot be told from noise for certain.
func JunkAlt(alt string, opts JunkOptions) (JunkReason, bool) {
	l := opts.Language
	if l == nil {
		l = Default()
	}
	if len(alt) > maxJudged {
		alt = strings.ToValidUTF8(alt[:maxJudged], "")
	}
	text := strings.Join(strings.Fields(compose(alt)), " ")
	text = strings.TrimFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("\"'“”„‘’«».,;:!?…-–—_*", r)
	})
	if reason, ok := shapeOf(text); ok {
		return reason, true
	}
	switch {
	case opts.FileName != "" && sameWords(text, baseName(opts.FileName)):
		return JunkFileName, true
	case opts.Title != "" && sameWords(text, opts.Title):
		return JunkTitle, true
	case l.isPlaceholder(text):
		return JunkPlaceholder, true
	case strings.ContainsRune(text, ' '):
		return allNoise(l, text, opts)
	case l.isNoise(text, opts.Vocabulary):
		return JunkNoise, true
	}
	return "", false
}

// shapeOf finds what is junk in every language.
func shapeOf(text string) (JunkReason, bool) {
	letters, digits := 0, 0
	for _, r := range text {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		}
	}
	switch {
	case letters+digits == 0:
		return JunkEmpty, true
	case pixelSize.MatchString(text):
		return JunkFileName, true
	case letters == 0:
		return JunkDigits, true
	case fileExtension.MatchString(text), cameraName.MatchString(text):
		return JunkFileName, true
	case identifier.MatchString(text), isHash(text):
		return JunkIdentifier, true
	case utf8.RuneCountInString(text) < 3 && strings.ToUpper(text) != text:
		return JunkTooShort, true
	case letters+digits < 2:
		return JunkTooShort, true
	}
	return "", false
}

// isHash takes one long token that mixes letters and digits as machines do.
func isHash(text string) bool {
	if len(text) < 12 || strings.ContainsRune(text, ' ') {
		return false
	}
	changes := 0
	for i := 1; i < len(text); i++ {
		if isDigits(text[i-1:i]) != isDigits(text[i:i+1]) {
			changes++
		}
	}
	return changes >= 4
}

// baseName cuts the path and the extension off a file name.
func baseName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	return strings.TrimSuffix(name, path.Ext(name))
}

// sameWords compares two texts by their letters and digits alone.
func sameWords(a, b string) bool {
	words := func(s string) string {
		return strings.ToLower(strings.Join(strings.FieldsFunc(compose(s), func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r)
		}), " "))
	}
	return words(a) == words(b)
}

// allNoise reports several tokens of which each is noise, as in "asf agf".
func allNoise(l *Language, text string, opts JunkOptions) (JunkReason, bool) {
	for word := range strings.FieldsSeq(text) {
		if !l.isNoise(word, opts.Vocabulary) {
			return "", false
		}
	}
	return JunkNoise, true
}
