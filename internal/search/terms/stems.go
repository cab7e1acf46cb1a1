package terms

import (
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/english"

	"github.com/skaitykla/skaitykla/internal/lang/lithuanian"
)

// The first byte of a stem says whose it is, so that a Danish stem is not taken
// for an English one.
const (
	whole = "=" // the word itself, in all languages
	lt    = "l"
	en    = "e"
	da    = "d"
)

func lithuanianStems(exact string) (class, folded, forms []string) {
	forms = []string{lithuanian.Fold(exact)}
	class, folded = marked(lt, lithuanian.Keys(exact)), marked(lt, lithuanian.FoldedKeys(exact))
	if len(class) == 0 {
		class = []string{whole + exact}
	}
	if len(folded) == 0 {
		folded = []string{whole + forms[0]}
	}
	return class, folded, forms
}

func englishStems(exact string) (class, folded, forms []string) {
	form := lithuanian.Fold(exact)
	stem := func(word string) []string {
		return []string{en + stemmed(strings.TrimSuffix(word, "'s"), english.Stem)}
	}
	return stem(exact), stem(form), []string{form}
}

// danishStems folds both ways that Danish letters are typed on other keyboards:
// "aarhus" and "arhus".
func danishStems(exact string) (class, folded, forms []string) {
	forms = unique([]string{
		lithuanian.Fold(exact),
		lithuanian.Fold(strings.NewReplacer("å", "aa", "ø", "oe", "æ", "ae").Replace(exact)),
	})
	for _, form := range forms {
		folded = append(folded, da+stemmed(form, danish.Stem))
	}
	return []string{da + stemmed(exact, danish.Stem)}, unique(folded), forms
}

func noStems(exact string) (class, folded, forms []string) {
	form := lithuanian.Fold(exact)
	return []string{whole + exact}, []string{whole + form}, []string{form}
}

// anyStems are those of all languages.
func anyStems(exact string) (class, folded, forms []string) {
	for _, stems := range []func(string) ([]string, []string, []string){lithuanianStems, englishStems, danishStems} {
		c, f, w := stems(exact)
		class, folded, forms = append(class, c...), append(folded, f...), append(forms, w...)
	}
	return unique(class), unique(folded), unique(forms)
}

func stemmed(word string, stem func(*snowballstem.Env) bool) string {
	env := snowballstem.NewEnv(word)
	stem(env)
	return env.Current()
}

func marked(mark string, keys []string) []string {
	terms := make([]string, len(keys))
	for i, key := range keys {
		terms[i] = mark + key
	}
	return terms
}
