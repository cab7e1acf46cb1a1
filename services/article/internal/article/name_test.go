package article_test

import (
	"testing"

	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

func FuzzParseName(f *testing.F) {
	for _, s := range []string{"sites/biblioteka/articles/pirma", "sites//articles/", "sites/a/articles/b", "sites/-/articles/x", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := article.ParseName("name", s)
		if err == nil && n.String() != s {
			t.Errorf("%q became %q", s, n)
		}
		if err == nil && (!article.ValidID(n.Site) || !article.ValidID(n.ID)) {
			t.Errorf("%q was taken", s)
		}
	})
}
