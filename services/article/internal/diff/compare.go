package diff

import "slices"

// steps bounds the work of one comparison of articles: about a tenth of a
// second. An edit of a person takes thousands.
const steps = 8_000_000

// maxEdits bounds the memory of one comparison of texts, which is its square:
// 8 MiB.
const maxEdits = 1400

// span is part of a sequence.
type span struct{ from, until int }

func (s span) len() int { return s.until - s.from }

// run is a part of both sequences: the same in both, or one replaced by the
// other.
type run struct {
	base, to span
	same     bool
}

// intern numbers what occurs in both lists, the same by the same number.
func intern(base, to []string) (a, b []int32) {
	numbers := make(map[string]int32, len(base))
	number := func(list []string) []int32 {
		result := make([]int32, len(list))
		for i, s := range list {
			n, ok := numbers[s]
			if !ok {
				n = int32(len(numbers)) //nolint:gosec // an article has fewer bytes
				numbers[s] = n
			}
			result[i] = n
		}
		return result
	}
	return number(base), number(to)
}

// compare cuts two sequences into runs, the shortest edit of one into the other
// (E. W. Myers, An O(ND) Difference Algorithm and Its Variations, 1986). When
// that takes more than is left of the budget, everything between what both begin
// and end with counts as replaced.
func (w *walker) compare(a, b []int32) []run {
	head := 0
	for head < min(len(a), len(b)) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < min(len(a), len(b))-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	w.budget -= head + tail
	runs := []run{{base: span{0, head}, to: span{0, head}, same: true}}
	runs = append(runs, w.shortest(a[head:len(a)-tail], b[head:len(b)-tail], head)...)
	runs = append(runs, run{base: span{len(a) - tail, len(a)}, to: span{len(b) - tail, len(b)}, same: true})
	return slices.DeleteFunc(runs, func(r run) bool { return r.base.len() == 0 && r.to.len() == 0 })
}

// shortest is the algorithm proper; offset is where both begin.
func (w *walker) shortest(a, b []int32, offset int) []run {
	all := run{base: span{offset, offset + len(a)}, to: span{offset, offset + len(b)}}
	if len(a) == 0 || len(b) == 0 {
		return []run{all}
	}
	trace, ok := w.search(a, b)
	if !ok {
		return []run{all}
	}
	return walkBack(trace, len(a), len(b), offset)
}

// search returns, for each number of edits, how far into a the furthest path on
// each diagonal came before the last of them. Diagonal k of d edits stands at
// k+d+1. It reports false when the budget is used up.
func (w *walker) search(a, b []int32) ([][]int32, bool) {
	var trace [][]int32
	reach := []int32{0, 0, 0} // after d edits: diagonals -d-1 to d+1
	for d := 0; d <= min(len(a)+len(b), maxEdits); d++ {
		trace = append(trace, reach)
		next := make([]int32, 2*d+5)
		for k := -d; k <= d; k += 2 {
			x := int(stepFrom(reach, d, k))
			y := x - k
			start := x
			for x < len(a) && y < len(b) && a[x] == b[y] {
				x, y = x+1, y+1
			}
			next[k+d+2] = int32(x) //nolint:gosec // an article has fewer bytes
			if x >= len(a) && y >= len(b) {
				return trace, true
			}
			w.budget -= 1 + x - start
		}
		if w.budget < 0 {
			return nil, false
		}
		reach = next
	}
	return nil, false
}

// stepFrom returns how far the path on diagonal k comes by its d-th edit: one
// down from diagonal k+1 or one to the right from k-1.
func stepFrom(reach []int32, d, k int) int32 {
	i := k + d + 1
	switch {
	case d == 0:
		return 0
	case k == -d || (k != d && reach[i-1] < reach[i+1]):
		return reach[i+1]
	}
	return reach[i-1] + 1
}

// walkBack follows the path from the end to the beginning and returns its runs
// in order.
func walkBack(trace [][]int32, x, y, offset int) []run {
	var runs []run
	add := func(fromX, fromY int, same bool) {
		base, to := span{offset + fromX, offset + x}, span{offset + fromY, offset + y}
		if n := len(runs); n > 0 && runs[n-1].same == same {
			runs[n-1].base.from, runs[n-1].to.from = base.from, to.from
		} else if x > fromX || y > fromY {
			runs = append(runs, run{base, to, same})
		}
		x, y = fromX, fromY
	}
	for d, reach := range slices.Backward(trace) {
		k := x - y
		start := int(stepFrom(reach, d, k))
		add(start, start-k, true)
		if d == 0 {
			break
		}
		if i := k + d + 1; k == -d || (k != d && reach[i-1] < reach[i+1]) {
			add(x, y-1, false)
		} else {
			add(x-1, y, false)
		}
	}
	slices.Reverse(runs)
	return runs
}
