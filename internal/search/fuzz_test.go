package search

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/search/terms"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

var languages = []string{"lt", "en", "da"}

// small is a volume with an index of three articles, without a store.
func small(tb testing.TB) *volume {
	tb.Helper()
	analyzers := terms.New()
	folder := filepath.Join(tb.TempDir(), "index")
	index, err := create(folder)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = index.Close() })
	batch := index.NewBatch()
	for id, s := range map[string]Section{
		"muge": titled("lt", "Knygų mugė", "", "knygos"),
		"fair": titled("en", "The book fair", "It's a fair."),
		"dokk": titled("da", "Århus læser", "", "Dokk1"),
	} {
		d := Document{Sides: []Side{Public, Working}, Sections: []Section{s}}
		if err := batch.IndexAdvanced(documentOf(analyzers, Name{Site: "biblioteka", ID: id}, d)); err != nil {
			tb.Fatal(err)
		}
	}
	if err := write(tb.Context(), index, batch); err != nil {
		tb.Fatal(err)
	}
	return &volume{analyzers: analyzers, folder: folder, index: index, damaged: make(chan error, 1)}
}

// titled is a section with a title, a lead and tags.
func titled(code, title, lead string, tags ...string) Section {
	s := Section{Language: code}
	s.Add(Title, title)
	s.Add(Lead, lead)
	s.Texts[Tags] = tags
	return s
}

func hostile() []string {
	return []string{
		strings.Repeat("*", 200), strings.Repeat("\"", 200), strings.Repeat("a ", 100), strings.Repeat("ž", 200), "\x00\x01\x1b[31m",
		`+knyga -mugė`, `title:knyga^5`, `/kny.*/`, `knyg~9`, `(knyga OR mugė)`, `{"match_all":{}}`, "\u202eknyga", "knyga\u00adknyga",
		"„knygų", "“”", "' OR 1=1", "\xff\xfe", strings.Repeat("„a b“", 30), "１２３ ٣ ໑", "i\u0307\u0300", "ﬁ ﷺ", "kny*", strings.Repeat("x", 201),
	}
}

// TestHostileQueries are answered or refused, and never mean anything but
// words.
func TestHostileQueries(t *testing.T) {
	v := small(t)
	for _, query := range append(hostile(), "knyga") {
		want, err := parse(v.analyzers, query, languages)
		if err != nil {
			if fault.ReasonOf(err) != faultv1.Reason_REASON_INVALID_QUERY {
				t.Errorf("%q: %v", query, err)
			}
			continue
		}
		if _, err := v.find(t.Context(), Query{Side: Public, Site: "biblioteka", Languages: languages, Limit: 10}, want); err != nil {
			t.Errorf("%q: %v", query, err)
		}
	}
	for _, query := range []string{`title:mugė AND nothing`, `/.*/`, `*`, `{"match_all":{}}`} {
		want, err := parse(v.analyzers, query, languages)
		if err != nil {
			continue
		}
		if found, err := v.find(t.Context(), Query{Side: Public, Site: "biblioteka", Limit: 10}, want); err != nil || found.Total != 0 {
			t.Errorf("%q was taken for more than words: %v, %v", query, found, err)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, query := range hostile() {
		f.Add(query, "Knygų mugė – „Dokk1“ in Århus.")
	}
	v := small(f)
	f.Fuzz(func(t *testing.T, query, text string) {
		want, err := parse(v.analyzers, query, languages)
		if err != nil {
			if fault.ReasonOf(err) != faultv1.Reason_REASON_INVALID_QUERY {
				t.Fatalf("got %v", err)
			}
			return
		}
		if _, err := v.find(t.Context(), Query{Side: Public, Site: "biblioteka", Languages: languages, Limit: 10}, want); err != nil {
			t.Fatalf("got %v", err)
		}
		text = strings.ToValidUTF8(text, "?")
		for _, snippet := range newSnippets(v.analyzers, want).of(titled("lt", text, "")) {
			var all strings.Builder
			for _, p := range snippet.Pieces {
				all.WriteString(p.Text)
			}
			if !strings.Contains(text, all.String()) || !utf8.ValidString(all.String()) {
				t.Errorf("%q is not a piece of %q", all.String(), text)
			}
		}
	})
}

// TestPhrases asks for words side by side, and in the languages of the site.
func TestPhrases(t *testing.T) {
	v := small(t)
	for query, total := range map[string]int{
		"„knygų mugė“": 1, `"knyga muge"`: 1, `"mugė knygų"`: 0, `"book fair"`: 1, `"the book fairs"`: 1, "fair": 1, "fairs": 1,
		"arhus": 1, "aarhus": 1, "ÅRHUS": 1, "læs": 1, "laeser": 1, "it's": 1, "dokk1": 1, "bokk fair": 0, "mugėje knygos": 1,
	} {
		want, err := parse(v.analyzers, query, languages)
		if err != nil {
			t.Fatal(err)
		}
		found, err := v.find(t.Context(), Query{Side: Public, Site: "biblioteka", Languages: languages, Limit: 10}, want)
		if err != nil || found.Total != total {
			t.Errorf("%s: found %d, %v; want %d", query, found.Total, err, total)
		}
	}
}

// TestAFolderThatIsRemovedIsMissed takes the files away under a running index.
func TestAFolderThatIsRemovedIsMissed(t *testing.T) {
	v := small(t)
	if err := v.wellKept(); err != nil {
		t.Fatalf("an index that is well: %v", err)
	}
	if err := os.RemoveAll(v.folder); err != nil {
		t.Fatal(err)
	}
	if err := v.wellKept(); !errors.Is(err, errDamaged) {
		t.Errorf("got %v", err)
	}
}
