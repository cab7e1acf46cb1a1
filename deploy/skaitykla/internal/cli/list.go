package cli

import (
	"fmt"
	"io"
	"iter"
	"strings"
	"text/tabwriter"

	"google.golang.org/protobuf/proto"
)

// paged goes over what a list has, page after page. read returns the page of a
// token and the token of the next page, which is empty after the last one.
func paged[R any](read func(token string) ([]R, string, error)) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		for token := ""; ; {
			page, next, err := read(token)
			if err != nil {
				var none R
				yield(none, err)
				return
			}
			for _, one := range page {
				if !yield(one, nil) {
					return
				}
			}
			if token = next; token == "" {
				return
			}
		}
	}
}

// whole goes over a list that came in one answer.
func whole[R any](list []R) iter.Seq2[R, error] {
	return paged(func(string) ([]R, string, error) { return list, "", nil })
}

// first is the beginning of a list.
func first[R any](list iter.Seq2[R, error], n int) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		left := n
		if left <= 0 {
			return
		}
		for one, err := range list {
			if left--; !yield(one, err) || left == 0 {
				return
			}
		}
	}
}

// printList prints what a list has: as a line of JSON each for scripts, else as
// rows of a table. What was read before an error is printed, too.
func printList[R proto.Message](a *app, out io.Writer, list iter.Seq2[R, error], row func(R) []string) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for one, err := range list {
		if err != nil {
			_ = table.Flush() // the error says more
			return err
		}
		if a.json {
			if err := printLine(out, one); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintln(table, strings.Join(row(one), "\t"))
	}
	return table.Flush()
}
