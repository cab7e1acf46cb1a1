package server_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

// people are clicks of people from one source.
func people(link string, n int64, source sharingv1.ShareSource) *sharingv1.ClickCount {
	return &sharingv1.ClickCount{
		ShareLink: link, Source: source, DeviceClass: sharingv1.DeviceClass_DEVICE_CLASS_MOBILE,
		ReferrerClass: sharingv1.ReferrerClass_REFERRER_CLASS_DIRECT, ClickCount: n,
	}
}

func machines(link string, n int64, reason sharingv1.MachineReason) *sharingv1.ClickCount {
	return &sharingv1.ClickCount{ShareLink: link, MachineReason: reason, ClickCount: n}
}

const (
	facebook = sharingv1.ShareSource_SHARE_SOURCE_FACEBOOK
	poster   = sharingv1.ShareSource_SHARE_SOURCE_QR
	robot    = sharingv1.MachineReason_MACHINE_REASON_ROBOT
	head     = sharingv1.MachineReason_MACHINE_REASON_HEAD

	byDay     = sharingv1.ShareStatsDimension_SHARE_STATS_DIMENSION_DAY
	byWeek    = sharingv1.ShareStatsDimension_SHARE_STATS_DIMENSION_WEEK
	byMonth   = sharingv1.ShareStatsDimension_SHARE_STATS_DIMENSION_MONTH
	byArticle = sharingv1.ShareStatsDimension_SHARE_STATS_DIMENSION_ARTICLE
	byLink    = sharingv1.ShareStatsDimension_SHARE_STATS_DIMENSION_SHARE_LINK
	bySource  = sharingv1.ShareStatsDimension_SHARE_STATS_DIMENSION_SOURCE
	byDevice  = sharingv1.ShareStatsDimension_SHARE_STATS_DIMENSION_DEVICE_CLASS
	byReason  = sharingv1.ShareStatsDimension_SHARE_STATS_DIMENSION_MACHINE_REASON
)

// TestShareStats counts clicks on links of two articles and asks for them in
// many ways.
func TestShareStats(t *testing.T) {
	c := startCounting(t, testkit.New(t))
	article, link := c.article("viena")
	other, otherLink := c.article("kita")
	c.count(
		people(link, 7, facebook), people(link, 2, poster), machines(link, 12, robot), machines(link, 3, head),
		people(otherLink, 4, facebook), machines(otherLink, 6, robot),
	)
	today := time.Now().In(c.zone()).Format(time.DateOnly)
	n := func(n int64) *int64 { return &n }
	tests := []struct {
		name  string
		req   *sharingv1.QueryShareStatsRequest
		total *sharingv1.ShareStatsRow
		want  []*sharingv1.ShareStatsRow
	}{
		{
			"all", &sharingv1.QueryShareStatsRequest{},
			&sharingv1.ShareStatsRow{PeopleCount: n(12), MachineCount: n(18)}, nil,
		},
		{
			"today by source", &sharingv1.QueryShareStatsRequest{Dimensions: dimensions(byDay, bySource), StartDate: today, EndDate: today},
			&sharingv1.ShareStatsRow{PeopleCount: n(12), MachineCount: n(18)},
			[]*sharingv1.ShareStatsRow{
				{StartDate: today, Source: facebook, PeopleCount: n(7), Suppressed: true},
				{StartDate: today, MachineCount: n(18), Suppressed: true},
			},
		},
		{
			"by article", &sharingv1.QueryShareStatsRequest{Dimensions: dimensions(byArticle)},
			&sharingv1.ShareStatsRow{PeopleCount: n(12), MachineCount: n(18)},
			[]*sharingv1.ShareStatsRow{
				{Article: article, PeopleCount: n(7), MachineCount: n(12)},
				{Article: other, MachineCount: n(6), Suppressed: true},
			},
		},
		{
			"by link and reason", &sharingv1.QueryShareStatsRequest{Dimensions: dimensions(byLink, byReason)},
			&sharingv1.ShareStatsRow{PeopleCount: n(12), MachineCount: n(18)},
			[]*sharingv1.ShareStatsRow{
				{ShareLink: link, MachineReason: robot, MachineCount: n(12)},
				{ShareLink: otherLink, MachineReason: robot, MachineCount: n(6)},
			},
		},
		{
			"an article by device", &sharingv1.QueryShareStatsRequest{Dimensions: dimensions(byDevice), Article: article},
			&sharingv1.ShareStatsRow{PeopleCount: n(7), MachineCount: n(12)},
			[]*sharingv1.ShareStatsRow{{DeviceClass: sharingv1.DeviceClass_DEVICE_CLASS_MOBILE, PeopleCount: n(7)}},
		},
		{
			"a link with few people", &sharingv1.QueryShareStatsRequest{ShareLink: otherLink},
			&sharingv1.ShareStatsRow{MachineCount: n(6), Suppressed: true}, nil,
		},
	}
	for _, folded := range []bool{false, true} {
		if folded {
			if did, err := c.store.Fold(t.Context()); err != nil || !did {
				t.Fatalf("Fold() = %v, %v", did, err)
			}
		}
		for _, test := range tests {
			got := c.query(test.req)
			if diff := cmp.Diff(test.want, got.GetRows(), protocmp.Transform()); diff != "" || got.GetTruncated() {
				t.Errorf("%s, folded %v (-want +got):\n%s", test.name, folded, diff)
			}
			if diff := cmp.Diff(test.total, got.GetTotal(), protocmp.Transform()); diff != "" {
				t.Errorf("%s, folded %v, total (-want +got):\n%s", test.name, folded, diff)
			}
		}
		wantLinkCounts(t, c, link, 7, 12)
		wantLinkCounts(t, c, otherLink, 0, 6)
	}
}

func dimensions(all ...sharingv1.ShareStatsDimension) []sharingv1.ShareStatsDimension { return all }

// wantLinkCounts asks for the counts that a link shows, alone and in the list.
func wantLinkCounts(t *testing.T, c *counting, name string, people, machines int64) {
	t.Helper()
	one, err := c.editor.GetShareLink(t.Context(), &sharingv1.GetShareLinkRequest{Name: name})
	must(t, err)
	list, err := c.editor.ListShareLinks(t.Context(), &sharingv1.ListShareLinksRequest{Parent: sharingtest.SiteName})
	must(t, err)
	for _, link := range append(list.GetShareLinks(), one) {
		if link.GetName() != name {
			continue
		}
		if link.GetPeopleCount() != people || link.GetMachineCount() != machines || (link.PeopleCount == nil) != (people == 0) {
			t.Errorf("%s was opened by %v people and %v machines, want %d and %d", name, link.PeopleCount, link.MachineCount, people, machines)
		}
	}
}

// TestCountUnknown counts clicks on links that are not there among some that are.
func TestCountUnknown(t *testing.T) {
	c := startCounting(t, testkit.New(t))
	article, link := c.article("viena")
	words, err := c.editor.CreateShareLink(t.Context(), &sharingv1.CreateShareLinkRequest{
		Parent: sharingtest.SiteName, ShareLinkId: "knygu-muge", ShareLink: &sharingv1.ShareLink{Article: article},
	})
	must(t, err)
	c.count(people(words.GetName(), 6, poster))
	_, err = c.editor.DeleteShareLink(t.Context(), &sharingv1.DeleteShareLinkRequest{Name: words.GetName(), Etag: words.GetEtag()})
	must(t, err)
	response := c.count(
		people(words.GetName(), 100, poster), people(link, 8, facebook), people("sites/kita-biblioteka/shareLinks/"+link[len(link)-8:], 20, facebook),
		people(sharingtest.SiteName+"/shareLinks/nera-tokio", 3, facebook),
	)
	if response.GetUnknownCount() != 123 {
		t.Errorf("%d clicks were on links that are not there, want 123", response.GetUnknownCount())
	}
	if total := c.query(&sharingv1.QueryShareStatsRequest{}).GetTotal(); total.GetPeopleCount() != 14 {
		t.Errorf("%d people were counted, want 14", total.GetPeopleCount())
	}
}

// TestCountOnce sends batches again: as they were, later, and changed.
func TestCountOnce(t *testing.T) {
	c := startCounting(t, testkit.New(t))
	_, link := c.article("viena")
	req := &sharingv1.CountShareClicksRequest{
		RequestId: uuid.NewString(), ClickTime: timestamppb.Now(), Counts: []*sharingv1.ClickCount{people(link, 9, facebook)},
	}
	for range 3 {
		_, err := c.gateway.CountShareClicks(t.Context(), req)
		must(t, err)
		_, err = c.store.Fold(t.Context())
		must(t, err)
	}
	req.Counts[0].ClickCount = 10
	_, err := c.gateway.CountShareClicks(t.Context(), req)
	testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_REQUEST_ID_REUSED)
	if total := c.query(&sharingv1.QueryShareStatsRequest{}).GetTotal(); total.GetPeopleCount() != 9 {
		t.Errorf("%d people were counted, want 9", total.GetPeopleCount())
	}
	for _, age := range []time.Duration{25 * time.Hour, -25 * time.Hour} {
		_, err = c.gateway.CountShareClicks(t.Context(), &sharingv1.CountShareClicksRequest{
			RequestId: uuid.NewString(), ClickTime: timestamppb.New(time.Now().Add(-age)), Counts: req.GetCounts(),
		})
		testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
	}
}

// TestCountAhead has gateways whose clocks are ahead: their clicks are of today,
// and a batch that comes twice counts once.
func TestCountAhead(t *testing.T) {
	c := startCounting(t, testkit.New(t))
	_, link := c.article("viena")
	for _, ahead := range []time.Duration{time.Second, 6 * time.Minute, 3 * time.Hour, 23 * time.Hour} {
		req := &sharingv1.CountShareClicksRequest{
			RequestId: uuid.NewString(), ClickTime: timestamppb.New(time.Now().Add(ahead)), Counts: []*sharingv1.ClickCount{people(link, 6, facebook)},
		}
		for range 2 {
			_, err := c.gateway.CountShareClicks(t.Context(), req)
			must(t, err)
			_, err = c.store.Fold(t.Context())
			must(t, err)
		}
	}
	today := time.Now().In(c.zone()).Format(time.DateOnly)
	rows := c.query(&sharingv1.QueryShareStatsRequest{Dimensions: dimensions(byDay)}).GetRows()
	if len(rows) != 1 || rows[0].GetStartDate() != today || rows[0].GetPeopleCount() != 24 {
		t.Errorf("counted %v, want 24 people today, %s", rows, today)
	}
}

// TestCountDay counts the same instants in zones where they are of other days.
func TestCountDay(t *testing.T) {
	for _, zone := range []string{"Europe/Vilnius", "Pacific/Kiritimati", "Pacific/Midway", "America/St_Johns"} {
		c := startCounting(t, testkit.New(t))
		c.site(zone)
		_, link := c.article("viena")
		now := time.Now()
		want := make(map[string]int64)
		for hours := range 24 {
			at := now.Add(-time.Duration(hours) * time.Hour)
			c.countAt(at, people(link, 6, facebook))
			want[at.In(c.zone()).Format(time.DateOnly)] += 6
		}
		got := make(map[string]int64)
		for _, row := range c.query(&sharingv1.QueryShareStatsRequest{Dimensions: dimensions(byDay)}).GetRows() {
			got[row.GetStartDate()] = row.GetPeopleCount()
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", zone, diff)
		}
	}
}

func TestQueryShareStatsRefuses(t *testing.T) {
	c := startCounting(t, testkit.New(t))
	article, link := c.article("viena")
	tomorrow := time.Now().In(c.zone()).AddDate(0, 0, 1).Format(time.DateOnly)
	tests := []struct {
		name string
		req  *sharingv1.QueryShareStatsRequest
	}{
		{"no day", &sharingv1.QueryShareStatsRequest{StartDate: "2026-02-30"}},
		{"backwards", &sharingv1.QueryShareStatsRequest{StartDate: "2026-11-02", EndDate: "2026-11-01"}},
		{"tomorrow", &sharingv1.QueryShareStatsRequest{EndDate: tomorrow}},
		{"sixteen years", &sharingv1.QueryShareStatsRequest{StartDate: "2010-01-01", EndDate: "2026-01-31"}},
		{"days and weeks", &sharingv1.QueryShareStatsRequest{Dimensions: dimensions(byDay, byWeek)}},
		{"months twice", &sharingv1.QueryShareStatsRequest{Dimensions: dimensions(byMonth, byMonth)}},
		{"reason and device", &sharingv1.QueryShareStatsRequest{Dimensions: dimensions(byReason, byDevice)}},
		{"three dimensions", &sharingv1.QueryShareStatsRequest{Dimensions: dimensions(byDay, bySource, byLink)}},
		{"nothing for a dimension", &sharingv1.QueryShareStatsRequest{Dimensions: dimensions(0)}},
		{"an article of another site", &sharingv1.QueryShareStatsRequest{Article: "sites/kita-biblioteka/articles/viena"}},
		{"a link of another site", &sharingv1.QueryShareStatsRequest{ShareLink: "sites/kita-biblioteka/shareLinks/knygu-muge"}},
		{"article and link", &sharingv1.QueryShareStatsRequest{Article: article, ShareLink: link}},
	}
	for _, test := range tests {
		test.req.Site = sharingtest.SiteName
		_, err := c.operator.QueryShareStats(t.Context(), test.req) // who may read all sites
		if err == nil {
			t.Errorf("%s is answered", test.name)
			continue
		}
		testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
	}
	for _, req := range []*sharingv1.QueryShareStatsRequest{
		{ShareLink: sharingtest.SiteName + "/shareLinks/nera-tokio"}, {Article: sharingtest.SiteName + "/articles/nera"},
	} {
		req.Site = sharingtest.SiteName
		_, err := c.editor.QueryShareStats(t.Context(), req)
		testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	}
}

// TestRemainder tells together what is too little to be told by kind, so that
// rows and remainder make the total.
func TestRemainder(t *testing.T) {
	c := startCounting(t, testkit.New(t))
	_, link := c.article("viena")
	const prefetch, tool = sharingv1.MachineReason_MACHINE_REASON_PREFETCH, sharingv1.MachineReason_MACHINE_REASON_TOOL
	c.count(machines(link, 12, robot), machines(link, 3, head), machines(link, 3, prefetch), machines(link, 2, tool), people(link, 6, facebook))
	tests := []struct {
		name string
		by   []sharingv1.ShareStatsDimension
		want *sharingv1.ShareStatsRow
	}{
		{"in all", nil, nil},
		{"by reason", dimensions(byReason), &sharingv1.ShareStatsRow{MachineCount: new(int64(5))}},
		{"by reason and link", dimensions(byReason, byLink), &sharingv1.ShareStatsRow{MachineCount: new(int64(5))}},
		{"by device", dimensions(byDevice), nil},
		{"by day", dimensions(byDay), nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := c.query(&sharingv1.QueryShareStatsRequest{Dimensions: test.by})
			if diff := cmp.Diff(test.want, got.GetRemainder(), protocmp.Transform()); diff != "" || got.GetTotal().GetMachineCount() != 17 {
				t.Errorf("of %d machines (-want +got):\n%s", got.GetTotal().GetMachineCount(), diff)
			}
		})
	}
}
