package auth_test

import (
	"testing"

	"github.com/skaitykla/skaitykla/internal/auth"
)

func FuzzVerify(f *testing.F) {
	in := install(f)
	tokens := in.open(f)
	good := issue(f, in.issuer).Text
	f.Add("a.b.c")
	f.Add("eyJhbGciOiJFZERTQSIsImtpZCI6IngifQ.eyJzdWIiOiJ4In0.AAAA")
	f.Add(good)
	f.Fuzz(func(t *testing.T, token string) {
		p, err := tokens.Verify(t.Context(), token)
		if token != good && (err == nil || !p.Anonymous()) {
			t.Errorf("%q was taken for %v", token, p)
		}
	})
}

func BenchmarkGrant(b *testing.B) {
	p := ona()
	for b.Loop() {
		if p.Grant(auth.ArticlePublish, "sites/biblioteka") != auth.All {
			b.Fatal("denied")
		}
	}
}

func BenchmarkVerifyRemembered(b *testing.B) {
	in := install(b)
	tokens := in.open(b)
	token := issue(b, in.issuer)
	for b.Loop() {
		if _, err := tokens.Verify(b.Context(), token.Text); err != nil {
			b.Fatal(err)
		}
	}
}
