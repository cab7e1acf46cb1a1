package stats_test

import (
	"errors"
	"fmt"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/services/sharing/internal/stats"
)

func itoa[T ~int32](n T) string { return strconv.Itoa(int(n)) }

func TestFigure(t *testing.T) {
	tests := []struct {
		atoms []int64
		want  int64
	}{
		{nil, 0},
		{[]int64{4}, 0},
		{[]int64{5}, 5},
		{[]int64{7}, 7},
		{[]int64{3, 1}, 0},
		{[]int64{3, 2}, 5},
		{[]int64{4, 4}, 5},
		{[]int64{12, 3}, 12},
		{[]int64{12, 3, 4}, 17},
		{[]int64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 10},
	}
	for _, test := range tests {
		var sum stats.Count
		var all int64
		for _, n := range test.atoms {
			sum = sum.Plus(stats.Atom(n))
			all += n
		}
		if got := sum.Figure(); got != test.want || sum.All() != all || got > all || all-got >= stats.Threshold {
			t.Errorf("of %v %d are told, want %d", test.atoms, got, test.want)
		}
	}
}

func TestCell(t *testing.T) {
	person := stats.NewCell(19, 3, 8, 0)
	if person.Source() != 19 || person.Device() != 3 || person.Referrer() != 8 || person.Machine() {
		t.Errorf("the cell of a person is %x", person)
	}
	machine := stats.NewCell(19, 3, 8, 10)
	if machine.Source() != 19 || machine.Device() != 0 || machine.Referrer() != 0 || machine.Reason() != 10 {
		t.Errorf("the cell of a machine is %x", machine)
	}
	if c := stats.NewCell(-1, 400, -7, 0); c != 0 {
		t.Errorf("what is not known is %x", c)
	}
	if c := stats.NewCell(0, 0, 0, 400); !c.Machine() {
		t.Errorf("a machine for a reason that is not known is %x", c)
	}
	if _, ok := stats.CellOf(1 << 24); ok {
		t.Error("there is a cell beyond the last")
	}
	if person.Coarse() != stats.NewCell(19, 0, 0, 0) || machine.Coarsest() == 0 || !machine.Coarsest().Machine() || person.Coarsest() != 0 {
		t.Error("coarser cells are wrong")
	}
}

// TestTable groups clicks of two links over two steps.
func TestTable(t *testing.T) {
	desktop, mobile := stats.NewCell(1, 2, 1, 0), stats.NewCell(1, 1, 1, 0)
	robot := stats.NewCell(1, 0, 0, 6)
	fill := func(by stats.By) *stats.Table {
		table := &stats.Table{By: by}
		add := func(article, link string, cell stats.Cell, n int64) {
			if err := table.Add(article, link, cell, stats.Atom(n)); err != nil {
				t.Fatal(err)
			}
		}
		add("a", "1", desktop, 3)
		add("a", "2", desktop, 3)
		add("b", "3", desktop, 9)
		add("b", "3", robot, 20)
		table.EndStep(100)
		add("a", "1", mobile, 4)
		add("b", "3", mobile, 6)
		table.EndStep(101)
		return table
	}
	type key = stats.Key
	tests := []struct {
		name string
		by   stats.By
		want []stats.Row
		rest stats.Row
	}{
		{"nothing", stats.By{}, nil, stats.Row{}},
		{"time", stats.By{Time: true}, []stats.Row{
			{Key: key{First: 100}, People: 14, Machines: 20}, {Key: key{First: 101}, People: 6},
		}, stats.Row{}},
		{"article", stats.By{Article: true}, []stats.Row{
			{Key: key{Article: "b"}, People: 15, Machines: 20}, {Key: key{Article: "a"}, People: 5},
		}, stats.Row{}},
		{"link", stats.By{Link: true}, []stats.Row{{Key: key{Link: "3"}, People: 15, Machines: 20}}, stats.Row{People: 5}},
		{"device", stats.By{Device: true}, []stats.Row{
			{Key: key{Cell: stats.NewCell(0, 2, 0, 0)}, People: 14}, {Key: key{Cell: stats.NewCell(0, 1, 0, 0)}, People: 6},
		}, stats.Row{}},
		{"reason", stats.By{Reason: true}, []stats.Row{{Key: key{Cell: stats.NewCell(0, 0, 0, 6)}, Machines: 20}}, stats.Row{}},
		{"source", stats.By{Source: true}, []stats.Row{{Key: key{Cell: stats.NewCell(1, 0, 0, 0)}, People: 20, Machines: 20}}, stats.Row{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			table := fill(test.by)
			rows, more := table.Rows(10)
			if diff := cmp.Diff(test.want, rows); diff != "" || more {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if got := table.Remainder(); got != test.rest {
				t.Errorf("the remainder is %+v, want %+v", got, test.rest)
			}
			if diff := cmp.Diff(stats.Row{People: 20, Machines: 20}, table.Total()); diff != "" {
				t.Errorf("total (-want +got):\n%s", diff)
			}
		})
	}
	if rows, more := fill(stats.By{Article: true}).Rows(1); len(rows) != 1 || !more || rows[0].Article != "b" {
		t.Errorf("the first row is %v, %v", rows, more)
	}
}

func TestTableRefuses(t *testing.T) {
	table := &stats.Table{By: stats.By{Link: true}}
	for i := range stats.MaxGroups {
		if err := table.Add("", fmt.Sprint(i), 0, stats.Count{Big: 5}); err != nil {
			t.Fatal(err)
		}
	}
	if err := table.Add("", "one more", 0, stats.Count{Big: 5}); !errors.Is(err, stats.ErrTooManyGroups) {
		t.Errorf("Add() = %v", err)
	}
	if err := table.Add("", "7", 0, stats.Count{Big: 5}); err != nil {
		t.Errorf("Add() to a group that is there = %v", err)
	}
}
