package targets

import (
	"strings"

	"github.com/skaitykla/skaitykla/internal/lang"
)

// maxLink is the length in bytes that every link keeps to, whatever its target
// holds: servers commonly refuse a first line of a request above 8,192.
const maxLink = 8000

// Link returns the link of a target for an item: what to follow, copy, show or
// pass on, by its kind. It is all ASCII, and the address in it is whole; texts
// are shortened to what the target holds.
func (t Target) Link(item Item, words *lang.Language) string {
	switch t.Kind {
	case KindCopy, KindDevice:
		return t.Address(item)
	case KindPrint:
		return item.Sheet
	case KindQR:
		return item.Code
	case KindLink:
	}
	m := t.compose(item, words)
	return write(t.template, &item, words, &m)
}

// AppLink returns the link that opens the app of the target on a phone, for a
// target whose link does not work there; empty for all others.
func (t Target) AppLink(item Item) string {
	if t.app == "" {
		return ""
	}
	return write(t.app, &item, nil, &message{address: t.Address(item)})
}

// write fills in a template for a message. words may be nil when there is no
// letter in it.
func write(template string, item *Item, words *lang.Language, m *message) string {
	var room [1024]byte // for most links, so that only the result is allocated
	link := room[:0]
	for rest := template; rest != ""; {
		before, after, found := strings.Cut(rest, "{")
		link = append(link, before...)
		if !found {
			break
		}
		name, after, _ := strings.Cut(after, "}")
		link = appendEscaped(link, value(name, item, words, m))
		rest = after
	}
	return string(link)
}

// value returns what a placeholder of a template stands for.
func value(name string, item *Item, words *lang.Language, m *message) string {
	switch name {
	case "uri":
		return m.address
	case "page":
		return item.URI
	case "title":
		return m.title
	case "text":
		return m.text
	case "letter":
		// Lines end as mail does (RFC 6068, section 5).
		before, after, _ := strings.Cut(words.Message("share.email.body"), "{text}")
		return strings.ReplaceAll(before+m.text+after, "\n", "\r\n")
	case "image":
		return item.Image
	case "app_id":
		return item.FacebookAppID
	}
	return ""
}
