package check_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/check"
)

// TestExamples holds every rule to its examples, which it must have: at least
// one that passes and one that does not.
func TestExamples(t *testing.T) {
	c := newChecker(t)
	files := exampleFiles(t)
	for _, r := range check.Rules() {
		t.Run(r.ID, func(t *testing.T) {
			if files[r.ID] == "" {
				t.Fatalf("testdata/rules/%s.yaml is missing", r.ID)
			}
			e := readExamples(t, files[r.ID])
			if len(e.Good) == 0 || len(e.Bad) == 0 {
				t.Errorf("%d good and %d bad examples, want some of both", len(e.Good), len(e.Bad))
			}
			for i, good := range e.Good {
				for _, f := range of(r.ID, c.Article(good.manuscript(t))) {
					t.Errorf("good example %d: %q at %s", i+1, f.GetExcerpt(), f.GetField())
				}
			}
			for i, bad := range e.Bad {
				testBad(t, c, r, i+1, bad)
			}
		})
		delete(files, r.ID)
	}
	for _, file := range files {
		t.Errorf("%s is of no rule", file)
	}
}

func testBad(t *testing.T, c *check.Checker, r check.Rule, number int, bad example) {
	t.Helper()
	m := bad.manuscript(t)
	all := c.Article(m)
	found := of(r.ID, all)
	if len(found) == 0 || bad.Want == nil && len(found) != 1 {
		t.Errorf("bad example %d: %d findings of the rule in %v", number, len(found), all)
		return
	}
	var excerpts []string
	for _, f := range found {
		excerpts = append(excerpts, f.GetExcerpt())
		if f.GetWaivable() != r.Waivable || f.GetSource() != r.Source || (f.GetSeverity() == articlev1.Finding_SEVERITY_ERROR) != r.Error {
			t.Errorf("bad example %d: %v, unlike its rule %v", number, f, r)
		}
		for code, text := range f.GetMessages() {
			if strings.Contains(text, "{") || text == "" {
				t.Errorf("bad example %d: %s says %q", number, code, text)
			}
		}
	}
	if diff := cmp.Diff(bad.Want, excerpts); bad.Want != nil && diff != "" {
		t.Errorf("bad example %d: excerpts (-want +got):\n%s", number, diff)
	}
	if got := found[0].GetProposal(); got != bad.Proposal {
		t.Errorf("bad example %d: the proposal is %q, want %q", number, got, bad.Proposal)
	}
	fixed, repairs := c.Fix(m, []string{r.ID})
	got := ""
	if len(repairs) > 0 {
		got = plainText(fixed)
	}
	if got != bad.Fixed || found[0].GetFixable() != (bad.Fixed != "") {
		t.Errorf("bad example %d: fixed to %q, want %q; fixable: %v", number, got, bad.Fixed, found[0].GetFixable())
	}
	if left := c.Article(m); !cmp.Equal(len(left), len(all)) {
		t.Errorf("bad example %d: Fix changed what it was given", number)
	}
}

// plainText is the text of the paragraphs, lines between them.
func plainText(a *articlev1.Article) string {
	var lines []string
	for _, b := range a.GetBlocks() {
		line := ""
		for _, s := range b.GetParagraph().GetText().GetSpans() {
			line += s.GetText()
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// TestDocs compares the table of docs/check.md with the rules.
func TestDocs(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "docs", "check.md"))
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, r := range check.Rules() {
		cell := func(is bool, word string) string {
			if is {
				return word
			}
			return ""
		}
		severity := "warning"
		if r.Error {
			severity = "error"
		}
		want = append(want, strings.Join([]string{"`" + r.ID + "`", severity, r.Source, cell(r.Fixable, "yes"), cell(r.Waivable, "yes")}, " | "))
	}
	for line := range strings.SplitSeq(string(page), "\n") {
		if cells := strings.Split(line, "|"); strings.HasPrefix(line, "| `") && len(cells) == 8 {
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			got = append(got, strings.Join(slices.Delete(cells[1:7], 2, 3), " | "))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("docs/check.md (-code +docs):\n%s", diff)
	}
}
