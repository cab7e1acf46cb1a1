package list_test

import (
	"encoding/binary"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/filter"
	"github.com/skaitykla/skaitykla/internal/list"
	"github.com/skaitykla/skaitykla/internal/page"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

func fields() filter.Fields[int] {
	return filter.Fields[int]{"rare": filter.Bool(func(n int) bool { return n%4000 == 0 })}
}

func newPage(t *testing.T, sealer *page.Sealer, req *articlev1.ListArticlesRequest) (*list.Page[int], error) {
	t.Helper()
	return list.NewPage(t.Context(), sealer, req, req.GetParent(), articlev1.ArticleService_ListArticles_FullMethodName, fields())
}

func sealer(t *testing.T) *page.Sealer {
	t.Helper()
	s, err := page.NewSealer(make([]byte, page.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// upTo reads the numbers from 1 to n.
func upTo(n int, reads *int) func([]byte, int) ([]list.Item[int], error) {
	return func(after []byte, limit int) ([]list.Item[int], error) {
		*reads++
		first := 1
		if after != nil {
			first = int(binary.BigEndian.Uint32(after)) + 1
		}
		var items []list.Item[int]
		for i := first; i <= n && len(items) < limit; i++ {
			items = append(items, list.Item[int]{Position: binary.BigEndian.AppendUint32(nil, uint32(i)), Value: i})
		}
		return items, nil
	}
}

// all walks a list and returns the pages.
func all(t *testing.T, s *page.Sealer, req *articlev1.ListArticlesRequest, n int) [][]int {
	t.Helper()
	var pages [][]int
	for {
		p, err := newPage(t, s, req)
		if err != nil {
			t.Fatal(err)
		}
		reads := 0
		items, next, err := p.Gather(upTo(n, &reads))
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, items)
		if req.PageToken = next; next == "" {
			return pages
		}
	}
}

func TestPagesWithoutFilter(t *testing.T) {
	got := all(t, sealer(t), &articlev1.ListArticlesRequest{Parent: "sites/biblioteka", PageSize: 2}, 5)
	if diff := cmp.Diff([][]int{{1, 2}, {3, 4}, {5}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestWorkOfAPageIsBounded(t *testing.T) {
	got := all(t, sealer(t), &articlev1.ListArticlesRequest{Parent: "sites/biblioteka", PageSize: 2, Filter: "rare = true"}, 12_500)
	if diff := cmp.Diff([][]int{{4000}, {8000}, {12_000}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestOnePageReadsFewTimes(t *testing.T) {
	p, err := newPage(t, sealer(t), &articlev1.ListArticlesRequest{Parent: "sites/biblioteka", Filter: "rare = true"})
	if err != nil {
		t.Fatal(err)
	}
	reads := 0
	if _, _, err := p.Gather(upTo(list.ScanLimit+1, &reads)); err != nil || reads > 15 {
		t.Errorf("%d reads, %v", reads, err)
	}
}

func TestHiddenItemsAreLookedAtOnly(t *testing.T) {
	p, err := newPage(t, sealer(t), &articlev1.ListArticlesRequest{Parent: "sites/biblioteka", PageSize: 2})
	if err != nil {
		t.Fatal(err)
	}
	p.Allow = func(n int) bool { return n%2 == 0 }
	reads := 0
	got, next, err := p.Gather(upTo(5, &reads))
	if diff := cmp.Diff([]int{2, 4}, got); diff != "" || err != nil || next == "" {
		t.Errorf("got %v, %q, %v", got, next, err)
	}
}

func TestTokenOfAnotherFilter(t *testing.T) {
	s := sealer(t)
	req := &articlev1.ListArticlesRequest{Parent: "sites/biblioteka", PageSize: 1}
	p, err := newPage(t, s, req)
	if err != nil {
		t.Fatal(err)
	}
	reads := 0
	if _, req.PageToken, err = p.Gather(upTo(2, &reads)); err != nil {
		t.Fatal(err)
	}
	req.Filter = "rare = true"
	if _, err := newPage(t, s, req); fault.ReasonOf(err) != faultv1.Reason_REASON_INVALID_PAGE_TOKEN {
		t.Errorf("got %v", err)
	}
}
