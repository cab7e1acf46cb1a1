package article_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// TestNext compares the transitions with the table that people read.
func TestNext(t *testing.T) {
	rows := lifeTable(t)
	header := rows[0]
	if len(rows) != len(articlev1.Article_State_name) || len(header) != 1+int(article.StepUndelete)+1 {
		t.Fatalf("the table has %d rows of %d cells", len(rows), len(header))
	}
	for _, row := range rows[1:] {
		number, ok := articlev1.Article_State_value["STATE_"+row[0]]
		if !ok {
			t.Errorf("there is no state %q", row[0])
		}
		from := article.State(number)
		for i, cell := range row[1:] {
			step := article.Step(i)
			if header[i+1] != step.String() {
				t.Errorf("column %d is headed %q, want %q", i+1, header[i+1], step)
			}
			for public := range 2 {
				next, ok := article.Next(from, step, public == 1)
				got := ""
				if ok {
					got = strings.TrimPrefix(next.String(), "STATE_")
				}
				want := cell
				if first, second, two := strings.Cut(cell, " or "); two {
					want = []string{first, second}[public]
				}
				if got != want {
					t.Errorf("%s after %s, public before %d: got %q, the table has %q", from, step, public, got, want)
				}
			}
		}
	}
	if _, ok := article.Next(articlev1.Article_STATE_UNSPECIFIED, article.StepSave, false); ok {
		t.Error("an article without a state was saved")
	}
}

// lifeTable returns the cells of the table of states in docs/architecture.md,
// its header first.
func lifeTable(t *testing.T) [][]string {
	t.Helper()
	page, err := os.ReadFile("../../../../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(page), "\n| state |")
	if !ok {
		t.Fatal("docs/architecture.md has no table of states")
	}
	table, _, _ := strings.Cut("| state |"+rest, "\n\n")
	var rows [][]string
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, "|---") {
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	return rows
}

func TestReview(t *testing.T) {
	monday := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	tuesday := monday.AddDate(0, 0, 1)
	a := &recordv1.State{Name: "sites/x/articles/y", State: article.Draft}
	if err := article.Return(a, "rasa", "per anksti", monday); fault.ReasonOf(err) != faultv1.Reason_REASON_WRONG_STATE {
		t.Errorf("returning a draft: got %v", err)
	}
	if err := article.Submit(a, "ona", "ar gerai?", monday); err != nil || a.GetState() != article.InReview {
		t.Fatalf("got %v, %v", a, err)
	}
	if err := article.Submit(a, "ona", "", monday); fault.ReasonOf(err) != faultv1.Reason_REASON_WRONG_STATE {
		t.Errorf("submitting twice: got %v", err)
	}
	if err := article.Return(a, "rasa", " \n", tuesday); fault.ReasonOf(err) != faultv1.Reason_REASON_INVALID_FIELD || a.GetState() != article.InReview {
		t.Errorf("returning without a word: got %v, %v", err, a)
	}
	if err := article.Return(a, "rasa", "trūksta datos", tuesday); err != nil || a.GetState() != article.Draft {
		t.Fatalf("got %v, %v", a, err)
	}
	want := &articlev1.Review{
		Submitter: "ona", SubmitTime: timestamppb.New(monday), SubmitNote: "ar gerai?",
		Reviewer: "rasa", ReturnTime: timestamppb.New(tuesday), ReturnNote: "trūksta datos",
	}
	if diff := cmp.Diff(want, a.GetReview(), protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
	if err := article.Submit(a, "jonas", "", tuesday); err != nil {
		t.Fatal(err)
	}
	again := &articlev1.Review{Submitter: "jonas", SubmitTime: timestamppb.New(tuesday)}
	if diff := cmp.Diff(again, a.GetReview(), protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
}
