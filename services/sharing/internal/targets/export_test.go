package targets

import "slices"

// Find returns the built-in target of an id.
func Find(id string) (Target, bool) {
	table := Table()
	at := slices.IndexFunc(table, func(t Target) bool { return t.ID == id })
	if at < 0 {
		return Target{}, false
	}
	return table[at], true
}
