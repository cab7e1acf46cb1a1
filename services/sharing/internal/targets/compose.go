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
}

// compose returns the message of an item with as much as the target holds. Of
// what does not fit the lead is shortened and then left out, then the name of
// the site, and at last the title is shortened.
func (t Target) compose(item Item, words *lang.Language) message {
	c := &composer{target: t, item: item, words: words}
	m := message{title: item.Title, lead: ShortLead(item.Lead), site: item.Site, address: t.Address(item)}
	if c.fits(&m) {
		return m
	}
	whole := m.lead
	if m.lead = c.lead(&m); c.fits(&m) {
		return m
	}
	// What a lead takes is more than its characters do where it has addresses.
	m.lead = said(excerpt.Cut(whole, 0, func(lead string) int {
		tried := m
		tried.lead = lead
		return excess(c.fits(&tried))
	}))
	if c.fits(&m) {
		return m
	}
	if m.site = ""; c.fits(&m) {
		return m
	}
	m.title = excerpt.Cut(item.Title, 0, func(title string) int {
		tried := m
		tried.title = title
		return excess(c.fits(&tried))
	})
	c.fits(&m)
	return m
}

// composer makes the message of one target for one item.
type composer struct {
	target Target
	item   Item
	words  *lang.Language
}

// fits completes a message and reports whether the target takes it.
func (c *composer) fits(m *message) bool {
	m.text = m.lines(c.target.layout)
	if !c.target.limit.holds(c, m) {
		return false
	}
	// Nearly always far below, so that counting exactly is not needed.
	return len(c.target.template)+3*(len(m.text)+len(m.title)+2*len(m.address)+len(c.item.URI)+len(c.item.Image)) <= maxLink ||
		c.linkLength(m) <= maxLink
}

// linkLength returns the length of the link of a message in bytes.
func (c *composer) linkLength(m *message) int {
	return len(write(c.target.template, &c.item, c.words, m))
}

// lead returns what fits of a lead beside the rest of a message; empty when
// that is too little to say anything.
func (c *composer) lead(m *message) string {
	if m.lead == "" {
		return ""
	}
	rest, unit := *m, c.target.limit.unit
	rest.lead = ""
	rest.text = rest.lines(c.target.layout)
	room := c.target.limit.most - unit.of(c, &rest) - unit.lineEnd()
	if room < leastLead {
		return ""
	}
	return said(excerpt.CutEvenly(m.lead, room, unit.ofText))
}

// said returns a lead that says enough to be passed on; empty for a shorter one.
func said(lead string) string {
	if excerpt.Runes(lead) < leastLead {
		return ""
	}
	return lead
}

// ShortLead returns as much of a lead as is ever passed on. Of what it returns
// it returns the same, in less time.
func ShortLead(lead string) string {
	if excerpt.Runes(lead) <= leadLimit {
		return lead
	}
	return excerpt.CutEvenly(lead, leadLimit, excerpt.Runes)
}

// Text returns title, lead and site, a line each, for whoever passes on an item
// in a way of their own.
func Text(item Item) string {
	m := message{title: item.Title, lead: ShortLead(item.Lead), site: item.Site}
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
func (m *message) lines(layout []part) string {
	lines := make([]string, 0, 4)
	for _, p := range layout {
		if line := m.part(p); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func (m *message) part(p part) string {
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
