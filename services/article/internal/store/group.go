package store

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/packing"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Bounds of a group. It ends as soon as beginning a new one, with a revision
// packed by itself, costs no more than going on does.
const (
	groupCount = 64        // revisions
	groupSteps = 8         // revisions from one that others are packed against to the next
	groupLeast = 4 << 10   // bytes packed against others that a group may have in any case
	groupMost  = 128 << 10 // and at most
)

// group is a recordv1.RevisionGroup. The first revision is packed by itself,
// every eighth against the first, the others against the last of those.
// Unpacking one thus takes three steps at most, and one word changed costs few
// bytes however often that happened before.
type group struct {
	revisions []*recordv1.Revision
	contents  map[int64][]byte // what was unpacked, by number
}

func newGroup(revisions ...*recordv1.Revision) *group {
	return &group{revisions: revisions, contents: make(map[int64][]byte)}
}

func decodeGroup(value []byte) (*group, error) {
	record := &recordv1.RevisionGroup{}
	if err := proto.Unmarshal(value, record); err != nil {
		return nil, fmt.Errorf("decode a group of revisions: %w", err)
	}
	return newGroup(record.GetRevisions()...), nil
}

func (g *group) encode() ([]byte, error) {
	return encode(&recordv1.RevisionGroup{Revisions: g.revisions})
}

// find returns a packed revision, nil for none.
func (g *group) find(number int64) *recordv1.Revision {
	i, ok := slices.BinarySearchFunc(g.revisions, number, func(r *recordv1.Revision, number int64) int {
		return int(r.GetNumber() - number)
	})
	if !ok {
		return nil
	}
	return g.revisions[i]
}

// content returns the encoded content of a revision of the group.
func (g *group) content(number int64) ([]byte, error) {
	if content, ok := g.contents[number]; ok {
		return content, nil
	}
	r := g.find(number)
	if r == nil || r.GetBase() >= number {
		return nil, fmt.Errorf("revision %d: %w", number, packing.ErrDamaged)
	}
	var base []byte
	if r.GetBase() != 0 {
		var err error
		if base, err = g.content(r.GetBase()); err != nil {
			return nil, err
		}
	}
	content, err := packing.Unpack(base, r.GetPacked())
	if err != nil {
		return nil, fmt.Errorf("revision %d: %w", number, err)
	}
	g.contents[number] = content
	return content, nil
}

// unpack returns a revision of the group with its article; nil when there is
// none.
func (g *group) unpack(number int64) (*recordv1.Revision, error) {
	r := g.find(number)
	if r == nil {
		return nil, nil //nolint:nilnil // no revision is no error
	}
	content, err := g.content(number)
	if err != nil {
		return nil, err
	}
	revision := headOf(r)
	revision.Article = &articlev1.Article{}
	if err := proto.Unmarshal(content, revision.GetArticle()); err != nil {
		return nil, fmt.Errorf("revision %d: %w", number, err)
	}
	return revision, nil
}

// headOf returns what is known of a revision besides its content.
func headOf(r *recordv1.Revision) *recordv1.Revision {
	return &recordv1.Revision{
		Number: r.GetNumber(), Title: r.GetTitle(), Author: r.GetAuthor(), CreateTime: r.GetCreateTime(),
		Note: r.GetNote(), EditSession: r.GetEditSession(), RedactTime: r.GetRedactTime(),
	}
}

// add packs a revision, which must be newer than those it has, and reports
// whether the group took it. An empty group takes any; a full one, or one that
// the revision has little in common with, none.
func (g *group) add(r *recordv1.Revision) (bool, error) {
	content, err := encode(r.GetArticle())
	if err != nil {
		return false, err
	}
	head := headOf(r)
	head.Title = r.GetArticle().GetTitle()
	return g.addContent(head, content)
}

func (g *group) addContent(head *recordv1.Revision, content []byte) (_ bool, err error) {
	head.Base = g.baseOfNext()
	var base []byte
	if head.GetBase() != 0 {
		if g.full() {
			return false, nil
		}
		if base, err = g.content(head.GetBase()); err != nil {
			return false, err
		}
	}
	if head.Packed, err = packing.Pack(base, content); err != nil {
		return false, err
	}
	if head.GetBase() != 0 && len(head.GetPacked()) > len(content)/4 && len(content) > groupLeast/4 {
		return false, nil
	}
	g.revisions = append(g.revisions, head)
	g.contents[head.GetNumber()] = content
	return true, nil
}

// baseOfNext returns what the next revision is packed against, 0 for nothing.
func (g *group) baseOfNext() int64 {
	count := len(g.revisions)
	if count == 0 {
		return 0
	}
	first := g.revisions[0].GetNumber()
	if count%groupSteps == 0 {
		return first
	}
	if step := g.revisions[count-count%groupSteps]; step.GetBase() == first || step.GetBase() == 0 {
		return step.GetNumber()
	}
	return first
}

func (g *group) full() bool {
	if len(g.revisions) >= groupCount {
		return true
	}
	size := 0
	for _, r := range g.revisions[1:] {
		size += len(r.GetPacked())
	}
	return size >= min(max(len(g.revisions[0].GetPacked()), groupLeast), groupMost)
}

// rebuild packs the revisions anew that edit lets stay, with the content it
// returns for them, into as few groups as they need. The group itself stays as
// it is.
func (g *group) rebuild(edit func(head *recordv1.Revision, content []byte) (changed []byte, stays bool, err error)) ([]*group, error) {
	var groups []*group
	for _, r := range g.revisions {
		content, err := g.content(r.GetNumber())
		if err != nil {
			return nil, err
		}
		head := headOf(r)
		content, stays, err := edit(head, content)
		if err != nil {
			return nil, err
		}
		if !stays {
			continue
		}
		took := false
		if len(groups) > 0 {
			if took, err = groups[len(groups)-1].addContent(head, content); err != nil {
				return nil, err
			}
		}
		if !took {
			fresh := newGroup()
			if _, err := fresh.addContent(head, content); err != nil {
				return nil, err
			}
			groups = append(groups, fresh)
		}
	}
	return groups, nil
}
