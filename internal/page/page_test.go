package page_test

import (
	"bytes"
	"testing"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/page"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

func sealer(tb testing.TB, seeds ...byte) *page.Sealer {
	tb.Helper()
	var keys [][]byte
	for _, seed := range seeds {
		keys = append(keys, bytes.Repeat([]byte{seed}, page.KeySize))
	}
	s, err := page.NewSealer(keys...)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func binding() page.Binding {
	return page.Binding{
		Purpose: page.Page, Class: "author", Site: "sites/biblioteka",
		Method: "/skaitykla.article.v1.ArticleService/ListArticles", Query: []byte{1, 2, 3},
	}
}

func TestSealAndOpen(t *testing.T) {
	s := sealer(t, 1)
	for _, position := range [][]byte{nil, []byte("a"), bytes.Repeat([]byte("long"), 500)} {
		token := s.Seal(binding(), position)
		got, err := s.Open(binding(), token)
		if err != nil || !bytes.Equal(got, position) {
			t.Errorf("got %q, %v; want %q", got, err, position)
		}
		if again := s.Seal(binding(), position); again == token {
			t.Error("two tokens for one position are the same")
		}
	}
}

func TestTokensAreBound(t *testing.T) {
	s := sealer(t, 1)
	token := s.Seal(binding(), []byte("position"))
	for name, change := range map[string]func(*page.Binding){
		"purpose": func(b *page.Binding) { b.Purpose = page.Resume },
		"class":   func(b *page.Binding) { b.Class = "anonymous" },
		"site":    func(b *page.Binding) { b.Site = "sites/kita" },
		"method":  func(b *page.Binding) { b.Method += "s" },
		"query":   func(b *page.Binding) { b.Query = []byte{1, 2, 4} },
		"no query": func(b *page.Binding) {
			b.Query = nil
		},
		"moved border": func(b *page.Binding) { b.Class, b.Site = "authors", "ites/biblioteka" },
	} {
		b := binding()
		change(&b)
		if got, err := s.Open(b, token); err == nil || got != nil {
			t.Errorf("%s: opened as %q", name, got)
		}
	}
}

func TestOpenFailsByPurpose(t *testing.T) {
	s := sealer(t, 1)
	for purpose, want := range map[page.Purpose]faultv1.Reason{
		page.Page:    faultv1.Reason_REASON_INVALID_PAGE_TOKEN,
		page.Resume:  faultv1.Reason_REASON_INVALID_RESUME_TOKEN,
		page.Preview: faultv1.Reason_REASON_PREVIEW_TOKEN_INVALID,
	} {
		b := binding()
		b.Purpose = purpose
		good := s.Seal(b, []byte("position"))
		flipped := []byte(good)
		flipped[len(flipped)/2] ^= 1
		for _, token := range []string{"", "!", "AQ", "AA" + good[2:], good + "A", good + "=", string(flipped), string(bytes.Repeat([]byte("A"), page.MaxToken+1))} {
			if _, err := s.Open(b, token); fault.ReasonOf(err) != want {
				t.Errorf("%s %.20q: got %v, want %v", purpose, token, err, want)
			}
		}
	}
}

func TestKeysRotate(t *testing.T) {
	before, during, after := sealer(t, 1), sealer(t, 2, 1), sealer(t, 2)
	old := before.Seal(binding(), []byte("old"))
	if _, err := during.Open(binding(), old); err != nil {
		t.Errorf("during rotation: %v", err)
	}
	if _, err := after.Open(binding(), old); err == nil {
		t.Error("after rotation the old token still opened")
	}
	if _, err := after.Open(binding(), during.Seal(binding(), nil)); err != nil {
		t.Errorf("a token of the new key: %v", err)
	}
	for _, keys := range [][][]byte{nil, {[]byte("short")}, {make([]byte, 32), nil}} {
		if _, err := page.NewSealer(keys...); err == nil {
			t.Errorf("%d keys of wrong size were taken", len(keys))
		}
	}
}

func TestQuery(t *testing.T) {
	sum := func(change func(*articlev1.ListArticlesRequest)) string {
		req := &articlev1.ListArticlesRequest{Parent: "sites/biblioteka", PageSize: 20, Filter: `tag="x"`}
		change(req)
		return string(page.Query(req))
	}
	base := sum(func(*articlev1.ListArticlesRequest) {})
	if len(base) != 32 {
		t.Fatalf("got %d bytes", len(base))
	}
	for name, same := range map[string]string{
		"page size":  sum(func(r *articlev1.ListArticlesRequest) { r.PageSize = 3 }),
		"page token": sum(func(r *articlev1.ListArticlesRequest) { r.PageToken = "x" }),
	} {
		if same != base {
			t.Errorf("%s changed the checksum", name)
		}
	}
	for name, other := range map[string]string{
		"filter":  sum(func(r *articlev1.ListArticlesRequest) { r.Filter = "" }),
		"deleted": sum(func(r *articlev1.ListArticlesRequest) { r.ShowDeleted = true }),
		"parent":  sum(func(r *articlev1.ListArticlesRequest) { r.Parent = "sites/-" }),
	} {
		if other == base {
			t.Errorf("%s did not change the checksum", name)
		}
	}
}

func TestSize(t *testing.T) {
	for _, test := range []struct {
		requested int32
		want      int
	}{{0, 20}, {1, 1}, {100, 100}, {101, 100}, {1 << 30, 100}} {
		if got, err := page.Size(test.requested, 20, 100); got != test.want || err != nil {
			t.Errorf("%d: got %d, %v; want %d", test.requested, got, err, test.want)
		}
	}
	if _, err := page.Size(-1, 20, 100); fault.ReasonOf(err) != faultv1.Reason_REASON_INVALID_FIELD {
		t.Errorf("-1: got %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	s := sealer(f, 1, 2)
	good := s.Seal(binding(), []byte("position"))
	f.Add(good, "author")
	f.Add("", "")
	f.Add("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "author")
	f.Fuzz(func(t *testing.T, token, class string) {
		b := binding()
		b.Class = class
		got, err := s.Open(b, token)
		// Each fuzzing process seals its own good token.
		if (err == nil) != (string(got) == "position" && class == "author") || (token == good && class == "author" && err != nil) {
			t.Errorf("%q for class %q: got %q, %v", token, class, got, err)
		}
	})
}
