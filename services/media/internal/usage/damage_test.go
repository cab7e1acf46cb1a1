package usage_test

import (
	"testing"
	"testing/synctest"

	"github.com/skaitykla/skaitykla/internal/kv"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// A row that cannot be read holds up its own article and no other.
func TestDamagedRowHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.upload(t, "one", "two")
		_, err := r.records.Update(t.Context(), func(tx kv.Tx) error {
			return tx.Put([]byte("ul/"+article("aaa", 1, 1).GetName()), []byte{0xff})
		})
		must(t, err)
		r.follow(t)
		r.session(t, "", away(), snapshot(article("aaa", 1, 1, "one")), snapshot(article("bbb", 1, 1, "two")), end("t1"))
		r.come(t, "t1")
		r.play(away(), updated(article("aaa", 2, 2, "one"), "t2"), updated(article("bbb", 2, 1), "t3"))
		r.come(t, "t3")
		r.want(t, "one", mediav1.Photo_USAGE_UNSPECIFIED)
		r.want(t, "two", mediav1.Photo_USAGE_PUBLISHED, used("bbb", true, false, 1))
	})
}
