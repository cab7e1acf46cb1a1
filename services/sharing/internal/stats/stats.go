// Package stats is the arithmetic of counting clicks on short links: which
// kinds of clicks there are, in which periods they are counted, how counts are
// grouped, and what may be told of them. It is pure; counts are kept elsewhere.
//
// # What may be told
//
// An atom is the clicks of one kind (link, source, device, referrer; or link,
// source, reason) on one day. It is the finest thing that is kept. Figures are
// made of atoms by one rule, whoever asks for what:
//
//   - an atom of [Threshold] clicks or more counts as it is;
//   - smaller atoms are added up, and the sum is rounded down to a multiple of
//     Threshold;
//   - a figure below Threshold is not told, and none is not told apart from few.
//
// So a figure is never too high and at most four too low. Nothing is left to
// subtract: what small atoms add to a total is rounded in the total itself, so
// that the total needs no second cell suppressed to protect the first, and it
// is the same figure in every answer. Figures exist for days, weeks, months and
// years of the calendar only. A longer range is the sum of figures, never a
// figure of its own, so that moving its ends by a day tells no more than that
// day does. docs/decisions/counting.md has the reasons and the limits.
package stats

// Threshold is the least number of clicks that is told.
const Threshold = 5

// Count is a number of clicks, kept apart by the size of the atoms they are in.
// Counts of the same day and kind must be added before they become a Count.
type Count struct {
	// Big is how many are in atoms of at least Threshold.
	Big int64
	// Small is how many are in smaller ones.
	Small int64
}

// Atom returns the count of an atom of n clicks.
func Atom(n int64) Count {
	if n >= Threshold {
		return Count{Big: n}
	}
	return Count{Small: n}
}

// Plus returns the count of both, which have no atom in common.
func (c Count) Plus(d Count) Count { return Count{Big: c.Big + d.Big, Small: c.Small + d.Small} }

// Minus returns c without d.
func (c Count) Minus(d Count) Count { return Count{Big: c.Big - d.Big, Small: c.Small - d.Small} }

// All returns how many there are. It is never told.
func (c Count) All() int64 { return c.Big + c.Small }

// Figure returns what may be told of c; 0 when nothing may, or there is nothing.
func (c Count) Figure() int64 { return c.Big + c.Small - c.Small%Threshold }

// Pair is clicks of people and of machines.
type Pair struct{ People, Machines Count }

// Add adds a count of one kind of clicks.
func (p *Pair) Add(cell Cell, c Count) {
	if cell.Machine() {
		p.Machines = p.Machines.Plus(c)
		return
	}
	p.People = p.People.Plus(c)
}
