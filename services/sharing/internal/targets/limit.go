package targets

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/skaitykla/skaitykla/services/sharing/internal/excerpt"
)

// limit is how much a target holds, as it counts.
type limit struct {
	most int
	unit unit
}

// unit says how a target counts. Where it is not known how, the unit is the one
// that counts most.
type unit int

const (
	unitNone      unit = iota // takes the address only
	unitUTF16                 // code units of the text, never fewer than its characters
	unitLinkBytes             // bytes of the whole link
	unitSMS                   // messages that the text takes
	unitX                     // weight of the post, see xWeight
	unitBluesky               // graphemes of the text; 10 bytes count as one at least
	unitMastodon              // graphemes of the text, an address 23
	unitThreads               // characters of text and address, an emoji its bytes
)

// holds reports whether a message is within the limit.
func (l limit) holds(c *composer, m *message) bool {
	return l.unit == unitNone || l.unit.atMost(m) <= l.most || l.unit.atLeast(m) <= l.most && l.unit.of(c, m) <= l.most
}

// atMost returns what a message counts or more, in hardly any time: most are far
// below their limit, so that counting exactly is not needed.
func (u unit) atMost(m *message) int {
	switch u {
	case unitUTF16, unitBluesky:
		return len(m.text)
	case unitThreads:
		return len(m.text) + 1 + len(m.address)
	case unitMastodon:
		return len(m.text) + (mastodonAddress+2)*strings.Count(m.text, "http")
	case unitX:
		if !strings.Contains(m.text, ".") { // no word of it is an address
			return len(m.text) + 1 + xAddress
		}
	case unitNone, unitLinkBytes, unitSMS:
	}
	return math.MaxInt
}

// of returns what a message counts.
func (u unit) of(c *composer, m *message) int {
	switch u {
	case unitLinkBytes:
		return c.linkLength(m)
	case unitX:
		return xWeight(m.text) + 1 + xAddress
	case unitThreads:
		return threadsLength(m.text) + 1 + len(m.address)
	case unitNone, unitUTF16, unitSMS, unitBluesky, unitMastodon:
	}
	return u.ofText(m.text)
}

// atLeast returns what a message counts or less, as soon told: a printable
// character of ASCII is one by itself and counts one at least.
func (u unit) atLeast(m *message) int {
	if u == unitNone || u == unitSMS || u == unitLinkBytes {
		return 0
	}
	n := 0
	for i := range len(m.text) {
		if printable(m.text[i]) {
			n++
		}
	}
	return n
}

// printable reports whether c is a printable character of ASCII.
func printable(c byte) bool { return ' ' <= c && c <= '~' }

// ofText returns what a text counts by itself. A line more in a message counts
// so much and lineEnd besides, or less.
func (u unit) ofText(text string) int {
	if len(text) == 1 && printable(text[0]) && u != unitNone && u != unitLinkBytes {
		return 1 // nearly every character
	}
	switch u {
	case unitUTF16:
		return utf16Length(text)
	case unitLinkBytes:
		return escapedLength(text)
	case unitSMS:
		return smsCount(text)
	case unitX:
		return xWeight(text)
	case unitBluesky:
		return blueskyLength(text)
	case unitMastodon:
		return mastodonLength(text)
	case unitThreads:
		return threadsLength(text)
	case unitNone:
	}
	return 0
}

// lineEnd returns what the end of a line counts: in the link of a letter it is
// written as two escapes.
func (u unit) lineEnd() int {
	if u == unitLinkBytes {
		return len("%0D%0A")
	}
	return 1
}

// utf16Length returns the length as JavaScript counts it.
func utf16Length(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// blueskyLength returns the length of a post by the rules of its lexicon
// (app.bsky.feed.post): at most 300 graphemes and 3,000 bytes.
func blueskyLength(text string) int {
	return max(excerpt.Graphemes(text), (len(text)+9)/10)
}

// mastodonAddress is what any address counts in a post on Mastodon.
const mastodonAddress = 23

// mastodonLength returns the length of a post. A server may write a longer
// address for a shorter one, so that no address counts less than it has.
func mastodonLength(text string) int {
	total := 0
	for line := range strings.Lines(text) {
		for i, word := range strings.Split(line, " ") {
			n := min(i, 1) + excerpt.Graphemes(word)
			if strings.HasPrefix(word, "https://") || strings.HasPrefix(word, "http://") {
				n = max(n, mastodonAddress+2) // with the space and the end of the line
			}
			total += n
		}
	}
	return total
}

// threadsLength returns the length of a post in characters, of which those that
// are pictures count as many as they have bytes.
func threadsLength(text string) int {
	total := 0
	for cluster := range excerpt.Clusters(text) {
		if first, _ := utf8.DecodeRuneInString(cluster); pictograph(first) {
			total += len(cluster)
			continue
		}
		total += utf8.RuneCountInString(cluster)
	}
	return total
}
