package article

import (
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// Limits of an article beyond those stated at its fields.
const (
	MaxBytes  = 256 << 10 // bytes of the encoded content
	MaxBlocks = 500
	MaxDepth  = 4 // lists in lists
)

// CheckLimits fails unless content keeps the limits that span fields: its size
// (TOO_LARGE), and the number of blocks, the depth of lists, the shape of
// tables and the order of an event's times (INVALID_FIELD, each one named).
func CheckLimits(content *articlev1.Article) error {
	if n := proto.Size(content); n > MaxBytes {
		return fault.New(faultv1.Reason_REASON_TOO_LARGE,
			"the article has %d bytes, the limit is %d; split it into several articles", n, MaxBytes)
	}
	var faults []error
	if n := len(content.GetBlocks()); n > MaxBlocks {
		faults = append(faults, fault.InvalidField("article.blocks",
			"there are %d blocks, the limit is %d; split the article", n, MaxBlocks))
	}
	for i, b := range content.GetBlocks() {
		faults = append(faults, checkBlock(fmt.Sprintf("article.blocks[%d]", i), b))
	}
	if e := content.GetEvent(); e != nil {
		faults = append(faults, checkEvent(e))
	}
	return fault.Join(faults...)
}

func checkBlock(path string, b *articlev1.Block) error {
	if list := b.GetList(); list != nil && depth(list, MaxDepth+1) > MaxDepth {
		return fault.InvalidField(path+".list", "lists nest at most %d deep; flatten this one", MaxDepth)
	}
	rows := b.GetTable().GetRows()
	for i, row := range rows {
		if got, want := len(row.GetCells()), len(rows[0].GetCells()); got != want {
			return fault.InvalidField(fmt.Sprintf("%s.table.rows[%d]", path, i),
				"this row has %d cells, the first one %d; give all rows the same number", got, want)
		}
	}
	return nil
}

// depth returns how deep a list nests, counting no further than limit.
func depth(list *articlev1.List, limit int) int {
	deepest := 0
	if limit > 1 {
		for _, item := range list.GetItems() {
			if item.GetSublist() != nil {
				deepest = max(deepest, depth(item.GetSublist(), limit-1))
			}
		}
	}
	return deepest + 1
}

func checkEvent(e *articlev1.Event) error {
	switch {
	case e.GetStartTime() == nil:
		return fault.InvalidField("article.event.start_time", "say when the event begins")
	case e.GetStartTime().CheckValid() != nil:
		return fault.InvalidField("article.event.start_time", "this is not a time between the years 1 and 9999")
	case e.GetEndTime() != nil && e.GetEndTime().CheckValid() != nil:
		return fault.InvalidField("article.event.end_time", "this is not a time between the years 1 and 9999")
	case e.GetEndTime() != nil && e.GetEndTime().AsTime().Before(e.GetStartTime().AsTime()):
		return fault.InvalidField("article.event.end_time", "the event ends before it begins")
	}
	return nil
}

// AssignBlockIDs gives every block without an id a new one. It fails with
// INVALID_FIELD for an id that occurs twice.
func AssignBlockIDs(content *articlev1.Article) error {
	seen := make(map[string]int, len(content.GetBlocks()))
	var faults []error
	for i, b := range content.GetBlocks() {
		if b.GetId() == "" {
			continue
		}
		if first, ok := seen[b.GetId()]; ok {
			faults = append(faults, fault.InvalidField(fmt.Sprintf("article.blocks[%d].id", i),
				"block %d has the same id; leave it empty for a new block", first))
		}
		seen[b.GetId()] = i
	}
	for i, b := range content.GetBlocks() {
		for b.GetId() == "" {
			if id := newBlockID(); seen[id] == 0 {
				b.Id, seen[id] = id, i
			}
		}
	}
	return fault.Join(faults...)
}
