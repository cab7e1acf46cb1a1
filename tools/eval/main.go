// Command eval measures how well Lithuanian words are found by their keys: on the
// lemmas and pairs of a folder outside the project, which it skips, saying so,
// when it is absent, and on the project's own words. It fails when a target is
// missed.
//
//	go run ./tools/eval -data ../shared/data/lt
package main

import (
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/skaitykla/skaitykla/internal/lang/lithuanian/quality"
)

var errMissed = errors.New("targets were missed")

func main() {
	data := flag.String("data", "../shared/data/lt", "folder with lemma-forms.tsv and the lists of pairs")
	verbose := flag.Bool("v", false, "name the pairs that were missed")
	flag.Parse()
	if err := eval(os.Stdout, *data, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "eval:", err)
		os.Exit(1)
	}
}

func eval(out io.Writer, data string, verbose bool) error {
	lemmas, err := quality.Own()
	if err != nil {
		return err
	}
	missed := report(out, fmt.Sprintf("Own words: %d lemmas", len(lemmas)), quality.EvaluateLemmas(lemmas), verbose)
	if _, err := os.Stat(data); err != nil {
		fmt.Fprintf(out, "\nSKIPPED: the words and pairs outside the project: %v\n", err)
		return missed
	}
	folder := os.DirFS(data)
	if lemmas, err = quality.Shared(folder); err != nil {
		return err
	}
	pairs, err := quality.EvaluatePairs(folder)
	if err != nil {
		return err
	}
	measures := slices.Concat(quality.EvaluateLemmas(lemmas), quality.EvaluateConflation(lemmas), pairs)
	missed = errors.Join(missed, report(out, fmt.Sprintf("%s: %d lemmas", data, len(lemmas)), measures, verbose))
	for half := range uint32(2) {
		title := fmt.Sprintf("Half %d of them, split by a hash of the word", half+1)
		report(out, title, quality.EvaluateLemmas(part(lemmas, half)), false) //nolint:errcheck // the whole decides
	}
	return missed
}

// part returns one half of the lemmas, always the same.
func part(lemmas []quality.Lemma, half uint32) []quality.Lemma {
	return slices.DeleteFunc(slices.Clone(lemmas), func(l quality.Lemma) bool {
		hash := fnv.New32a()
		_, _ = io.WriteString(hash, l.Word)
		return hash.Sum32()>>3%2 != half
	})
}

// report prints a table, and returns errMissed when a target was missed.
func report(out io.Writer, title string, measures []quality.Measure, verbose bool) error {
	fmt.Fprintf(out, "\n%s\n\n", title)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "what\tmeasured\ttarget\tsuffix stripper, quoted\t")
	var err error
	for _, m := range measures {
		verdict := ""
		if m.Missed {
			verdict, err = "MISSED", errMissed
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", m.What, m.Got, m.Target, m.Beside, verdict)
		if verbose || m.Missed {
			for _, detail := range m.Detail {
				fmt.Fprintf(table, "\t%s\n", strings.ReplaceAll(detail, "\t", " "))
			}
		}
	}
	if flushed := table.Flush(); flushed != nil {
		return flushed
	}
	return err
}
