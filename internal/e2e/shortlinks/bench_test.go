package shortlinks_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/auth"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// BenchmarkOpen opens 100,000 links, at random, through the gateway from 16 clients, with
// counting, its log in a file, and the sharing service folding the counts in the
// same process; in turns with a bare net/http server that redirects. The clients
// do as little as they can. It checks that every opening was counted.
func BenchmarkOpen(b *testing.B) {
	const turn = 3 * time.Second
	links := 100_000
	if testing.Short() {
		links = 2_000
	}
	log, err := os.Create(filepath.Join(b.TempDir(), "gateway.log"))
	must(b, err)
	defer log.Close()
	r := newRig(b, links)
	list := requests(r.codes(), links)
	r.startGateway(log)
	bare := serveBare(b)
	load(b, bare, list, turn/2)
	opened, _ := load(b, r.gateway, list, turn/2)
	var ours, theirs, oursTook, theirsTook float64
	for b.Loop() {
		n, took := load(b, bare, list, turn)
		theirs, theirsTook = theirs+float64(n), theirsTook+took.Seconds()
		n, took = load(b, r.gateway, list, turn)
		ours, oursTook = ours+float64(n), oursTook+took.Seconds()
		opened += n
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(theirs/theirsTook, "bare/s")
	b.ReportMetric(ours/oursTook, "opened/s")
	b.ReportMetric((ours/oursTook)/(theirs/theirsTook), "ratio")
	r.stop["gateway"]()
	if got := r.counted(); got > int64(opened) || got < int64(opened)-untold {
		b.Errorf("%d openings are counted, want %d", got, opened)
	}
}

// untold is how many clicks of machines may be left out, as fewer than 5.
const untold = 4

// counted returns how many openings the sharing service knows of.
func (r *rig) counted() int64 {
	r.tb.Helper()
	stats, err := r.as(auth.Operator).QueryShareStats(r.tb.Context(), &sharingv1.QueryShareStatsRequest{Site: siteName})
	must(r.tb, err)
	return stats.GetTotal().GetPeopleCount() + stats.GetTotal().GetMachineCount()
}
