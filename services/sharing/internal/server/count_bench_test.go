package server_test

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/testkit"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

// BenchmarkCountShareClicks counts 5,000 clicks on different links of 100,000 at
// a time, through the production chain, and folds after every 60 batches. The
// baseline only sends the same bytes through the same chain: a request that is
// refused because its click_time is out of range.
func BenchmarkCountShareClicks(b *testing.B) {
	const links, perBatch = 100_000, 5000
	c := startCounting(b, testkit.Quiet(b))
	for begin := 0; begin < links; begin += kv.MaxKeys {
		_, err := c.records.Update(b.Context(), func(tx kv.Tx) error {
			for i := begin; i < min(begin+kv.MaxKeys, links); i++ {
				id := fmt.Sprintf("%08x", i)
				data, err := proto.Marshal(&recordv1.Link{
					Id: id, Uid: uuid.NewString(), Site: "biblioteka", Article: "article-" + id, ArticleUid: uuid.NewString(), Kind: 1,
					CreateTime: timestamppb.Now(),
				})
				if err != nil {
					return err
				}
				if err := tx.Put([]byte("link/"+id), data); err != nil {
					return err
				}
			}
			return nil
		})
		must(b, err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	batch := func(at time.Time) *sharingv1.CountShareClicksRequest {
		req := &sharingv1.CountShareClicksRequest{RequestId: uuid.NewString(), ClickTime: timestamppb.New(at)}
		for range perBatch {
			req.Counts = append(req.Counts, &sharingv1.ClickCount{
				ShareLink: fmt.Sprintf("%s/shareLinks/%08x", sharingtest.SiteName, random.IntN(links)), Source: sharingv1.ShareSource(random.Int32N(4)),
				DeviceClass: sharingv1.DeviceClass(1 + random.Int32N(2)), ReferrerClass: sharingv1.ReferrerClass(1 + random.Int32N(3)), ClickCount: 1,
			})
		}
		return req
	}
	for _, test := range []struct {
		name  string
		age   time.Duration
		folds bool
	}{{"refused", 48 * time.Hour, false}, {"counted", 0, true}} {
		b.Run(test.name, func(b *testing.B) {
			reqs := make([]*sharingv1.CountShareClicksRequest, 60)
			for n := range reqs {
				reqs[n] = batch(time.Now().Add(-test.age))
			}
			begun := processor(b)
			for n := 0; b.Loop(); n++ {
				req := reqs[n%len(reqs)]
				req.RequestId = uuid.NewString()
				_, err := c.gateway.CountShareClicks(b.Context(), req)
				if test.folds != (err == nil) {
					b.Fatal(err)
				}
				if test.folds && n%60 == 59 {
					_, err := c.store.Fold(b.Context())
					must(b, err)
				}
			}
			b.ReportMetric((processor(b)-begun)/float64(b.N*perBatch), "cpu-ns/click")
		})
	}
}

// processor returns the processor time that the process has used, in ns.
func processor(b *testing.B) float64 {
	b.Helper()
	var used syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return float64(used.Utime.Nano() + used.Stime.Nano())
}
