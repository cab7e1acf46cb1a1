package check

import (
	"strings"
	"unicode/utf8"
)

// aroundMark is how many characters beside a mark are shown with it.
const aroundMark = 40

// openQuote is a quotation mark that nothing has closed yet.
type openQuote struct {
	passage *passage
	mark    quoteMark
	// shared says that a mark which closed a quotation inside stood where this
	// one may have ended too: of two closing marks that collide one is written.
	shared bool
}

// quoteUnbalanced counts quotation marks over the running text, for a quotation
// may span blocks with figures between them; titles, captions, cells and notes
// are counted each by itself.
func quoteUnbalanced(v *view, add func(hit)) {
	var flow []openQuote
	for i := range v.passages {
		p := &v.passages[i]
		if p.body() {
			flow = v.balance(p, flow, add)
			continue
		}
		for _, o := range v.balance(p, nil, add) {
			o.report(add)
		}
	}
	for _, o := range flow {
		o.report(add)
	}
}

// balance goes on with a passage and returns what is open after it.
func (v *view) balance(p *passage, open []openQuote, add func(hit)) []openQuote {
	english := v.language.Code() == "en"
	for _, m := range v.quoteMarks(p) {
		switch {
		case m.unsure || english && m.ascii(p):
		case m.opens && english && m.start == 0 && len(open) > 0 && open[len(open)-1].passage != p:
			// English opens a quotation anew in each of its paragraphs.
		case m.opens:
			open = append(open, openQuote{passage: p, mark: m})
		case len(open) == 0:
			h := p.hit(m.start, m.end)
			h.excerpt = lastRunes(p.text[:m.end], aroundMark)
			h.pairs = []string{"mark", p.text[m.start:m.end]}
			add(h)
		default:
			open = open[:len(open)-1]
			if len(open) > 0 && mayEnd(p.text[m.end:]) {
				open[len(open)-1].shared = true
			}
		}
	}
	return open
}

// mayEnd reports whether a quotation may end before rest.
func mayEnd(rest string) bool {
	after := strings.TrimLeft(rest, ".!?…,;:)")
	return after == "" || after[0] == '\n' || strings.ContainsAny(rest[:len(rest)-len(after)], ".!?…") ||
		strings.HasPrefix(after, " –") || strings.HasPrefix(after, " -")
}

func (o openQuote) report(add func(hit)) {
	if o.shared {
		return
	}
	h := o.passage.hit(o.mark.start, o.mark.end)
	h.excerpt = firstRunes(o.passage.text[o.mark.start:], aroundMark)
	h.pairs = []string{"mark", o.passage.text[o.mark.start:o.mark.end]}
	add(h)
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

func lastRunes(s string, n int) string {
	at := len(s)
	for ; n > 0 && at > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(s[:at])
		at -= size
	}
	return s[at:]
}
