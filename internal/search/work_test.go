package search

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"strings"
	"testing"

	"github.com/blevesearch/bleve/v2"

	"github.com/skaitykla/skaitykla/internal/search/terms"
)

// crowded is a volume whose index has more words than one search may look at:
// some of every three letters, more that begin with "pa", and hundreds that begin
// with "pra" and any letter.
func crowded(tb testing.TB) *volume {
	tb.Helper()
	letters := strings.Split("abcdefghiklmnoprstuvwxz", "")
	v := &volume{analyzers: terms.New()}
	v.holds(tb, func(yield func(title, text string) bool) {
		for _, first := range letters {
			text := &strings.Builder{}
			fmt.Fprintf(text, "Pas mus knygų mugė. %s. ", first)
			for _, second := range letters {
				for _, third := range letters {
					pair := second + third
					fmt.Fprintf(text, "%s %s%sas pa%s%so pra%s%s ", pair, first, pair, first, pair, first, pair)
				}
			}
			if !yield(text.String(), text.String()) {
				return
			}
		}
	})
	return v
}

// nothing is a filter that takes nothing.
type nothing struct{}

func (nothing) Fields() []string   { return nil }
func (nothing) Begin()             {}
func (nothing) Add(string, string) {}
func (nothing) Take() bool         { return false }

// holds makes the index of a volume, of resources with a title and a text.
func (v *volume) holds(tb testing.TB, texts iter.Seq2[string, string]) {
	tb.Helper()
	index, err := create(filepath.Join(tb.TempDir(), "index"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = index.Close() })
	batch := index.NewBatch()
	count := 0
	for title, text := range texts {
		count++
		d := Document{Sides: []Side{Public, Working}, Sections: []Section{titled("lt", title, text)}}
		n := Name{Site: "biblioteka", ID: fmt.Sprintf("a%d", count)}
		if err := batch.IndexAdvanced(documentOf(v.analyzers, n, d)); err != nil {
			tb.Fatal(err)
		}
	}
	if err := write(tb.Context(), index, batch); err != nil {
		tb.Fatal(err)
	}
	v.index = index
}

// spend runs a query and returns what work it was, and how many resources it found.
func (v *volume) spend(ctx context.Context, query string, facts Facts) (*work, uint64, error) {
	want, err := parse(v.analyzers, query, languages)
	if err != nil {
		return &work{}, 0, err
	}
	q := v.query(Query{Side: Public, Site: "biblioteka", Languages: languages, Facts: facts}, want)
	result, err := v.index.SearchInContext(ctx, bleve.NewSearchRequest(q))
	if err != nil {
		return q.work, 0, err
	}
	return q.work, result.Total, nil
}

// TestWorkOfHostileQueries counts the words that are looked at and the terms that
// are opened, in an index that has more of both than the limits: some queries
// reach them.
func TestWorkOfHostileQueries(t *testing.T) {
	v := crowded(t)
	mostLooked, mostOpened := 0, 0
	for _, test := range []struct {
		query                 string
		looked, opened, found int
	}{
		// Words of one and two letters in a phrase: no more than their spellings.
		{`"a e i o u s k p t r l m n d v b"`, 200, 200, 0},
		{`"pa pa pa"`, 100, 50, 0},
		{"„" + strings.Repeat("a ", 16) + "“", 500, 500, 0},
		{strings.Repeat("„a b“ ", 8), 300, 200, 0},
		{`"ab ac ad ae ag ai ak al am an ap ar as at au av"`, 800, 200, 0},
		{`"aa bb" "cc dd" "ee gg" "ii kk" "ll mm" "nn oo" "pp rr" "ss tt"`, 500, 200, 0},
		// Loose ones: nothing is looked at.
		{"a e i o u s k p t r l m n d v b", 0, 1000, 0},
		{strings.Repeat("a ", 100), 0, 100, 1},
		{"pa* k* ?a* *", 0, 300, 1},
		// Beginnings that very many words have: as written all the same.
		{`"pas mus"`, maxLooked, 100, 23},
		{`"mus pas"`, maxLooked, 100, 0},
		{`"pas pak pab pag pad pas pak pab pag pad pas pak pab pag pad pab"`, maxLooked, maxOpened, 0},
		{"„" + strings.Repeat("pas ", 16) + "“", maxLooked, maxOpened, 0},
		// Beginnings of sixteen loose words, hundreds of words each.
		{"praa prab prac prad prae prag prai prak pral pram pran prao prap prar pras prat", maxLooked, maxOpened, 0},
		// Errors.
		{"prabag pradag pragag prakag pralag pramag pranag prapag prarag prasag pratag pravag prazag praoag prauag praaag", maxLooked, maxOpened, 0},
		{strings.Repeat("prabagas ", 22), 1000, 200, 0},
		{strings.Repeat("ž", 200), 1000, 200, 0},
		// An ordinary phrase.
		{`"knyga mugė"`, 1000, 200, 23},
		{`"knygu mugeje"`, 1000, 200, 23},
	} {
		done, found, err := v.spend(t.Context(), test.query, nil)
		if err != nil || done.looked > test.looked || done.opened > test.opened || int(found) < test.found {
			t.Errorf("%s: %d looked, %d opened, %d found, %v; want at most %d and %d, at least %d",
				test.query, done.looked, done.opened, found, err, test.looked, test.opened, test.found)
		}
		mostLooked, mostOpened = max(mostLooked, done.looked), max(mostOpened, done.opened)
		t.Logf("%.60s: %d looked, %d opened, %d steps, %d found", test.query, done.looked, done.opened, done.steps, found)
	}
	if mostLooked < maxLooked || mostOpened < maxOpened*9/10 {
		t.Errorf("the index is too small to tell: %d looked, %d opened", mostLooked, mostOpened)
	}
}

// fading is a context that has ended when it is asked for the second time.
type fading struct {
	context.Context //nolint:containedctx // it is one

	asked *int
}

func (f fading) Err() error {
	*f.asked++
	if *f.asked > 1 {
		return context.Canceled
	}
	return nil
}

// TestAnEndedSearchStops ends searches in each of their loops.
func TestAnEndedSearchStops(t *testing.T) {
	const most = 2*askEvery + editCosts // steps and words before it is noticed
	many := &volume{analyzers: terms.New()}
	many.holds(t, func(yield func(string, string) bool) {
		for range 2000 {
			if !yield("Knygos", "Knygos, o knygų mugės nėra.") {
				return
			}
		}
	})
	words := crowded(t)
	for name, test := range map[string]struct {
		volume *volume
		query  string
		facts  Facts
	}{
		"words of a phrase":      {words, `"pas mus"`, nil},
		"beginnings":             {words, "praa prab prač", nil},
		"errors":                 {words, "prabag pradag pragag prakag pralag", nil},
		"a filter takes nothing": {many, "knyga", nothing{}},
		"a phrase nobody has":    {many, `"knygų knygos"`, nil},
		"words nobody has all":   {many, "knyga mugė nieko niekur", nil},
	} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			done, _, err := test.volume.spend(fading{t.Context(), &asked}, test.query, test.facts)
			if !errors.Is(err, context.Canceled) || done.looked+done.steps > most {
				t.Errorf("got %v after %d words and %d steps", err, done.looked, done.steps)
			}
			if done, _, err := test.volume.spend(t.Context(), test.query, test.facts); err != nil || done.looked+done.steps < 2*askEvery {
				t.Errorf("a search that goes on: %v after %d words and %d steps, too few to tell", err, done.looked, done.steps)
			}
		})
	}
}
