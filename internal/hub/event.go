package hub

import (
	"iter"
	"sync"

	"google.golang.org/protobuf/encoding/protowire"
)

// Event is one message for watchers, but for its resume token. Watchers share
// it, so nobody may change it.
type Event struct {
	// Frame is the encoded message without its resume_token; nil
	// for a heartbeat.
	Frame []byte
	// Through is the version to resume after once this was told.
	Through uint64

	field protowire.Number // of the token
	told  Told
	asOf  uint64 // the resource was read when the store was at least here
	err   error  // why there is no Frame

	mu     sync.Mutex
	tokens map[string][]byte // by audience
}

// Token returns the encoded resume_token of the event for an audience, whose
// members may share tokens; seal makes it for the first who asks.
func (e *Event) Token(audience string, seal func(version uint64) string) []byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	if token, ok := e.tokens[audience]; ok {
		return token
	}
	token := protowire.AppendTag(nil, e.field, protowire.BytesType)
	token = protowire.AppendString(token, seal(e.Through))
	if e.tokens == nil {
		e.tokens = make(map[string][]byte, 1)
	}
	e.tokens[audience] = token
	return token
}

// steps yields the entries of a batch with the version to resume after each.
// That says that everything before it was told, so it cannot be that of a
// commit that has more to tell.
func steps(b Batch) iter.Seq2[Told, uint64] {
	return func(yield func(Told, uint64) bool) {
		for i, told := range b.Told {
			through := told.Version
			if i+1 < len(b.Told) && b.Told[i+1].Version == told.Version {
				through--
			}
			if !yield(told, through) {
				return
			}
		}
	}
}
