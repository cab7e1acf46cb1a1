package importer

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/manuscript"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// align gives the blocks of a manuscript the ids of the blocks they continue:
// equal ones first, by a longest common subsequence, then changed ones of the
// same kind between two equal ones, in order. Others get theirs from the
// server. Stable ids let other people's changes of other blocks live on.
func align(current, wanted []*articlev1.Block) []*articlev1.Block {
	current = content(current)
	pairs := append(common(current, wanted), [2]int{len(current), len(wanted)})
	from := [2]int{0, 0}
	for _, p := range pairs {
		gap := current[from[0]:p[0]]
		for _, w := range wanted[from[1]:p[1]] {
			i := slices.IndexFunc(gap, func(c *articlev1.Block) bool { return kind(c) == kind(w) })
			if i >= 0 {
				w.Id = gap[i].GetId()
				gap = gap[i+1:]
			}
		}
		if p[0] < len(current) {
			wanted[p[1]].Id = current[p[0]].GetId()
		}
		from = [2]int{p[0] + 1, p[1] + 1}
	}
	return wanted
}

// content strips what only the server sets.
func content(blocks []*articlev1.Block) []*articlev1.Block {
	stripped := &articlev1.Article{Blocks: blocks}
	stripped = proto.CloneOf(stripped)
	for p := range manuscript.Placements(stripped) {
		p.Placed = nil
	}
	return stripped.GetBlocks()
}

// equal compares blocks without their ids.
func equal(a, b *articlev1.Block) bool {
	a, b = proto.CloneOf(a), proto.CloneOf(b)
	a.Id, b.Id = "", ""
	return proto.Equal(a, b)
}

func kind(b *articlev1.Block) protoreflect.Name {
	r := b.ProtoReflect()
	field := r.WhichOneof(r.Descriptor().Oneofs().ByName("content"))
	if field == nil {
		return ""
	}
	return field.Name()
}

// common returns the index pairs of a longest common subsequence.
func common(a, b []*articlev1.Block) [][2]int {
	lengths := make([][]int, len(a)+1)
	for i := range lengths {
		lengths[i] = make([]int, len(b)+1)
	}
	same := func(i, j int) bool { return kind(a[i]) == kind(b[j]) && equal(a[i], b[j]) }
	for i := range slices.Backward(a) {
		for j := range slices.Backward(b) {
			if same(i, j) {
				lengths[i][j] = lengths[i+1][j+1] + 1
			} else {
				lengths[i][j] = max(lengths[i+1][j], lengths[i][j+1])
			}
		}
	}
	var pairs [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case same(i, j):
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		case lengths[i+1][j] >= lengths[i][j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}

// differences tells in words what the wish changes.
func differences(current, wanted *articlev1.Article, mask []string) []string {
	var changes []string
	was := proto.CloneOf(current)
	if c := was.GetCover(); c != nil {
		c.Placed = nil
	}
	old, updated := was.ProtoReflect(), wanted.ProtoReflect()
	for _, name := range mask {
		if name == "blocks" {
			continue
		}
		field := old.Descriptor().Fields().ByName(protoreflect.Name(name))
		if !old.Get(field).Equal(updated.Get(field)) {
			changes = append(changes, name+" changed")
		}
	}
	return append(changes, blockDifferences(content(was.GetBlocks()), wanted.GetBlocks())...)
}

func blockDifferences(old, updated []*articlev1.Block) []string {
	var changes []string
	byID := map[string]*articlev1.Block{}
	for _, b := range old {
		byID[b.GetId()] = b
	}
	var kept []string
	for i, b := range updated {
		before, ok := byID[b.GetId()]
		switch {
		case !ok || b.GetId() == "":
			changes = append(changes, fmt.Sprintf("block %d, a new %s", i+1, kind(b)))
			continue
		case !equal(before, b):
			changes = append(changes, fmt.Sprintf("block %d (%s), a %s, changed", i+1, b.GetId(), kind(b)))
		}
		kept = append(kept, b.GetId())
	}
	for i, b := range old {
		if !slices.Contains(kept, b.GetId()) {
			changes = append(changes, fmt.Sprintf("block %d (%s), a %s, removed", i+1, b.GetId(), kind(b)))
		}
	}
	return changes
}

// BlockPlace says where a block is, for people.
type BlockPlace struct {
	Number int
	Kind   string
}

// Places numbers the blocks of an article from 1, by id.
func Places(a *articlev1.Article) map[string]BlockPlace {
	all := map[string]BlockPlace{}
	for i, b := range a.GetBlocks() {
		all[b.GetId()] = BlockPlace{Number: i + 1, Kind: string(kind(b))}
	}
	return all
}
