package server_test

import (
	"context"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/server"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

// nothingPublic is an article service of which readers see nothing.
type nothingPublic struct{ err error }

func (n nothingPublic) Article(context.Context, string) (published.Article, error) {
	return published.Article{}, n.err
}

// TestWhatIsNotPublic says of an article that readers do not see whether they
// saw it once, and what can be done.
func TestWhatIsNotPublic(t *testing.T) {
	s := startLinks(t)
	s.publish(t, piece("atsauktas"))
	s.withdraw(t, piece("atsauktas"))
	s.publish(t, piece("ka-tik"))
	gone, missing := faultv1.Reason_REASON_RESOURCE_GONE, faultv1.Reason_REASON_RESOURCE_NOT_FOUND
	tests := []struct {
		name, article string
		err           error
		reason        faultv1.Reason
		text          string
	}{
		{"withdrawn", "atsauktas", fault.NotFound("a"), gone, "was withdrawn; publish it again"},
		{"withdrawn without a word yet", "ka-tik", fault.NotFound("a"), gone, "was withdrawn; publish it again"},
		{"a draft, or none", "juodrastis", fault.NotFound("a"), missing, "is not published, or there is none"},
		{"not a name", "Ne Vardas", fault.NotFound("a"), missing, "is not published, or there is none"},
		{
			"away", "atsauktas", fault.New(faultv1.Reason_REASON_SERVICE_UNAVAILABLE, "away"),
			faultv1.Reason_REASON_SERVICE_UNAVAILABLE, "away",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			sharing := server.New(server.Config{Reader: nothingPublic{test.err}, Cards: noCards{}, Store: s.store})
			name := sharingtest.SiteName + "/articles/" + test.article
			for method, call := range map[string]func(context.Context) error{
				"ComposeShareSheet": func(ctx context.Context) error {
					_, err := sharing.ComposeShareSheet(ctx, &sharingv1.ComposeShareSheetRequest{Article: name})
					return err
				},
				"RenderPreview": func(ctx context.Context) error {
					_, err := sharing.RenderPreview(ctx, &sharingv1.RenderPreviewRequest{Article: name})
					return err
				},
				"CheckPreview": func(ctx context.Context) error {
					_, err := sharing.CheckPreview(ctx, &sharingv1.CheckPreviewRequest{Article: name})
					return err
				},
				"RenderPrintSheet": func(ctx context.Context) error {
					_, err := sharing.RenderPrintSheet(ctx, &sharingv1.RenderPrintSheetRequest{Article: name})
					return err
				},
			} {
				e := testkit.WantReason(t, call(t.Context()), test.reason)
				if !strings.Contains(e.Message, test.text) {
					t.Errorf("%s says %q, want %q", method, e.Message, test.text)
				}
			}
		})
	}
}
