package store_test

import (
	"testing"

	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// TestCountable asks twice about every link, since codes are remembered and words
// are not: words that are deleted meanwhile are counted no more, and a code of
// one site is none of another.
func TestCountable(t *testing.T) {
	s, _ := open(t)
	a, b := piece("vienas", noon), piece("kitas", noon)
	learn(t, s, a)
	learn(t, s, b)
	link, err := s.AddWords(t.Context(), words("knygu-muge", "vienas"), request("", ""), noon)
	must(t, err)
	site := link.Name().Site
	ids := []string{codeOf(t, s, a), "knygu-muge", "knygu-muge", "nera-tokio", "aaaaaaaa", codeOf(t, s, b), ""}
	countable := func(what, site string, wanted ...bool) {
		t.Helper()
		for range 2 {
			found, err := s.Countable(t.Context(), site, ids)
			must(t, err)
			want(t, what, found, wanted)
		}
	}
	countable("links", site, true, true, true, false, false, true, false)
	countable("of another site", "kita", false, false, false, false, false, false, false)
	_, err = s.Retire(t.Context(), store.Retirement{Name: link.Name(), Etag: link.Etag(), Principal: "jonas", Request: request("", "")}, noon)
	must(t, err)
	countable("after words were deleted", site, true, false, false, false, false, true, false)
}
