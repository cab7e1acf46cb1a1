package check

import (
	"cmp"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// aroundRepair is how many characters beside a repair are told with it.
const aroundRepair = 20

// maxRounds bounds how often a text is looked at again after repairs. Each
// round makes a text poorer in what is repaired, and two or three do.
const maxRounds = 20

// Fixable reports whether FixArticle repairs findings of a rule.
func (c *Checker) Fixable(id string) bool {
	for _, r := range c.rules {
		if r.id == id {
			return r.fixable
		}
	}
	return false
}

// Fix returns a copy of m.Content in which the rules, all when none are named,
// have nothing left to repair, and tells the repairs in the order of the
// article. Nothing but the characters that a rule names is changed; captions,
// alternative texts, credits, names, code and text in another language never
// are. The result of Fix has nothing to fix.
func (c *Checker) Fix(m article.Manuscript, ids []string) (*articlev1.Article, []*articlev1.Repair) {
	m.Content = proto.CloneOf(m.Content)
	var all []placedRepair
	for range maxRounds {
		v := newView(m, c.words)
		made := c.round(v, ids)
		if len(made) == 0 {
			break
		}
		all = append(all, made...)
	}
	slices.SortStableFunc(all, func(a, b placedRepair) int { return cmp.Compare(a.place, b.place) })
	var repairs []*articlev1.Repair
	for _, r := range all {
		repairs = append(repairs, r.Repair)
	}
	return m.Content, repairs
}

type placedRepair struct {
	*articlev1.Repair

	place int
}

// round repairs what is found at once, and leaves what overlaps to the next.
func (c *Checker) round(v *view, ids []string) []placedRepair {
	var made []placedRepair
	byPassage := make(map[*passage][]found)
	for _, f := range c.find(v) {
		if len(f.edits) > 0 && f.rule.fixable && (len(ids) == 0 || slices.Contains(ids, f.rule.id)) {
			byPassage[f.passage] = append(byPassage[f.passage], f)
		}
	}
	for i := range v.passages {
		p := &v.passages[i]
		var edits []edit
		for _, f := range byPassage[p] {
			if overlaps(edits, f.edits) || !p.editable(f.edits) {
				continue
			}
			edits = append(edits, f.edits...)
			made = append(made, placedRepair{f.repair(v), i})
		}
		p.apply(edits)
	}
	return made
}

func overlaps(taken, wanted []edit) bool {
	for _, a := range taken {
		for _, b := range wanted {
			if a.start <= b.end && b.start <= a.end {
				return true
			}
		}
	}
	return false
}

// editable reports whether each edit stays within one span.
func (p *passage) editable(edits []edit) bool {
	for _, e := range edits {
		if p.spans == nil {
			continue
		}
		s, at := p.span(e.start)
		if s == nil || e.end > at+len(s.GetText()) {
			return false
		}
	}
	return true
}

// apply changes the text where it is kept. A span that loses all its text stays,
// with its marks.
func (p *passage) apply(edits []edit) {
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Compare(b.start, a.start) })
	for _, e := range edits {
		if p.spans == nil {
			*p.plain = (*p.plain)[:e.start] + e.text + (*p.plain)[e.end:]
			continue
		}
		s, at := p.span(e.start)
		s.Text = s.GetText()[:e.start-at] + e.text + s.GetText()[e.end-at:]
	}
}

// repair tells what the edits of a hit do, with a few words around.
func (f found) repair(v *view) *articlev1.Repair {
	p := f.passage
	first := slices.MinFunc(f.edits, func(a, b edit) int { return cmp.Compare(a.start, b.start) })
	last := slices.MaxFunc(f.edits, func(a, b edit) int { return cmp.Compare(a.end, b.end) })
	before, after := lastRunes(p.text[:first.start], aroundRepair), firstRunes(p.text[last.end:], aroundRepair)
	var fixed strings.Builder
	at := first.start
	for _, e := range slices.SortedFunc(slices.Values(f.edits), func(a, b edit) int { return cmp.Compare(a.start, b.start) }) {
		fixed.WriteString(p.text[at:e.start] + e.text)
		at = e.end
	}
	return &articlev1.Repair{
		Rule: f.rule.id, BlockId: v.blockID(f.block), Field: p.where.String(),
		BaseText: before + p.text[first.start:last.end] + after, Text: before + fixed.String() + after,
	}
}
