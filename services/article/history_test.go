package article_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// TestRevisionsAreSmall changes one word of a 20 KB article 200 times and weighs
// what that adds to the file: pages in use, which is what it grows by once
// earlier space is used up, and the file without free pages. It is all there
// is: revisions, audit, change log.
func TestRevisionsAreSmall(t *testing.T) {
	const saves, limit = 200, 400_000
	dir := t.TempDir()
	file := filepath.Join(dir, "article.db")
	s := start(t, dir)
	s.site("biblioteka")
	r := rand.New(rand.NewPCG(20, 26))
	words := prose(r, 20_000)
	a := s.create("Ilgas tekstas", func(a *articlev1.Article) { a.Blocks = blocksOf(words) })
	s.stop()
	used, packed := pagesUsed(t, file), compactedSize(t, file)

	s = start(t, dir)
	for i := range saves {
		words[r.IntN(len(words))] = fmt.Sprintf("žodis%d", i)
		a = s.change(a, func(a *articlev1.Article) { a.Blocks = blocksOf(words) })
	}
	if a.GetRevision() != saves+1 {
		t.Fatalf("%d saves made revision %d", saves, a.GetRevision())
	}
	s.stop()
	used, packed = pagesUsed(t, file)-used, compactedSize(t, file)-packed
	t.Logf("%d revisions take %d bytes of pages, %d after compaction; their words have %d", saves, used, packed, saves*len(strings.Join(words, " ")))
	if used > limit || packed > limit {
		t.Errorf("want at most %d", limit)
	}
}

// prose returns words of about size bytes, drawn at random from syllables: no
// easier to pack than real text.
func prose(r *rand.Rand, size int) []string {
	syllables := strings.Fields("ka ly ba nė žo dis kny ga sau lė va sa ra mies tas bib lio te ko je ran ki nys ir už ant prie")
	var words []string
	for n := 0; n < size; n += len(words[len(words)-1]) + 1 {
		word := ""
		for range 1 + r.IntN(4) {
			word += syllables[r.IntN(len(syllables))]
		}
		words = append(words, word)
	}
	return words
}

// blocksOf makes paragraphs of 80 words.
func blocksOf(words []string) []*articlev1.Block {
	var blocks []*articlev1.Block
	for i := 0; i < len(words); i += 80 {
		blocks = append(blocks, paragraph(fmt.Sprintf("b%d", i), strings.Join(words[i:min(i+80, len(words))], " ")))
	}
	return blocks
}

// pagesUsed returns the bytes of the pages in a bbolt file that are not free.
func pagesUsed(t *testing.T, file string) int {
	t.Helper()
	db, err := bolt.Open(file, 0o600, nil)
	must(t, db, err)
	defer db.Close()
	pages := 0
	err = db.View(func(tx *bolt.Tx) error {
		pages = int(tx.Size()) / db.Info().PageSize
		return nil
	})
	must(t, pages, err)
	return (pages - db.Stats().FreePageN - db.Stats().PendingPageN) * db.Info().PageSize
}

func compactedSize(t *testing.T, file string) int {
	t.Helper()
	to := filepath.Join(t.TempDir(), "compacted.db")
	compact(t, file, to)
	info, err := os.Stat(to)
	return int(must(t, info, err).Size())
}
