// Package diff says how two contents of an article differ: which fields and
// blocks, and within their texts which words.
//
// Every string of the content is a text, addresses and ids of photos too; rich
// text counts as the plain text of its spans. Members of lists that were added
// or removed are told as such, so that one inserted at the front does not make
// all others look edited. What differs in anything but text - marks, links,
// levels, times - makes a field or block differ without naming a text.
//
// Everything here is a pure function. The work is bounded (see steps): two texts
// that have too little in common are told as one text replaced by another.
package diff

import (
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// Articles returns how the content to differs from base: the fields without
// blocks in the order of the proto, and the blocks in the order of to, with
// removed ones where they stood. Of fields and blocks that are the same nothing
// is told. The blocks in the result are those of the arguments.
func Articles(base, to *articlev1.Article) ([]*articlev1.FieldDiff, []*articlev1.BlockDiff) {
	w := &walker{budget: steps}
	var fields []*articlev1.FieldDiff
	for _, name := range article.Changed(base, to).GetFields() {
		field := to.ProtoReflect().Descriptor().Fields().ByName(protoreflect.Name(name))
		fields = append(fields, &articlev1.FieldDiff{
			Field: name,
			Texts: w.collect(func() { w.field("", field, base.ProtoReflect(), to.ProtoReflect()) }),
		})
	}
	return fields, w.blocks(base.GetBlocks(), to.GetBlocks())
}

// blocks walks both bodies side by side. Removed blocks are told as soon as
// those before them are.
func (w *walker) blocks(base, to []*articlev1.Block) []*articlev1.BlockDiff {
	before, after := byID(base), byID(to)
	placed := article.PlacedBlocks(base, to)
	var diffs []*articlev1.BlockDiff
	at := 0 // in base; no block that stayed in its place is passed before its turn
	removed := func() {
		for ; at < len(base) && (after[base[at].GetId()] == nil || placed[base[at].GetId()]); at++ {
			if after[base[at].GetId()] == nil {
				diffs = append(diffs, &articlev1.BlockDiff{
					BlockId: base[at].GetId(), Change: articlev1.BlockDiff_CHANGE_REMOVED, BaseBlock: base[at],
				})
			}
		}
	}
	for _, b := range to {
		removed()
		if !placed[b.GetId()] {
			at++
		}
		if d := w.block(before[b.GetId()], b, placed[b.GetId()]); d != nil {
			diffs = append(diffs, d)
		}
	}
	removed()
	return diffs
}

// block compares a block with what it was; nil when it was not there, and when
// there is nothing to tell.
func (w *walker) block(base, to *articlev1.Block, placed bool) *articlev1.BlockDiff {
	d := &articlev1.BlockDiff{BlockId: to.GetId(), BaseBlock: base, Block: to}
	switch {
	case base == nil:
		d.Change = articlev1.BlockDiff_CHANGE_ADDED
		return d
	case !proto.Equal(base, to):
		d.Change = articlev1.BlockDiff_CHANGE_EDITED
		d.Texts = w.collect(func() { w.message("", base.ProtoReflect(), to.ProtoReflect()) })
	case placed:
		d.Change = articlev1.BlockDiff_CHANGE_MOVED
	default:
		return nil
	}
	d.Moved = placed
	return d
}

func byID(blocks []*articlev1.Block) map[string]*articlev1.Block {
	found := make(map[string]*articlev1.Block, len(blocks))
	for _, b := range blocks {
		found[b.GetId()] = b
	}
	return found
}
