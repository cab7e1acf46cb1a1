package quality

import (
	"embed"
	"io/fs"
)

//go:embed testdata
var own embed.FS

// Own returns the lemmas of our own list: words of libraries and of every day,
// written down with their forms from the grammar.
func Own() ([]Lemma, error) {
	file, err := own.Open("testdata/lemmas.tsv")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return ReadLemmas(file)
}

// Shared returns the lemmas of lemma-forms.tsv in folder.
func Shared(folder fs.FS) ([]Lemma, error) {
	file, err := folder.Open("lemma-forms.tsv")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return ReadLemmas(file)
}
