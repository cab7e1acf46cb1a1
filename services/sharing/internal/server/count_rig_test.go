package server_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/server"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// counting is a sharing server over a store with one site.
type counting struct {
	tb      testing.TB
	records kv.Store
	store   *store.Store
	gateway sharingv1.SharingServiceClient // may count
	editor  sharingv1.SharingServiceClient // may ask
	follow  store.Following

	operator sharingv1.SharingServiceClient
}

func startCounting(tb testing.TB, kit *testkit.Kit) *counting {
	tb.Helper()
	records, err := boltkv.Open(filepath.Join(tb.TempDir(), "sharing.db"), kv.Options{Format: store.Format(), Heartbeat: time.Hour})
	must(tb, err)
	tb.Cleanup(func() { must(tb, records.Close()) })
	c := &counting{tb: tb, records: records, store: store.New(records), follow: store.Following{Holder: "test"}}
	now := time.Now().UTC()
	must(tb, c.store.Follow(tb.Context(), c.follow.Holder, now))
	must(tb, c.store.CompleteSnapshot(tb.Context(), c.follow, now))
	c.site("Europe/Vilnius")
	c.serve(kit)
	return c
}

// serve starts an instance over the store, which the clients then call.
func (c *counting) serve(kit *testkit.Kit) {
	c.tb.Helper()
	running := kit.Serve(rpc.Config{}, func(r grpc.ServiceRegistrar) {
		sharingv1.RegisterSharingServiceServer(r, server.New(server.Config{Store: store.New(c.records), PublicURI: publicURI}))
	})
	c.gateway = sharingv1.NewSharingServiceClient(running.As(auth.Service))
	c.editor = sharingv1.NewSharingServiceClient(running.As(auth.Editor))
	c.operator = sharingv1.NewSharingServiceClient(running.As(auth.Operator))
}

// site puts the site into a time zone.
func (c *counting) site(zone string) {
	c.tb.Helper()
	site := sharingtest.Site()
	site.TimeZone = zone
	_, err := c.store.LearnSites(c.tb.Context(), []*articlev1.Site{site}, time.Now().UTC())
	must(c.tb, err)
}

// article publishes an article and returns the names of it and of its link.
func (c *counting) article(id string) (article, link string) {
	c.tb.Helper()
	now := time.Now().UTC()
	a := sharingtest.Short()
	a.Name, a.Uid, a.Path = sharingtest.SiteName+"/articles/"+id, uuid.NewString(), "/"+id
	a.PublishTime, a.FirstPublicTime, a.PublishedRevision = timestamppb.New(now), timestamppb.New(now), 1
	name, err := published.ParseName("name", a.GetName())
	must(c.tb, err)
	_, err = c.store.Learn(c.tb.Context(), c.follow, store.Event{Name: name, Article: a}, now)
	must(c.tb, err)
	code, err := c.store.Code(c.tb.Context(), name, a.GetUid())
	must(c.tb, err)
	return a.GetName(), fmt.Sprintf("%s/shareLinks/%s", sharingtest.SiteName, code)
}

// count counts clicks of now.
func (c *counting) count(counts ...*sharingv1.ClickCount) *sharingv1.CountShareClicksResponse {
	c.tb.Helper()
	return c.countAt(time.Now(), counts...)
}

func (c *counting) countAt(at time.Time, counts ...*sharingv1.ClickCount) *sharingv1.CountShareClicksResponse {
	c.tb.Helper()
	response, err := c.gateway.CountShareClicks(c.tb.Context(), &sharingv1.CountShareClicksRequest{
		RequestId: uuid.NewString(), ClickTime: timestamppb.New(at), Counts: counts,
	})
	must(c.tb, err)
	return response
}

// query asks for the statistics of the site.
func (c *counting) query(req *sharingv1.QueryShareStatsRequest) *sharingv1.QueryShareStatsResponse {
	c.tb.Helper()
	req.Site = sharingtest.SiteName
	response, err := c.editor.QueryShareStats(c.tb.Context(), req)
	must(c.tb, err)
	return response
}

// zone returns the time zone of the site.
func (c *counting) zone() *time.Location {
	c.tb.Helper()
	site, err := c.store.Site(c.tb.Context(), "biblioteka")
	must(c.tb, err)
	return published.Site{Resource: site}.Location()
}
