package usage_test

import (
	"testing"
	"testing/synctest"
	"time"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// The article service thins revisions without a word; a while after a save
// they are asked for.
func TestThinnedRevisionsLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.upload(t, "one", "two")
		stop := r.follow(t)
		heartbeat := &articlev1.WatchArticlesResponse{Kind: articlev1.WatchArticlesResponse_KIND_HEARTBEAT, ResumeToken: "beat"}
		r.session(t, "", away(), snapshot(article("aaa", 1, 0, "one")), end("t1"), updated(article("aaa", 2, 0, "one"), "t2"),
			updated(article("aaa", 3, 0, "two"), "t3"))
		r.come(t, "t3")
		r.feed.keep(article("aaa", 3, 0, "two"))
		stop()
		<-time.After(7 * 24 * time.Hour)
		stop = r.follow(t)
		r.session(t, "t3", away(), heartbeat, updated(article("bbb", 1, 0, "one"), "t4"))
		r.come(t, "t4")
		r.want(t, "one", mediav1.Photo_USAGE_WORKING, used("aaa", false, false, 2), used("bbb", false, true, 1))
		stop()
		<-time.After(2 * 24 * time.Hour)
		r.follow(t)
		r.session(t, "t4", away(), heartbeat, gone("bbb", "t5"))
		r.come(t, "t5")
		r.want(t, "one", mediav1.Photo_USAGE_UNSPECIFIED)
		r.want(t, "two", mediav1.Photo_USAGE_WORKING, used("aaa", false, true, 1))
	})
}

// Of two instances over one store the one that started last follows; the other
// goes on when it has left.
func TestOneFollows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := newRig(t)
		first.upload(t, "one")
		first.follow(t)
		first.session(t, "", away(), snapshot(article("aaa", 1, 1, "one")), end("t1"))
		first.come(t, "t1")

		second := &rig{store: first.store}
		second.serve(t)
		leave := second.follow(t)
		second.session(t, "t1", away(), updated(article("aaa", 2, 2, "one"), "t2"))
		second.come(t, "t2")
		// What the first one hears too late does not count.
		first.play(away(), updated(article("aaa", 2, 1, "one"), "t1b"), updated(article("aaa", 3, 0), "t1c"))
		synctest.Wait()
		first.want(t, "one", mediav1.Photo_USAGE_PUBLISHED, used("aaa", true, true, 2))

		second.play(away(), updated(article("aaa", 3, 2, "one"), "t3"))
		second.come(t, "t3")
		leave()
		first.session(t, "t3", away(), updated(article("aaa", 4, 2), "t4"))
		first.come(t, "t4")
		first.want(t, "one", mediav1.Photo_USAGE_PUBLISHED, used("aaa", true, false, 3))
	})
}
