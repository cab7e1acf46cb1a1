package blobs

import (
	"fmt"
	"strings"
)

// CardPrefix is of the keys of social cards.
const CardPrefix = "card/"

// Card returns the key of the social card of an article,
// `sites/{site}/articles/{article}`. The generation stands for everything it
// was drawn from.
func Card(article, generation string) Key {
	return Key(fmt.Sprintf("%s%s/%s.jpg", CardPrefix, article, generation))
}

// Card returns what [Card] made a key of. It reports false for a key of
// anything else.
func (k Key) Card() (article, generation string, ok bool) {
	rest, ours := strings.CutPrefix(string(k), CardPrefix)
	at := strings.LastIndexByte(rest, '/')
	if !ours || at < 0 {
		return "", "", false
	}
	generation, ok = strings.CutSuffix(rest[at+1:], ".jpg")
	return rest[:at], generation, ok && generation != "" && strings.Count(rest[:at], "/") == 3
}
