package permissions_test

import (
	"context"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// statsRows is the part of the table about counts.
func statsRows() []row {
	return []row{
		{"CountShareClicks", "", nil, "tddddyyd", countShareClicks},
		{"QueryShareStats", "", nil, "tyyyyydd", queryShareStats},
	}
}

func countShareClicks(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
	_, err := c.sharing.CountShareClicks(ctx, &sharingv1.CountShareClicksRequest{
		RequestId: uuid.NewString(), ClickTime: timestamppb.Now(),
		Counts: []*sharingv1.ClickCount{{ShareLink: library + "/shareLinks/nobodys-words", ClickCount: 1}},
	})
	return err
}

func queryShareStats(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
	_, err := c.sharing.QueryShareStats(ctx, &sharingv1.QueryShareStatsRequest{Site: library})
	return err
}
