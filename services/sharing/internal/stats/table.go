package stats

import (
	"cmp"
	"errors"
	"slices"
)

// MaxGroups bounds how many groups of one answer are kept in memory.
const MaxGroups = 500_000

// ErrTooManyGroups means that an answer would have more than MaxGroups groups
// before the smaller ones are left out.
var ErrTooManyGroups = errors.New("too many groups")

// By says what counts are grouped by.
type By struct {
	// Time says that every step is a group of its own.
	Time bool
	// Article and Link say that the groups know them.
	Article, Link bool
	// Source, Device, Referrer and Reason pick parts of cells. By device or
	// referrer only people are grouped, by reason only machines.
	Source, Device, Referrer, Reason bool
}

// Cells reports whether groups differ in anything but time and link.
func (b By) Cells() bool { return b.Source || b.Device || b.Referrer || b.Reason }

// group returns what of a cell the groups know; false for a cell that is in none.
func (b By) group(c Cell) (Cell, bool) {
	if c.Machine() && (b.Device || b.Referrer) || !c.Machine() && b.Reason {
		return 0, false
	}
	pick := func(yes bool, n int32) int32 {
		if yes {
			return n
		}
		return 0
	}
	return NewCell(pick(b.Source, c.Source()), pick(b.Device, c.Device()), pick(b.Referrer, c.Referrer()), pick(b.Reason, c.Reason())), true
}

// Key names a group.
type Key struct {
	First         Day // of the step; 0 when not grouped by time
	Article, Link string
	Cell          Cell
}

// Row is what may be told of a group: figures, 0 when there is none.
type Row struct {
	Key
	People, Machines int64
}

// Table adds up counts by group and then figures. The zero value with By set is
// ready to use.
type Table struct {
	By By

	step  map[Key]*Pair
	whole Pair
	rows  map[Key]Row
	total Row
}

// Add adds a count to the groups of the present step. The atoms of c are in no
// other count that is added to the same step.
func (t *Table) Add(article, link string, cell Cell, c Count) error {
	t.whole.Add(cell, c)
	picked, ok := t.By.group(cell)
	if !ok {
		return nil
	}
	key := Key{Cell: picked}
	if t.By.Article {
		key.Article = article
	}
	if t.By.Link {
		key.Link = link
	}
	pair := t.step[key]
	if pair == nil {
		if len(t.step)+len(t.rows) >= MaxGroups {
			return ErrTooManyGroups
		}
		if t.step == nil {
			t.step = make(map[Key]*Pair)
		}
		pair = new(Pair)
		t.step[key] = pair
	}
	pair.Add(cell, c)
	return nil
}

// EndStep turns the counts of the present step, which begins with the day first,
// into figures and begins the next one.
func (t *Table) EndStep(first Day) {
	if t.rows == nil {
		t.rows = make(map[Key]Row)
	}
	for key, pair := range t.step {
		people, machines := pair.People.Figure(), pair.Machines.Figure()
		if people == 0 && machines == 0 {
			continue
		}
		if t.By.Time {
			key.First = first
		}
		row := t.rows[key]
		t.rows[key] = Row{Key: key, People: row.People + people, Machines: row.Machines + machines}
	}
	clear(t.step)
	t.total.People += t.whole.People.Figure()
	t.total.Machines += t.whole.Machines.Figure()
	t.whole = Pair{}
}

// Total returns the figures of all that was added.
func (t *Table) Total() Row { return t.total }

// Remainder returns what the figures of all groups together lack to the total,
// because kinds that are told alone are rounded alone. It tells nothing that
// rows and total do not. Of clicks that are not grouped, and grouped by nothing,
// there is none.
func (t *Table) Remainder() Row {
	if t.By == (By{}) {
		return Row{}
	}
	rest := t.total
	for _, row := range t.rows {
		rest.People -= row.People
		rest.Machines -= row.Machines
	}
	if t.By.Reason {
		rest.People = 0
	}
	if t.By.Device || t.By.Referrer {
		rest.Machines = 0
	}
	return rest
}

// Rows returns the groups of which anything may be told, by time and then those
// with most people first, and then most machines; at most limit of them, and
// whether there are more. Grouped by nothing there are none: the total says it.
func (t *Table) Rows(limit int) ([]Row, bool) {
	if t.By == (By{}) {
		return nil, false
	}
	rows := make([]Row, 0, len(t.rows))
	for _, row := range t.rows {
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(b.People, a.People), cmp.Compare(b.Machines, a.Machines),
			cmp.Compare(a.Article, b.Article), cmp.Compare(a.Link, b.Link), cmp.Compare(a.Cell, b.Cell))
	})
	if len(rows) > limit {
		return rows[:limit], true
	}
	return rows, false
}
