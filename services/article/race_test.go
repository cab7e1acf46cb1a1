package article_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// edits returns how many edits a race has: n, or 10,000 in the long drills.
func edits(n int) int {
	if rounds, err := strconv.Atoi(os.Getenv("SKAITYKLA_SOAK")); err == nil && rounds > 0 {
		return 10_000
	}
	return n
}

// words are the words of an article by where they stand: block id, or field.
type words map[string]map[string]bool

func wordsOf(a *articlev1.Article) words {
	w := words{"title": {}, "tags": {}, "blocks": {}}
	for word := range strings.FieldsSeq(a.GetTitle()) {
		w["title"][word] = true
	}
	for _, tag := range a.GetTags() {
		w["tags"][tag] = true
	}
	for _, b := range a.GetBlocks() {
		w["blocks"][b.GetId()] = true
		w[b.GetId()] = map[string]bool{}
		for word := range strings.FieldsSeq(b.GetParagraph().GetText().GetSpans()[0].GetText()) {
			w[b.GetId()][word] = true
		}
	}
	return w
}

// acknowledged is an edit that was saved: what its author added and removed
// against the revision they saw, and the revision that it became.
type acknowledged struct {
	base, became int64
	mine         *articlev1.Article // what the author sent, as a whole
}

// editor edits one article at random, most of the time on an old revision.
type editor struct {
	*suite

	name   string
	who    string
	random *rand.Rand
	seen   *articlev1.Article
	saved  []acknowledged
	lost   int // edits refused as conflicts
}

// edit changes what the editor sees in one to three places.
func (e *editor) edit(n int) (*articlev1.Article, []string) {
	mine := proto.CloneOf(e.seen)
	fields := map[string]bool{}
	for i := range 1 + e.random.IntN(3) {
		word := fmt.Sprintf("%s%dx%d", e.who, n, i)
		at := e.random.IntN(len(mine.GetBlocks()) + 1)
		switch pick := e.random.IntN(20); {
		case pick == 0:
			mine.Title += " " + word
			fields["title"] = true
			if len(mine.GetTitle()) > 200 {
				mine.Title = word
			}
		case pick == 1:
			mine.Tags = append(mine.GetTags()[len(mine.GetTags())/8:], word)
			fields["tags"] = true
		case pick < 5 && len(mine.GetBlocks()) < 30 || len(mine.GetBlocks()) < 5:
			mine.Blocks = slices.Insert(mine.GetBlocks(), at, paragraph(word, word))
			fields["blocks"] = true
		case at == len(mine.GetBlocks()):
		case pick < 8:
			mine.Blocks = slices.Delete(mine.GetBlocks(), at, at+1)
			fields["blocks"] = true
		case pick < 10:
			moved := mine.GetBlocks()[at]
			rest := slices.Delete(mine.GetBlocks(), at, at+1)
			mine.Blocks = slices.Insert(rest, e.random.IntN(len(rest)+1), moved)
			fields["blocks"] = true
		default:
			span := mine.GetBlocks()[at].GetParagraph().GetText().GetSpans()[0]
			span.Text += " " + word
			fields["blocks"] = true
		}
	}
	return mine, slices.Sorted(maps.Keys(fields))
}

// sameBlocks reports whether an edit came to nothing.
func sameBlocks(a, b *articlev1.Article) bool {
	return slices.EqualFunc(a.GetBlocks(), b.GetBlocks(), func(a, b *articlev1.Block) bool { return proto.Equal(a, b) }) &&
		a.GetTitle() == b.GetTitle() && slices.Equal(a.GetTags(), b.GetTags())
}

// save sends an edit and remembers it when it is acknowledged.
func (e *editor) save(n int) {
	mine, fields := e.edit(n)
	if len(fields) == 0 {
		return
	}
	base := e.seen.GetRevision()
	if sameBlocks(mine, e.seen) {
		return // moved to where it stood
	}
	saved, err := e.editor.UpdateArticle(e.t.Context(), &articlev1.UpdateArticleRequest{
		Article: mine, UpdateMask: &fieldmaskpb.FieldMask{Paths: fields},
	})
	switch {
	case err == nil:
		e.saved = append(e.saved, acknowledged{base: base, became: saved.GetRevision(), mine: mine})
		if e.random.IntN(3) == 0 {
			e.seen = saved
		}
		return
	case fault.Has(rpc.FromStatus(err), faultv1.Reason_REASON_EDIT_CONFLICT), fault.Has(rpc.FromStatus(err), faultv1.Reason_REASON_WRITE_CONTENTION):
		e.lost++
	default:
		e.t.Errorf("edit %d of %s: %v", n, e.who, err)
	}
	e.seen, err = e.editor.GetArticle(e.t.Context(), &articlev1.GetArticleRequest{Name: e.name, View: working})
	if err != nil {
		e.t.Error(err)
	}
}

// TestRace lets two editors edit one article at random. Every revision is the
// one before it with exactly what one acknowledged edit added and removed; so
// nothing of an acknowledged edit is missing but what a later one, that had
// seen it, removed.
func TestRace(t *testing.T) {
	s := newSuite(t)
	total := edits(300)
	const perArticle = 1000
	for round := 0; round*perArticle < total; round++ {
		race(t, s, fmt.Sprintf("Lenktynės %d", round), min(total, perArticle)/2, uint64(round))
	}
}

func race(t *testing.T, s *suite, title string, each int, seed uint64) {
	t.Helper()
	a := s.create(title, func(a *articlev1.Article) {
		for i := range 10 {
			a.Blocks = append(a.Blocks, paragraph(fmt.Sprintf("b%d", i), fmt.Sprintf("b%d", i)))
		}
	})
	editors := []*editor{{who: "a"}, {who: "b"}}
	var both sync.WaitGroup
	for i, e := range editors {
		e.suite, e.name, e.seen, e.random = s, a.GetName(), a, rand.New(rand.NewPCG(seed, uint64(i)))
		both.Go(func() {
			for n := range each {
				e.save(n)
			}
		})
	}
	both.Wait()
	n, err := article.ParseName("name", a.GetName())
	must(t, n, err)
	saved := make(map[int64][]acknowledged) // by the revision they became
	count, merged := 0, 0
	for _, edit := range slices.Concat(editors[0].saved, editors[1].saved) {
		saved[edit.became] = append(saved[edit.became], edit)
		count++
		if edit.became > edit.base+1 {
			merged++
		}
	}
	for number, edits := range saved {
		s.explained(n, number, edits)
	}
	lost := editors[0].lost + editors[1].lost
	t.Logf("%s: %d edits acknowledged, %d of them merged, %d conflicts", title, count, merged, lost)
	if merged < count/10 || lost == 0 {
		t.Error("the editors did not get into each other's way")
	}
}

// explained wants a revision to be the one before it changed by exactly one of
// the edits that it answered. Others came to nothing when they were merged, as
// a block that was moved to where a colleague had brought it: then there is
// nothing of them that the revision lacks.
func (s *suite) explained(n article.Name, number int64, edits []acknowledged) {
	s.t.Helper()
	var differs []string
	made := 0
	for _, edit := range edits {
		difference := s.difference(n, edit)
		switch {
		case difference == "":
			made++
		case !s.contained(n, edit):
			s.t.Errorf("revision %d answered an edit of revision %d that it does not hold: %s", number, edit.base, difference)
		default:
			differs = append(differs, difference)
		}
	}
	if made == 0 {
		s.t.Errorf("revision %d is none of the edits it answered: %q", number, differs)
	}
}

// words returns what stands where in a revision.
func (s *suite) words(n article.Name, number int64) words {
	s.t.Helper()
	loaded, err := s.parts.Store.Load(s.t.Context(), n, number)
	return wordsOf(must(s.t, loaded, err).Content())
}

// contained reports whether a revision has all that an edit added and lacks all
// that it removed.
func (s *suite) contained(n article.Name, edit acknowledged) bool {
	base, after, mine := s.words(n, edit.base), s.words(n, edit.became), wordsOf(edit.mine)
	for place := range mine {
		for word := range mine[place] {
			if !base[place][word] && !after[place][word] {
				return false
			}
		}
	}
	for place := range base {
		for word := range base[place] {
			if !mine[place][word] && after[place][word] {
				return false
			}
		}
	}
	return true
}

// difference compares a revision with the one before it and with the edit that
// made it; it returns "" when the edit explains all.
func (s *suite) difference(n article.Name, edit acknowledged) string {
	s.t.Helper()
	base, mine := s.words(n, edit.base), wordsOf(edit.mine)
	before, after := s.words(n, edit.became-1), s.words(n, edit.became)
	places := maps.Clone(base)
	maps.Copy(places, mine)
	maps.Copy(places, before)
	maps.Copy(places, after)
	for place := range places {
		want := maps.Clone(before[place])
		if want == nil {
			want = map[string]bool{}
		}
		for word := range mine[place] {
			if !base[place][word] {
				want[word] = true
			}
		}
		for word := range base[place] {
			if !mine[place][word] {
				delete(want, word)
			}
		}
		if !maps.Equal(want, after[place]) && (len(want) > 0 || len(after[place]) > 0) {
			return fmt.Sprintf("%s has %v, want %v", place, slices.Sorted(maps.Keys(after[place])), slices.Sorted(maps.Keys(want)))
		}
	}
	return ""
}
