package sharing_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/host"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/shortcode"
	"github.com/skaitykla/skaitykla/internal/testkit"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

// TestLinksWithoutArticles opens links of a sharing service that was started
// while the article service is away.
func TestLinksWithoutArticles(t *testing.T) {
	file := "bolt://" + filepath.Join(t.TempDir(), "sharing.db")
	upstream := listen(t)
	serveArticles(t, upstream)
	client, stop := openSharing(t, file, upstream.Addr().String())
	name := "sites/-/shareLinks/" + awaitCode(t, client)
	for leads(t, client, name) != address { // until the site is known, too
		<-time.After(5 * time.Millisecond)
	}
	stop()
	client, _ = openSharing(t, file, "127.0.0.1:1") // nobody is there
	if got := leads(t, client, name); got != address {
		t.Errorf("%s leads to %q, want %q", name, got, address)
	}
}

// openSharing runs the service on a store.
func openSharing(t *testing.T, file, articles string) (client sharingv1.SharingServiceClient, stop func()) {
	t.Helper()
	listener := listen(t)
	cancel := background(t, func(ctx context.Context) error {
		return sharing.Run(ctx, sharing.Config{
			Store: file, ArticleAddress: articles, ArticleTimeout: 5 * time.Second, MaxWatchers: 10,
			MediaAddress: "127.0.0.1:1", MediaTimeout: time.Second,
			Config: host.Config{Log: testkit.Log(t), Listener: listener},
		})
	})
	conn, err := rpc.Dial(rpc.Target{Address: listener.Addr().String()})
	must(t, err)
	t.Cleanup(func() { must(t, conn.Close()) })
	return sharingv1.NewSharingServiceClient(conn), cancel
}

// awaitCode waits until the article of the feed has its code, which its share
// sheet tells.
func awaitCode(t *testing.T, client sharingv1.SharingServiceClient) string {
	t.Helper()
	for ctx := t.Context(); ; {
		sheet, err := client.ComposeShareSheet(ctx, &sharingv1.ComposeShareSheetRequest{Article: sharingtest.ArticleName}, grpc.WaitForReady(true))
		must(t, err)
		if link := sheet.GetShareLink(); link != "" {
			code := link[len(link)-shortcode.Length:]
			if !shortcode.Valid(code) {
				t.Fatalf("the share link %s has no code", link)
			}
			return code
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			t.Fatal(ctx.Err())
		}
	}
}

// address is where the article of the feed stands.
const address = "https://naujienos.biblioteka.lt/stazuote-danijos-bibliotekose"

// leads returns where a link leads.
func leads(t *testing.T, client sharingv1.SharingServiceClient, name string) string {
	t.Helper()
	answer, err := client.ResolveShareLink(t.Context(), &sharingv1.ResolveShareLinkRequest{Name: name}, grpc.WaitForReady(true))
	must(t, err)
	return answer.GetUri()
}
