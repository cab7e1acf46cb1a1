package article_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// groups are words that find each other; the first one of each is the lemma.
// Words of our own; the shared test data adds its groups where there is any.
func groups() [][]string {
	return [][]string{
		strings.Fields("paroda parodos parodai parodą parodoje parodų parodoms parodas parodomis parodose"),
		strings.Fields("skaitytojas skaitytojo skaitytojui skaitytoją skaitytojai skaitytojų skaitytojams"),
		strings.Fields("žodis žodžio žodžiui žodį žodžiai žodžių žodžiais"),
		strings.Fields("pasakorė pasakorės pasakorę pasakorių pasakorėms"),
		strings.Fields("naujas nauja naujo naujos naują nauji naujų naujieji"),
		strings.Fields("skaityti skaito skaitė skaitys"),
	}
}

// strangers are pairs of different words: where one finds the other, it stands
// below the word itself.
func strangers() [][]string {
	return [][]string{{"lapas", "lapė"}, {"laukas", "laukė"}, {"kalnas", "kalna"}, {"sala", "salė"}, {"kova", "kovas"}}
}

// plain are words as they are typed without diacritics, and as they are written.
func plain() [][]string {
	return [][]string{{"zodziu", "žodžių"}, {"sventeje", "šventėje"}, {"ziemos", "žiemos"}, {"ciuozykla", "čiuožykla"}}
}

// shared reads lines of words from the test data beside the project, if it is
// there.
func shared(t *testing.T, name string) [][]string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "lt", name))
	if err != nil {
		t.Logf("%s of the shared test data is not here: measured on our own words only", name)
		return nil
	}
	var lines [][]string
	for line := range strings.Lines(string(content)) {
		if fields := strings.Split(strings.TrimSpace(line), "\t"); len(fields) > 1 {
			lines = append(lines, fields)
		}
	}
	return lines
}

// TestSearchQuality asks the index for words that must and must not be found.
func TestSearchQuality(t *testing.T) {
	s := searchSuite(t)
	forms, pairs, typed := groups(), strangers(), plain()
	for _, line := range shared(t, "must-match.tsv") {
		forms = append(forms, strings.Fields(line[1]))
	}
	pairs = append(pairs, shared(t, "must-not-match.tsv")...)
	typed = append(typed, shared(t, "typed-without-diacritics.tsv")...)
	known := map[string]bool{}
	for _, words := range slices.Concat(forms, pairs, typed) {
		for _, word := range words[:min(2, len(words))] {
			known[word] = true
		}
		for _, word := range words {
			if slices.ContainsFunc(forms, func(g []string) bool { return slices.Contains(g, word) }) {
				known[word] = true
			}
		}
	}
	for word := range known {
		s.add("Antraštė "+word, "Pastraipa be nieko.")
	}
	for _, pair := range pairs {
		for _, word := range pair[:2] {
			s.add("Tekste", "Čia rašoma: "+word+".")
		}
	}
	t.Run("forms", func(t *testing.T) { s.wantForms(t, forms) })
	t.Run("strangers", func(t *testing.T) { s.wantStrangersBelow(t, pairs) })
	for _, pair := range typed {
		if !slices.Contains(s.headwords(pair[0]), pair[1]) {
			t.Errorf("%s does not find %s", pair[0], pair[1])
		}
	}
}

// headwords returns what stands in the titles that a query finds.
func (s *suite) headwords(query string) []string {
	s.t.Helper()
	var words []string
	for _, r := range s.find(query, func(r *articlev1.SearchArticlesRequest) { r.PageSize = 200 }).GetResults() {
		if word, ok := strings.CutPrefix(r.GetArticle().GetTitle(), "Antraštė "); ok {
			words = append(words, word)
		}
	}
	return words
}

func (s *suite) wantForms(t *testing.T, all [][]string) {
	t.Helper()
	for _, forms := range all {
		for _, form := range forms {
			found := s.headwords(form)
			if len(found) == 0 || found[0] != form {
				t.Errorf("%s: the best is not the word itself: %v", form, found)
			}
			for _, other := range forms {
				if !slices.Contains(found, other) {
					t.Errorf("%s does not find %s", form, other)
				}
			}
		}
	}
}

// wantStrangersBelow looks at every result: once another word was met, the word
// itself comes no more, not even from a worse place.
func (s *suite) wantStrangersBelow(t *testing.T, pairs [][]string) {
	t.Helper()
	for _, pair := range pairs {
		for i, word := range pair[:2] {
			other, met := pair[1-i], false
			for _, r := range s.find(word, func(r *articlev1.SearchArticlesRequest) { r.PageSize = 200 }).GetResults() {
				marked := strings.ToLower(matches(r))
				switch {
				case strings.Contains(marked+" ", word+" "):
					if met {
						t.Errorf("%s: an article with %s stands above one with the word", word, other)
					}
				case strings.Contains(marked+" ", other+" "):
					met = true
				}
			}
		}
	}
}

// matches returns the words of a result that were looked for.
func matches(r *articlev1.SearchArticlesResponse_Result) string {
	var b strings.Builder
	for _, snippet := range r.GetSnippets() {
		for _, p := range snippet.GetPieces() {
			if p.GetMatch() {
				b.WriteString(p.GetText() + " ")
			}
		}
	}
	return b.String()
}
