package cli

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

func TestPrintStats(t *testing.T) {
	var out bytes.Buffer
	err := printStats(&out, &sharingv1.QueryShareStatsResponse{
		StartDate: "2026-11-01", EndDate: "2026-11-30", Truncated: true,
		Rows: []*sharingv1.ShareStatsRow{
			{
				StartDate: "2026-11-01", Source: sharingv1.ShareSource_SHARE_SOURCE_FACEBOOK,
				PeopleCount: new(int64(120)), MachineCount: new(int64(7)),
			},
			{Article: "sites/b/articles/muge", MachineReason: sharingv1.MachineReason_MACHINE_REASON_MAIL_SCANNER, MachineCount: new(int64(9))},
		},
		Total:     &sharingv1.ShareStatsRow{PeopleCount: new(int64(125))},
		Remainder: &sharingv1.ShareStatsRow{PeopleCount: new(int64(5))},
	})
	want := []string{
		"120 7 2026-11-01 facebook", "<5 9 muge mail scanner", "5 - too few of a kind to tell apart",
		"125 <5 total 2026-11-01 to 2026-11-30", "there are more rows; ask for less time",
	}
	if diff := cmp.Diff(want, fieldsOf(out.String())); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestDimensionsOf(t *testing.T) {
	got, err := dimensionsOf([]string{"month", "Link"})
	want := []sharingv1.ShareStatsDimension{
		sharingv1.ShareStatsDimension_SHARE_STATS_DIMENSION_MONTH, sharingv1.ShareStatsDimension_SHARE_STATS_DIMENSION_SHARE_LINK,
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, word := range []string{"", "unspecified", "hour", "SHARE_STATS_DIMENSION_DAY"} {
		if got, err := dimensionsOf([]string{word}); err == nil {
			t.Errorf("--by %q is %v", word, got)
		}
	}
}

func TestDimensionsOfMany(t *testing.T) {
	if got, err := dimensionsOf([]string{"day", "article", "source"}); err == nil || !strings.Contains(err.Error(), "--by") {
		t.Errorf("three parts are %v, %v", got, err)
	}
}

func TestCheckDay(t *testing.T) {
	for text, good := range map[string]bool{
		"": true, "2026-11-01": true, "2028-02-29": true,
		"yesterday": false, "2026-02-29": false, "2026-11": false, "1.11.2026": false, "2026-11-01T00:00:00Z": false,
	} {
		if err := checkDay("--from", text); (err == nil) != good {
			t.Errorf("%q: %v", text, err)
		} else if err != nil && !strings.HasPrefix(err.Error(), "--from "+text) {
			t.Errorf("%q: %v does not name the flag", text, err)
		}
	}
}
