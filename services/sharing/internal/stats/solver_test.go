package stats_test

import "github.com/skaitykla/skaitykla/services/sharing/internal/stats"

// solver finds what the small atoms can be: everything from 0 to 4 that fits
// all that was learned. It knows the rule, and which atoms are big.
type solver struct {
	sums     [][]int     // by constraint: which unknowns
	low      []int64     // by constraint: least and greatest sum
	high     []int64     //
	of       [][]int     // by unknown: its constraints
	possible [][5]bool   // by unknown
	value    []int64     // while searching
	left     []int       // by constraint: unknowns without a value
	sum      []int64     // by constraint
	steps    int         // bounds the search
	unknowns map[int]int // by atom
}

const maxSteps = 400_000

// solve returns for each small atom whether it is known for certain; false when
// the search is too large.
func (w world) solve(learned []figure, bounds func(f figure, big int64) (low, high int64)) (map[int]bool, bool) {
	s := solver{unknowns: make(map[int]int)}
	for i, n := range w.atoms {
		if n < stats.Threshold {
			s.unknowns[i] = len(s.unknowns)
		}
	}
	s.of = make([][]int, len(s.unknowns))
	s.possible = make([][5]bool, len(s.unknowns))
	s.value = make([]int64, len(s.unknowns))
	known := make(map[string]bool)
	for _, f := range learned {
		var unknowns []int
		var big int64
		name := make([]byte, len(w.atoms))
		for _, i := range f.set {
			if u, unknown := s.unknowns[i]; unknown {
				unknowns = append(unknowns, u)
				name[u] = 1
			} else {
				big += w.atoms[i]
			}
		}
		low, high := bounds(f, big)
		key := string(name) + string(rune(low)) + string(rune(high))
		if known[key] || len(unknowns) == 0 {
			continue
		}
		known[key] = true
		for _, u := range unknowns {
			s.of[u] = append(s.of[u], len(s.sums))
		}
		s.sums = append(s.sums, unknowns)
		s.low, s.high = append(s.low, low), append(s.high, high)
		s.left, s.sum = append(s.left, len(unknowns)), append(s.sum, 0)
	}
	if !s.search(0) {
		return nil, false
	}
	certain := make(map[int]bool)
	for atom, u := range s.unknowns {
		n := 0
		for _, yes := range s.possible[u] {
			if yes {
				n++
			}
		}
		certain[atom] = n == 1
	}
	return certain, true
}

// search gives values to the unknowns from u on and notes all that fit; it
// answers false when that takes too long.
func (s *solver) search(u int) bool {
	if s.steps++; s.steps > maxSteps {
		return false
	}
	if u == len(s.value) {
		for i, v := range s.value {
			s.possible[i][v] = true
		}
		return true
	}
	for v := range int64(stats.Threshold) {
		s.value[u] = v
		fits := true
		for _, c := range s.of[u] {
			s.left[c]--
			s.sum[c] += v
			fits = fits && s.sum[c] <= s.high[c] && s.sum[c]+int64(4*s.left[c]) >= s.low[c]
		}
		ok := !fits || s.search(u+1)
		for _, c := range s.of[u] {
			s.left[c]++
			s.sum[c] -= v
		}
		if !ok {
			return false
		}
	}
	return true
}
