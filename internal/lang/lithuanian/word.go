package lithuanian

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// word is a word while its keys are looked for. The keys of most words fit into
// its own room, one after another, and need no memory but that of the result.
type word struct {
	text  string
	vowel int  // where the first one stands
	fold  bool // write keys without diacritics

	room  [224]byte
	ends  [16]uint8 // of the keys in room
	count int       // of them
	more  []string  // what found no room
}

// add writes the key of a stem, which is given in two parts.
func (w *word) add(before, stem, mark string) {
	start := 0
	if w.count > 0 {
		start = int(w.ends[w.count-1])
	}
	if w.count == len(w.ends) || start+len(before)+len(stem)+len(mark) > len(w.room) {
		w.addMore(before+stem, mark)
		return
	}
	end := start + copy(w.room[start:], before)
	end += copy(w.room[end:], stem)
	if w.fold {
		folded, ok := foldIn(w.room[start:end])
		if !ok {
			w.addMore(before+stem, mark)
			return
		}
		end = start + folded
	}
	end += copy(w.room[end:], mark)
	w.ends[w.count] = uint8(end) //nolint:gosec // less than the room
	w.count++
}

func (w *word) addMore(stem, mark string) {
	if w.fold {
		stem = plainEnd(Fold(stem))
	}
	w.more = append(w.more, stem+mark)
}

// foldIn writes a stem without diacritics in its place, as plainEnd ends it,
// and returns its length; false when it has letters of other languages.
func foldIn(stem []byte) (length int, ok bool) {
	for at := 0; at < len(stem); {
		if stem[at] < utf8.RuneSelf {
			stem[length] = stem[at]
			length++
			at++
			continue
		}
		r, size := utf8.DecodeRune(stem[at:])
		letter := base(r)
		if letter == 0 {
			return 0, false
		}
		stem[length] = letter
		length++
		at += size
	}
	switch last := length - 1; {
	case last >= 0 && stem[last] == 'c':
		stem[last] = 't'
	case last > 0 && stem[last] == 'z' && stem[last-1] == 'd':
		length--
	}
	return length, true
}

// keys returns what was added, in order, each once.
func (w *word) keys() []string {
	if w.count+len(w.more) == 0 {
		return nil
	}
	all := string(w.room[:w.ends[max(w.count, 1)-1]])
	keys := make([]string, w.count, w.count+len(w.more))
	start := 0
	for i := range keys {
		end := int(w.ends[i])
		keys[i] = all[start:end]
		start = end
	}
	keys = append(keys, w.more...)
	slices.Sort(keys)
	return slices.Compact(keys)
}

// plainEnd writes the end of a stem without diacritics as if a soft ending
// followed always, for nothing tells c from č and z from ž there.
func plainEnd(stem string) string {
	switch {
	case strings.HasSuffix(stem, "c"):
		return stem[:len(stem)-1] + "t"
	case strings.HasSuffix(stem, "dz"):
		return stem[:len(stem)-1]
	}
	return stem
}
