package targets

import (
	"strings"

	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/services/sharing/internal/excerpt"
)

const (
	// leadLimit is how much of a lead is passed on, in characters, where the
	// target holds more.
	leadLimit = 200
	// leastLead is what must fit of a lead, in characters, for it to say
	// anything.
	leastLead = 30
)

// part is a line of a text.
type part int

const (
	partTitle part = iota
	partLead
	partSite
	partAddress
)

// message is what a link passes on.
type message struct {
	title, lead, site, address string

	text string // the parts that the target wants, a line each
	link string
}

// compose returns the message of an item with as much as the target holds. Of
// what does not fit the lead is shortened and then left out, then the name of
// the site, and at last the title is shortened.
func (t Target) compose(item Item, words *lang.Language) message {
	lead := excerpt.Cut(item.Lead, leadLimit, excerpt.Runes)
	m := message{title: item.Title, lead: lead, site: item.Site, address: t.Address(item)}
	fits := func() bool {
		m.text = m.lines(t.layout)
		m.link = t.write(item, words, m)
		return len(m.link) <= maxLink && t.limit.holds(m)
	}
	if fits() {
		return m
	}
	m.lead = excerpt.Cut(lead, 0, func(lead string) int {
		m.lead = lead
		return excess(fits())
	})
	if excerpt.Runes(m.lead) < leastLead {
		m.lead = ""
	}
	if fits() {
		return m
	}
	m.site = ""
	if fits() {
		return m
	}
	m.title = excerpt.Cut(item.Title, 0, func(title string) int {
		m.title = title
		return excess(fits())
	})
	fits()
	return m
}

// Text returns title, lead and site, a line each, for whoever passes on an item
// in a way of their own.
func Text(item Item) string {
	m := message{title: item.Title, lead: excerpt.Cut(item.Lead, leadLimit, excerpt.Runes), site: item.Site}
	return m.lines([]part{partTitle, partLead, partSite})
}

// excess is a measure of 0 for what fits.
func excess(fits bool) int {
	if fits {
		return 0
	}
	return 1
}

// lines returns the parts that are there, a line each.
func (m message) lines(layout []part) string {
	lines := make([]string, 0, len(layout))
	for _, p := range layout {
		if line := m.part(p); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func (m message) part(p part) string {
	switch p {
	case partTitle:
		return m.title
	case partLead:
		return m.lead
	case partSite:
		return m.site
	case partAddress:
		return m.address
	}
	return ""
}
