package filter_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/filter"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

type job struct{ late, done bool }

func jobs() filter.Fields[job] {
	return filter.Fields[job]{
		"late": filter.Bool(func(j job) bool { return j.late }),
		"done": filter.Bool(func(j job) bool { return j.done }),
	}
}

func TestBool(t *testing.T) {
	for text, want := range map[string]bool{
		`late = true`: true, `late=false`: false, `late != false`: true, `done = "false" AND late != "true"`: false,
	} {
		f, err := filter.Parse(text, jobs())
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := f.Match(job{late: true}); got != want {
			t.Errorf("%s: got %v", text, got)
		}
	}
	for _, text := range []string{`late`, `late = yes`, `late > false`, `late:*`} {
		if _, err := filter.Parse(text, jobs()); fault.ReasonOf(err) != faultv1.Reason_REASON_INVALID_FILTER {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

func TestRequired(t *testing.T) {
	late := filter.Comparison{Field: "late", Operator: "=", Value: "true"}
	done := filter.Comparison{Field: "done", Operator: "!=", Value: "true", Quoted: true}
	for text, want := range map[string][]filter.Comparison{
		``:                                         nil,
		`late = true`:                              {late},
		`late = true done != "true"`:               {late, done},
		`((late = true) AND (done != "true"))`:     {late, done},
		`late = true AND NOT done = true`:          {late},
		`late = true OR done != "true"`:            nil,
		`(late = true OR late = false) -done=true`: nil,
	} {
		f, err := filter.Parse(text, jobs())
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, f.Required()); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
		if f.Empty() != (text == "") {
			t.Errorf("%q: Empty is %v", text, f.Empty())
		}
	}
}

func TestExact(t *testing.T) {
	for text, want := range map[string]bool{
		``: true, `late = true`: true, `(late = true) done != "true"`: true, `late = true AND NOT done = true`: false,
		`late = true OR done = true`: false, `late = true (done = true OR done = false)`: false, `-late = true`: false,
	} {
		f, err := filter.Parse(text, jobs())
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if f.Exact() != want {
			t.Errorf("%s: got %v", text, !want)
		}
	}
}

func TestExcluded(t *testing.T) {
	late := filter.Comparison{Field: "late", Operator: "=", Value: "true"}
	for text, want := range map[string][]filter.Comparison{
		``:                               nil,
		`late = true`:                    nil,
		`NOT late = true`:                {late},
		`done = true -(late = true)`:     {late},
		`NOT NOT late = true`:            nil,
		`NOT (late = true done = true)`:  nil,
		`NOT (late=true OR done = true)`: nil,
		`NOT late = true OR done = true`: nil,
	} {
		f, err := filter.Parse(text, jobs())
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, f.Excluded()); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}
