package article

import (
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// Changed names what differs between two contents: the fields, without blocks,
// and the ids of blocks that were added, edited, moved or removed. The lists
// are in the order of the proto and of to, removed blocks last.
func Changed(from, to *articlev1.Article) *faultv1.EditConflict_Changes {
	changes := &faultv1.EditConflict_Changes{BlockIds: changedBlocks(from.GetBlocks(), to.GetBlocks())}
	for _, name := range ContentFields() {
		if name != "blocks" && !sameField(from, to, name) {
			changes.Fields = append(changes.Fields, string(name))
		}
	}
	return changes
}

// Same reports whether two contents do not differ.
func Same(a, b *articlev1.Article) bool { return proto.Equal(a, b) }

func sameField(a, b proto.Message, name protoreflect.Name) bool {
	ra, rb := a.ProtoReflect(), b.ProtoReflect()
	field := ra.Descriptor().Fields().ByName(name)
	return ra.Has(field) == rb.Has(field) && ra.Get(field).Equal(rb.Get(field))
}

func changedBlocks(from, to []*articlev1.Block) []string {
	before := positions(from)
	placed := PlacedBlocks(from, to)
	var ids []string
	for _, b := range to {
		if i, ok := before[b.GetId()]; !ok || placed[b.GetId()] || !proto.Equal(from[i], b) {
			ids = append(ids, b.GetId())
		}
		delete(before, b.GetId())
	}
	for _, b := range from {
		if _, gone := before[b.GetId()]; gone {
			ids = append(ids, b.GetId())
		}
	}
	return ids
}

func positions(blocks []*articlev1.Block) map[string]int {
	at := make(map[string]int, len(blocks))
	for i, b := range blocks {
		at[b.GetId()] = i
	}
	return at
}

// PlacedBlocks returns the ids of the blocks whose place in to is the doing of
// whoever made to out of from: those that were added or moved.
func PlacedBlocks(from, to []*articlev1.Block) map[string]bool {
	before := positions(from)
	var order []int // positions in from of the blocks that are in both, as to has them
	for _, b := range to {
		if i, ok := before[b.GetId()]; ok {
			order = append(order, i)
		}
	}
	stayed := longestRise(order)
	placed := make(map[string]bool)
	for _, b := range to {
		if i, ok := before[b.GetId()]; !ok || !stayed[i] {
			placed[b.GetId()] = true
		}
	}
	return placed
}

// longestRise returns the members of a longest increasing subsequence: the
// blocks that need not be called moved.
func longestRise(order []int) map[int]bool {
	tails := []int{} // tails[n] is where the best rise of length n+1 ends, in order
	back := make([]int, len(order))
	for i, v := range order {
		n, _ := slices.BinarySearchFunc(tails, v, func(at, v int) int { return order[at] - v })
		back[i] = -1
		if n > 0 {
			back[i] = tails[n-1]
		}
		if n == len(tails) {
			tails = append(tails, i)
		} else {
			tails[n] = i
		}
	}
	members := make(map[int]bool, len(tails))
	if len(tails) > 0 {
		for i := tails[len(tails)-1]; i >= 0; i = back[i] {
			members[order[i]] = true
		}
	}
	return members
}
