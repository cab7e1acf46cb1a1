package clicks

// maxAgent is how much of a user agent is looked at, in bytes.
const maxAgent = 512

// matcher finds tokens in user agents, all at once in one pass: it looks at
// those only that begin with the three bytes at hand.
type matcher struct {
	// begins has a bit for each slot that has tokens; it is small enough to stay
	// near the processor.
	begins  [matcherSlots / 64]uint64
	byStart [matcherSlots][]token
}

// matcherSlots is a power of two that leaves most slots empty.
const matcherSlots = 1 << 12

// beginning is how many bytes of a token choose its slot; none is shorter.
const beginning = 3

func newMatcher(all []token) *matcher {
	m := &matcher{}
	for _, t := range all {
		slot := slotOf(t.text[0], t.text[1], t.text[2])
		m.begins[slot/64] |= 1 << (slot % 64)
		m.byStart[slot] = append(m.byStart[slot], t)
	}
	return m
}

func slotOf(a, b, c byte) uint {
	return (uint(a)<<7 ^ uint(b)<<4 ^ uint(c)) & (matcherSlots - 1)
}

// find returns the reason of the first token in agent, weak ones only when
// there is no other.
func (m *matcher) find(agent string) (reasonKind, bool) {
	var buffer [maxAgent]byte
	text := lower(buffer[:0], agent)
	found := person
	for i := 0; i+beginning <= len(text); i++ {
		slot := slotOf(text[i], text[i+1], text[i+2])
		if m.begins[slot/64]&(1<<(slot%64)) == 0 {
			continue
		}
		for _, t := range m.byStart[slot] {
			if !t.at(text, i) {
				continue
			}
			switch {
			case t.reason == person:
				i += len(t.text) - 1
			case t.weak && found == person:
				found = t.reason
			case !t.weak:
				return t.reason, true
			}
			break
		}
	}
	return found, found != person
}

// at reports whether the token stands at text[i:].
func (t token) at(text []byte, i int) bool {
	end := i + len(t.text)
	if end > len(text) || string(text[i:end]) != t.text || (t.first && i > 0) {
		return false
	}
	return !t.whole || end == len(text) || text[end] < 'a' || text[end] > 'z'
}

// lower appends the first maxAgent bytes of s in lower case.
func lower(to []byte, s string) []byte {
	for i := range min(len(s), maxAgent) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		to = append(to, c)
	}
	return to
}
