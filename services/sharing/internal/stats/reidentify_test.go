package stats_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/skaitykla/skaitykla/services/sharing/internal/stats"
)

// A world is all that happened in a small library: how many people opened each
// link from each source on each day.
type world struct {
	days, links, sources int
	atoms                []int64 // by day, link, source
}

func (w world) at(i int) (day, link, source int) {
	return i / (w.links * w.sources), i / w.sources % w.links, i % w.sources
}

// figure is what somebody learned: of the atoms in set, this many.
type figure struct {
	set  []int
	told int64
}

// ask asks everything that can be asked: every range of days, every grouping,
// every filter. tell says what is answered of some atoms.
func (w world) ask(first stats.Day, tell func(set []int, time bool, from, to stats.Day) []figure) []figure {
	var learned []figure
	for link := -1; link < w.links; link++ {
		for source := -1; source < w.sources; source++ {
			var set []int
			for i := range w.atoms {
				if _, l, s := w.at(i); (link < 0 || l == link) && (source < 0 || s == source) {
					set = append(set, i)
				}
			}
			for from := range w.days {
				for to := from; to < w.days; to++ {
					for _, time := range []bool{false, true} {
						learned = append(learned, tell(set, time, first+stats.Day(from), first+stats.Day(to))...)
					}
				}
			}
		}
	}
	return learned
}

// within returns those atoms of a set that are in a period.
func (w world) within(set []int, first stats.Day, p stats.Period) []int {
	var in []int
	for _, i := range set {
		if d, _, _ := w.at(i); p.Contains(first + stats.Day(d)) {
			in = append(in, i)
		}
	}
	return in
}

// rule answers as this package does, through its plan and table.
func (w world) rule(t *testing.T, first stats.Day) func([]int, bool, stats.Day, stats.Day) []figure {
	t.Helper()
	return func(set []int, time bool, from, to stats.Day) []figure {
		units := []stats.Unit{stats.UnitNone}
		if time {
			units = []stats.Unit{stats.UnitDay, stats.UnitWeek, stats.UnitMonth}
		}
		var learned []figure
		for _, unit := range units {
			plan := stats.NewPlan(from, to, unit, 0)
			for _, step := range plan.Steps {
				table := stats.Table{}
				in := w.within(set, first, step.Period)
				for _, i := range in {
					if err := table.Add("", "", 0, stats.Atom(w.atoms[i])); err != nil {
						t.Fatal(err)
					}
				}
				table.EndStep(step.First)
				learned = append(learned, figure{in, table.Total().People})
			}
		}
		return learned
	}
}

// libraries returns small ones, in which hardly anything reaches the threshold.
func libraries(n int) []world {
	random := rand.New(rand.NewPCG(11, 12))
	var worlds []world
	for len(worlds) < n {
		w := world{days: 1 + random.IntN(3), links: 1 + random.IntN(4), sources: 1 + random.IntN(3)}
		size := w.days * w.links * w.sources
		if size > 9 {
			continue
		}
		for range size {
			w.atoms = append(w.atoms, random.Int64N(8))
		}
		worlds = append(worlds, w)
	}
	return worlds
}

// TestNeighboringQueries subtracts from every figure every other one that lacks
// just one small atom: by range, source or link. The difference is never the
// atom, but nothing or 5.
func TestNeighboringQueries(t *testing.T) {
	first := day(t, "2026-11-26") // a Thursday; the month and the week end soon
	pairs, plain := 0, 0
	for _, w := range libraries(300) {
		for _, answers := range []struct {
			tell  func([]int, bool, stats.Day, stats.Day) []figure
			exact bool
		}{{w.rule(t, first), false}, {w.exact(first), true}} {
			learned := w.ask(first, answers.tell)
			for _, more := range learned {
				for _, less := range learned {
					atom, one := without(more.set, less.set)
					if !one || w.atoms[atom] == 0 || w.atoms[atom] >= stats.Threshold {
						continue
					}
					difference := more.told - less.told
					switch {
					case answers.exact && difference == w.atoms[atom]:
						plain++
					case answers.exact:
					case difference != 0 && difference != stats.Threshold:
						t.Fatalf("%+v: of %v %d are told, of %v %d: that is atom %d", w, more.set, more.told, less.set, less.told, atom)
					default:
						pairs++
					}
				}
			}
		}
	}
	if pairs < 1000 || plain < 1000 {
		t.Errorf("%d pairs were tried; with exact totals %d atoms were found", pairs, plain)
	}
}

// without returns what a has and b lacks, when that is one atom and b has
// nothing else.
func without(a, b []int) (atom int, one bool) {
	if len(a) != len(b)+1 {
		return 0, false
	}
	atom = -1
	for _, i := range a {
		if !slices.Contains(b, i) {
			if atom >= 0 {
				return 0, false
			}
			atom = i
		}
	}
	return atom, true
}

// TestNobodyIsUnmasked asks everything that can be asked about many small
// libraries, and then works out by trying all possibilities which atoms of 1 to
// 4 people can only be what they are. With exact totals these are most of them.
// The rule leaves a few, in libraries whose every figure lies at the edge of a
// rounding; docs/decisions/counting.md says so.
func TestNobodyIsUnmasked(t *testing.T) {
	first := day(t, "2026-11-26")
	var small, found, plain int
	for _, w := range libraries(1500) {
		certain, ok := w.solve(w.ask(first, w.rule(t, first)), func(f figure, big int64) (int64, int64) {
			return f.told - big, f.told - big + stats.Threshold - 1
		})
		exactly, okToo := w.solve(w.ask(first, w.exact(first)), func(f figure, big int64) (int64, int64) {
			if f.told == 0 {
				return 0, stats.Threshold - 1
			}
			return f.told - big, f.told - big
		})
		if !ok || !okToo {
			t.Fatalf("%+v is too large to be solved", w)
		}
		for atom, yes := range certain {
			if w.atoms[atom] == 0 {
				continue
			}
			small++
			if yes {
				found++
			}
			if exactly[atom] {
				plain++
			}
		}
	}
	t.Logf("of %d small atoms %d are found; %d with exact totals", small, found, plain)
	if found*100 > small {
		t.Errorf("%d of %d small atoms are found, want less than one in a hundred", found, small)
	}
	if plain*2 < small {
		t.Errorf("with exact totals only %d of %d are found: the attack is too weak to tell anything", plain, small)
	}
}

// exact answers as who only leaves out cells below the threshold.
func (w world) exact(first stats.Day) func([]int, bool, stats.Day, stats.Day) []figure {
	return func(set []int, time bool, from, to stats.Day) []figure {
		if time {
			return nil
		}
		var in []int
		var sum int64
		for _, i := range set {
			if d, _, _ := w.at(i); first+stats.Day(d) >= from && first+stats.Day(d) <= to {
				in = append(in, i)
				sum += w.atoms[i]
			}
		}
		if sum < stats.Threshold {
			sum = 0
		}
		return []figure{{in, sum}}
	}
}
