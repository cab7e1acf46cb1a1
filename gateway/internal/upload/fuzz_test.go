package upload

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"unicode/utf8"

	"github.com/skaitykla/skaitykla/internal/fault"
)

// FuzzHeaders reads hostile headers of the tus protocol and of RFC 9530: they
// give an error that says what to do, or texts that a record can hold.
func FuzzHeaders(f *testing.F) {
	for _, seed := range [][3]string{
		{"filename YS5qcGc=,credit T25h", "10", "sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:"},
		{"credit", "-1", "sha-256=:AAAA:"},
		{", ,", "9223372036854775808", "sha-256=AAAA"},
		{"credit /w==", "+1", ";;,=::"},
		{"tags LCws,duplicatePolicy WA==", "1e9", "sha-256=:=:"},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, meta, length, sum string) {
		r := httptest.NewRequest(http.MethodPost, "/upload/v1/sites/abc/photos/tus", http.NoBody)
		r.SetPathValue("site", "abc")
		r.Header = http.Header{headerMetadata: {meta}, headerLength: {length}, "Repr-Digest": {sum}}
		if n, err := number(r, headerLength); (err == nil && n < 0) || (err != nil && !typed(err)) {
			t.Errorf("length %q is %d, %v", length, n, err)
		}
		if hash, err := digest(r); (err == nil && len(hash) != 0 && len(hash) != 64) || (err != nil && !typed(err)) {
			t.Errorf("digest %q is %q, %v", sum, hash, err)
		}
		d, err := metadata(r)
		if err != nil {
			if !typed(err) {
				t.Errorf("metadata %q fails with %v", meta, err)
			}
			return
		}
		texts := append([]string{d.GetPhoto().GetCredit(), d.GetPhoto().GetFilename(), d.GetPhotoId(), d.GetSha256()}, d.GetPhoto().GetTags()...)
		for _, text := range texts {
			if !utf8.ValidString(text) {
				t.Errorf("metadata %q gives %q, which is not text", meta, text)
			}
		}
	})
}

// typed reports whether the caller learns what to do.
func typed(err error) bool {
	_, ok := fault.Of(err)
	return ok
}
