package store

import (
	"cmp"
	"slices"
	"strings"

	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/stats"
)

// triple is how many numbers of recordv1.LinkCounts one kind of clicks takes.
const triple = 3

// maxCounts is the size of a value, in bytes, from which on kinds of clicks that
// a link does not have yet are counted without device and referrer, and from
// twice of which on without source. It bounds what somebody can make the store
// keep who opens every link in every possible way.
const maxCounts = 60_000

// cellBytes and linkBytes are estimates from above of what an entry takes. They
// do not depend on what is in it, so that the estimate only grows.
const (
	cellBytes = 10
	linkBytes = 50
)

// row is recordv1.Counts that is being added to.
type row struct {
	counts *recordv1.Counts
	bytes  int
	// last is the link that was asked for last.
	last *recordv1.LinkCounts
}

func newRow(c *recordv1.Counts) *row {
	r := &row{counts: c}
	for _, l := range c.GetLinks() {
		r.bytes += linkBytes + cellBytes*len(l.GetCounts())/triple
	}
	return r
}

// link returns the counts of a link, which are made when there are none.
func (r *row) link(id string) *recordv1.LinkCounts {
	if r.last != nil && r.last.GetId() == id {
		return r.last
	}
	i, found := slices.BinarySearchFunc(r.counts.GetLinks(), id, func(l *recordv1.LinkCounts, id string) int {
		return strings.Compare(l.GetId(), id)
	})
	if !found {
		r.counts.Links = slices.Insert(r.counts.GetLinks(), i, &recordv1.LinkCounts{Id: id})
		r.bytes += linkBytes
	}
	r.last = r.counts.GetLinks()[i]
	return r.last
}

// place returns where in the counts of a link a kind of clicks is; when it must
// be made, it may be a coarser one. As values never become smaller, a kind that
// was once counted in a coarser one always is.
func (r *row) place(l *recordv1.LinkCounts, cell stats.Cell) (int, stats.Cell) {
	at, found := findCell(l, cell)
	if found {
		return at, cell
	}
	if r.bytes > maxCounts && cell != cell.Coarse() {
		return r.place(l, cell.Coarse())
	}
	if r.bytes > 2*maxCounts && cell != cell.Coarsest() {
		return r.place(l, cell.Coarsest())
	}
	l.Counts = slices.Insert(l.GetCounts(), at, uint64(cell), 0, 0)
	r.bytes += cellBytes
	return at, cell
}

// grow adds n clicks to an atom, and returns of which kind it is and by how much
// its count changed.
func (r *row) grow(link string, cell stats.Cell, n int64) (stats.Cell, stats.Count) {
	l := r.link(link)
	at, cell := r.place(l, cell)
	before := countAt(l, at)
	after := stats.Atom(before.All() + n)
	setCount(l, at, after)
	return cell, after.Minus(before)
}

// add adds to the count of a kind of clicks.
func (r *row) add(link string, cell stats.Cell, c stats.Count) {
	l := r.link(link)
	at, _ := r.place(l, cell)
	setCount(l, at, countAt(l, at).Plus(c))
}

func findCell(l *recordv1.LinkCounts, cell stats.Cell) (at int, found bool) {
	n := len(l.GetCounts()) / triple
	low, high := 0, n
	for low < high {
		middle := (low + high) / 2
		if cmp.Less(l.GetCounts()[triple*middle], uint64(cell)) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return triple * low, low < n && l.GetCounts()[triple*low] == uint64(cell)
}

func countAt(l *recordv1.LinkCounts, at int) stats.Count {
	return stats.Count{Big: int64(l.GetCounts()[at+1]), Small: int64(l.GetCounts()[at+2])} //nolint:gosec // G115: set from such
}

func setCount(l *recordv1.LinkCounts, at int, c stats.Count) {
	l.Counts[at+1], l.Counts[at+2] = uint64(c.Big), uint64(c.Small) //nolint:gosec // G115: counts are not negative
}

// eachCell calls fn with every kind of clicks of a link.
func eachCell(l *recordv1.LinkCounts, fn func(stats.Cell, stats.Count) error) error {
	for at := 0; at+triple <= len(l.GetCounts()); at += triple {
		cell, ok := stats.CellOf(l.GetCounts()[at])
		if !ok {
			continue
		}
		if err := fn(cell, countAt(l, at)); err != nil {
			return err
		}
	}
	return nil
}
