package cli

import (
	"bytes"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// fieldsOf returns the lines of a table with one space between columns.
func fieldsOf(text string) []string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i := range lines {
		lines[i] = strings.Join(strings.Fields(lines[i]), " ")
	}
	return lines
}

// letters is a list of three pages, of which the second has nothing on it; err
// stands for the last page when it is not nil.
func letters(err error) iter.Seq2[*wrapperspb.StringValue, error] {
	pages := map[string][]*wrapperspb.StringValue{"": {{Value: "a"}, {Value: "bb"}}, "2": {}, "3": {{Value: "c"}}}
	next := map[string]string{"": "2", "2": "3", "3": ""}
	return paged(func(token string) ([]*wrapperspb.StringValue, string, error) {
		if token == "3" && err != nil {
			return nil, "", err
		}
		return pages[token], next[token], nil
	})
}

func letterRow(l *wrapperspb.StringValue) []string { return []string{l.GetValue(), "letter"} }

func TestPrintList(t *testing.T) {
	away := errors.New("away")
	for _, test := range []struct {
		name string
		app  app
		list iter.Seq2[*wrapperspb.StringValue, error]
		want string
		err  error
	}{
		{"table", app{}, letters(nil), "a   letter\nbb  letter\nc   letter\n", nil},
		{"for scripts", app{json: true}, letters(nil), "\"a\"\n\"bb\"\n\"c\"\n", nil},
		{"beginning", app{}, first(letters(away), 2), "a   letter\nbb  letter\n", nil},
		{"nothing", app{}, first(letters(away), 0), "", nil},
		{"all there is", app{json: true}, first(letters(nil), 9), "\"a\"\n\"bb\"\n\"c\"\n", nil},
		{"in one answer", app{}, whole([]*wrapperspb.StringValue{{Value: "a"}}), "a  letter\n", nil},
		{"an error after two pages", app{}, letters(away), "a   letter\nbb  letter\n", away},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			if err := printList(&test.app, &out, test.list, letterRow); !errors.Is(err, test.err) {
				t.Errorf("got %v, want %v", err, test.err)
			}
			if diff := cmp.Diff(test.want, out.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestPagedAgain goes over a list twice, from its beginning.
func TestPagedAgain(t *testing.T) {
	list := first(letters(nil), 2)
	for range 2 {
		var got []string
		for l, err := range list {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, l.GetValue())
		}
		if !slices.Equal(got, []string{"a", "bb"}) {
			t.Errorf("got %q", got)
		}
	}
}
