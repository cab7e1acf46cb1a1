package diff

import (
	"strings"
	"unicode"
	"unicode/utf8"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// The kinds of segments, shortened.
const (
	equal    = articlev1.TextDiff_KIND_EQUAL
	inserted = articlev1.TextDiff_KIND_INSERTED
	deleted  = articlev1.TextDiff_KIND_DELETED
)

// text tells how a text differs, if it does.
func (w *walker) text(path, base, to string) {
	if base == to {
		return
	}
	w.texts = append(w.texts, &articlev1.TextDiff{Path: path, Segments: w.segments(base, to)})
}

// segments compares two texts word by word.
func (w *walker) segments(base, to string) []*articlev1.TextDiff_Segment {
	a, b := words(base), words(to)
	runs := joinRuns(w.compare(intern(a, b)), a)
	var result []*articlev1.TextDiff_Segment
	add := func(kind articlev1.TextDiff_Kind, text string) {
		if text != "" {
			result = append(result, &articlev1.TextDiff_Segment{Text: text, Kind: kind})
		}
	}
	for _, r := range runs {
		was, is := strings.Join(a[r.base.from:r.base.until], ""), strings.Join(b[r.to.from:r.to.until], "")
		if r.same {
			add(equal, is)
			continue
		}
		add(deleted, was)
		add(inserted, is)
	}
	return result
}

// joinRuns joins replacements with nothing but spaces and punctuation of one
// line between them, so that a phrase put for another reads as one.
func joinRuns(runs []run, base []string) []run {
	var joined []run
	for i, r := range runs {
		n := len(joined)
		if n > 0 && !joined[n-1].same && (!r.same || i+1 < len(runs) &&
			replaces(joined[n-1]) && replaces(runs[i+1]) && slight(base[r.base.from:r.base.until])) {
			joined[n-1].base.until, joined[n-1].to.until = r.base.until, r.to.until
			continue
		}
		joined = append(joined, r)
	}
	return joined
}

func replaces(r run) bool { return !r.same && r.base.len() > 0 && r.to.len() > 0 }

// slight reports whether there is neither a word nor a line break in a text.
func slight(words []string) bool {
	for _, word := range words {
		r, _ := utf8.DecodeRuneInString(word)
		if inWord(r) || r == '\n' {
			return false
		}
	}
	return true
}

// words cuts a text into words, runs of spaces, and other signs one by one; all
// of them together are the text. A sign between letters or digits belongs to the
// word: "3,5", "el.paštas", "o'clock".
func words(text string) []string {
	var result []string
	for len(text) > 0 {
		n := wordLen(text)
		result = append(result, text[:n])
		text = text[n:]
	}
	return result
}

// wordLen returns the length of the first word of a text in bytes.
func wordLen(text string) int {
	first, n := utf8.DecodeRuneInString(text)
	switch {
	case inWord(first):
		for n < len(text) {
			r, size := utf8.DecodeRuneInString(text[n:])
			after, _ := utf8.DecodeRuneInString(text[n+size:])
			if !inWord(r) && (!strings.ContainsRune(".,:-'’", r) || !inWord(after)) {
				break
			}
			n += size
		}
	case first == ' ':
		n = len(text) - len(strings.TrimLeft(text, " "))
	}
	return n
}

// inWord reports whether r is a letter, a digit or a mark on one. What is not
// UTF-8 is a sign.
func inWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}
