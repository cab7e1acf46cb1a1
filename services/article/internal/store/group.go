package store

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
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

// Fields of the records that are looked at before they are decoded.
const (
	fieldRevisions = 1  // RevisionGroup.revisions
	fieldNumber    = 10 // Revision.number
)

var errGroup = errors.New("this is not a group of revisions")

// group is a recordv1.RevisionGroup. The first revision is packed by itself,
// every eighth against the first, the others against the last of those.
// Unpacking one thus takes three steps at most, and one word changed costs few
// bytes however often that happened before.
//
// Revisions are decoded when they are asked for: most reads want one of many.
type group struct {
	members  []*member
	contents map[int64][]byte // what was unpacked, by number
}

// member is one revision of a group.
type member struct {
	number  int64
	encoded []byte
	record  *recordv1.Revision // nil until it is asked for
}

func newGroup() *group { return &group{contents: make(map[int64][]byte)} }

// decodeGroup finds the revisions in an encoded recordv1.RevisionGroup.
func decodeGroup(value []byte) (*group, error) {
	g := newGroup()
	for len(value) > 0 {
		field, kind, n := protowire.ConsumeTag(value)
		if n < 0 || field != fieldRevisions || kind != protowire.BytesType {
			return nil, errGroup
		}
		encoded, m := protowire.ConsumeBytes(value[n:])
		if m < 0 {
			return nil, errGroup
		}
		number, err := peekNumber(encoded)
		if err != nil {
			return nil, err
		}
		g.members = append(g.members, &member{number: number, encoded: encoded})
		value = value[n+m:]
	}
	if len(g.members) == 0 {
		return nil, errGroup
	}
	return g, nil
}

// peekNumber returns the number of an encoded recordv1.Revision.
func peekNumber(encoded []byte) (int64, error) {
	for len(encoded) > 0 {
		field, kind, n := protowire.ConsumeTag(encoded)
		if n < 0 {
			break
		}
		if field == fieldNumber && kind == protowire.VarintType {
			number, m := protowire.ConsumeVarint(encoded[n:])
			if m < 0 {
				break
			}
			return int64(number), nil //nolint:gosec // it was one
		}
		m := protowire.ConsumeFieldValue(field, kind, encoded[n:])
		if m < 0 {
			break
		}
		encoded = encoded[n+m:]
	}
	return 0, errGroup
}

// encode returns the recordv1.RevisionGroup.
func (g *group) encode() []byte {
	value := make([]byte, 0, g.size())
	for _, m := range g.members {
		value = protowire.AppendTag(value, fieldRevisions, protowire.BytesType)
		value = protowire.AppendBytes(value, m.encoded)
	}
	return value
}

// size returns at least how many bytes encode returns.
func (g *group) size() int {
	size := 0
	for _, m := range g.members {
		size += len(m.encoded) + binary.MaxVarintLen32
	}
	return size
}

// last returns the newest number.
func (g *group) last() int64 { return g.members[len(g.members)-1].number }

// revision returns the packed record of a member.
func (m *member) revision() (*recordv1.Revision, error) {
	if m.record == nil {
		record := &recordv1.Revision{}
		if err := proto.Unmarshal(m.encoded, record); err != nil {
			return nil, fmt.Errorf("revision %d: %w", m.number, err)
		}
		m.record = record
	}
	return m.record, nil
}

// heads returns what is known of each revision besides its content.
func (g *group) heads() ([]*recordv1.Revision, error) {
	heads := make([]*recordv1.Revision, 0, len(g.members))
	for _, m := range g.members {
		record, err := m.revision()
		if err != nil {
			return nil, err
		}
		heads = append(heads, headOf(record))
	}
	return heads, nil
}

// has reports whether the group has a revision; nil has none.
func (g *group) has(number int64) bool {
	return g != nil && slices.ContainsFunc(g.members, func(m *member) bool { return m.number == number })
}

// find returns a packed revision, nil for none.
func (g *group) find(number int64) (*recordv1.Revision, error) {
	i, ok := slices.BinarySearchFunc(g.members, number, func(m *member, number int64) int {
		return cmp.Compare(m.number, number)
	})
	if !ok {
		return nil, nil //nolint:nilnil // no revision is no error
	}
	return g.members[i].revision()
}

// content returns the encoded content of a revision of the group.
func (g *group) content(number int64) ([]byte, error) {
	if content, ok := g.contents[number]; ok {
		return content, nil
	}
	r, err := g.find(number)
	if err != nil {
		return nil, err
	}
	if r == nil || r.GetBase() >= number {
		return nil, fmt.Errorf("revision %d: %w", number, packing.ErrDamaged)
	}
	var base []byte
	if r.GetBase() != 0 {
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
	r, err := g.find(number)
	if err != nil || r == nil {
		return nil, err
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
	if head.Base, err = g.baseOfNext(); err != nil {
		return false, err
	}
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
	encoded, err := encode(head)
	if err != nil {
		return false, err
	}
	g.members = append(g.members, &member{number: head.GetNumber(), encoded: encoded, record: head})
	g.contents[head.GetNumber()] = content
	return true, nil
}

// baseOfNext returns what the next revision is packed against, 0 for nothing.
func (g *group) baseOfNext() (int64, error) {
	count := len(g.members)
	if count == 0 {
		return 0, nil
	}
	first := g.members[0].number
	if count%groupSteps == 0 {
		return first, nil
	}
	step, err := g.members[count-count%groupSteps].revision()
	if err != nil {
		return 0, err
	}
	if step.GetBase() == first || step.GetBase() == 0 {
		return step.GetNumber(), nil
	}
	return first, nil
}

func (g *group) full() bool {
	if len(g.members) >= groupCount {
		return true
	}
	first := len(g.members[0].encoded)
	return g.size()-first >= min(max(first, groupLeast), groupMost)
}

// rebuild packs the revisions anew that edit lets stay, with the content it
// returns for them, into as few groups as they need. The group itself stays as
// it is.
func (g *group) rebuild(edit func(head *recordv1.Revision, content []byte) (changed []byte, stays bool, err error)) ([]*group, error) {
	var groups []*group
	heads, err := g.heads()
	if err != nil {
		return nil, err
	}
	for _, head := range heads {
		content, err := g.content(head.GetNumber())
		if err != nil {
			return nil, err
		}
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
