package filter

import "time"

// Bounds returns times in [from, until) that the field of everything the filter
// takes has, as far as that can be told from the outside; zero means no bound. A
// list in the order of that time need look no further.
func (f Filter[T]) Bounds(field string) (from, until time.Time) {
	for _, c := range f.root.required {
		if c.Field != field {
			continue
		}
		at, err := time.Parse(time.RFC3339, c.Value)
		if err != nil {
			continue
		}
		switch c.Operator {
		case ">", ">=", "=":
			if at.After(from) {
				from = at
			}
		}
		switch c.Operator {
		case "<", "<=", "=":
			// Times are stored in microseconds.
			if end := at.Add(time.Microsecond); until.IsZero() || end.Before(until) {
				until = end
			}
		}
	}
	return from, until
}
