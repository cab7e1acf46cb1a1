package article

import (
	"slices"

	"google.golang.org/protobuf/proto"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// Merge joins two contents that both come from base. It reports false when they
// changed the same field or the same block: edited, moved or removed it on both
// sides, or differently at once. Blocks that both sides inserted at one place
// stand in the order theirs, yours.
func Merge(base, theirs, yours *articlev1.Article) (*articlev1.Article, bool) {
	a, b := Changed(base, theirs), Changed(base, yours)
	if overlap(a.GetFields(), b.GetFields()) || overlap(a.GetBlockIds(), b.GetBlockIds()) {
		return nil, false
	}
	merged := proto.CloneOf(theirs)
	to, from := merged.ProtoReflect(), proto.CloneOf(yours).ProtoReflect()
	for _, name := range ContentFields() {
		if !slices.Contains(b.GetFields(), string(name)) {
			continue
		}
		if field := to.Descriptor().Fields().ByName(name); from.Has(field) {
			to.Set(field, from.Get(field))
		} else {
			to.Clear(field)
		}
	}
	merged.Blocks = mergeBlocks(merged.GetBlocks(), yours.GetBlocks(), b.GetBlockIds(),
		PlacedBlocks(base.GetBlocks(), yours.GetBlocks()))
	return proto.CloneOf(merged), true
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// mergeBlocks brings the blocks that yours changed into theirs. What yours only
// edited stays where theirs has it; what yours placed is put after the block
// that it follows in yours.
func mergeBlocks(theirs, yours []*articlev1.Block, changed []string, placed map[string]bool) []*articlev1.Block {
	kept := positions(yours)
	merged := slices.DeleteFunc(slices.Clone(theirs), func(b *articlev1.Block) bool {
		return slices.Contains(changed, b.GetId()) && (!has(kept, b.GetId()) || placed[b.GetId()])
	})
	for i, b := range merged {
		if slices.Contains(changed, b.GetId()) {
			merged[i] = yours[kept[b.GetId()]]
		}
	}
	for i, b := range yours {
		if !placed[b.GetId()] {
			continue
		}
		at := 0
		for j := i - 1; j >= 0; j-- {
			if k := indexOf(merged, yours[j].GetId()); k >= 0 {
				at = k + 1
				break
			}
		}
		for at < len(merged) && !has(kept, merged[at].GetId()) {
			at++ // theirs came first
		}
		merged = slices.Insert(merged, at, b)
	}
	return merged
}

func has(at map[string]int, id string) bool {
	_, ok := at[id]
	return ok
}

func indexOf(blocks []*articlev1.Block, id string) int {
	return slices.IndexFunc(blocks, func(b *articlev1.Block) bool { return b.GetId() == id })
}
