package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/internal/e2e"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

const (
	pageTitle = "Stažuotė Danijos bibliotekose"
	pageSlug  = "stazuote-danijos-bibliotekose"
)

// TestMainJob takes the first real article from a folder to a page that people
// can share.
func TestMainJob(t *testing.T) {
	dir := shared(t)
	suite := e2e.Start(t, program, t.TempDir())
	createSite(t, suite)

	output, exit := suite.Run(t, "import", dir, "--publish")
	if exit == 0 {
		t.Fatalf("importing junk alternative texts with --publish succeeded:\n%s", output)
	}
	for _, junk := range []string{"fgj", "hblkb", "hjl", "zbg", "agf", "asf"} {
		if !strings.Contains(output, "["+junk+"]") {
			t.Errorf("the finding about %q is not printed:\n%s", junk, output)
		}
	}
	if got := strings.Count(output, "error: block "); got != 6 {
		t.Errorf("%d findings name their block, want 6:\n%s", got, output)
	}
	name := "sites/kaunas/articles/" + pageSlug
	if status, _ := get(t, suite.HTTP+"/v1/"+name); status != http.StatusNotFound {
		t.Errorf("the draft answers %d to anybody, want 404", status)
	}
	if output, exit := suite.Run(t, "article", "get", pageSlug); exit != 0 || !strings.Contains(output, "STATE_DRAFT") {
		t.Errorf("the draft is not there (exit %d):\n%s", exit, output)
	}

	mended := filepath.Join(dir, "index-mended.md")
	if output, exit := suite.Run(t, "import", mended, "--publish"); exit != 0 || !strings.Contains(output, "updated, published at /"+pageSlug) {
		t.Fatalf("importing the mended article: exit %d\n%s", exit, output)
	}
	if output, exit := suite.Run(t, "import", mended, "--publish"); exit != 0 || !strings.Contains(output, "unchanged") {
		t.Errorf("importing the same file again: exit %d\n%s", exit, output)
	}
	t.Run("REST and gRPC agree", func(t *testing.T) { restAndGRPC(t, suite, name) })
	t.Run("feed", func(t *testing.T) { feed(t, suite) })
	t.Run("share links", func(t *testing.T) { shareLinks(t, suite, name) })
	t.Run("page", func(t *testing.T) { page(t, suite.HTTP+"/"+pageSlug) })
	t.Run("pictures", func(t *testing.T) { renditions(t, suite, name) })
}

func createSite(tb testing.TB, suite *e2e.Suite) {
	tb.Helper()
	if output, exit := suite.Run(tb, "site", "create", "kaunas", "--title", "Bandomoji biblioteka"); exit != 0 {
		tb.Fatalf("create a site: exit %d\n%s", exit, output)
	}
}

// get fetches an address.
func get(t *testing.T, address string) (status int, body []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	body, err = io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply.StatusCode, body
}

func dial(tb testing.TB, address string) *grpc.ClientConn {
	tb.Helper()
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = conn.Close() })
	return conn
}

func restAndGRPC(t *testing.T, suite *e2e.Suite, name string) {
	t.Helper()
	status, body := get(t, suite.HTTP+"/v1/"+name)
	if status != http.StatusOK {
		t.Fatalf("GET answers %d: %s", status, body)
	}
	fromREST := &articlev1.Article{}
	if err := protojson.Unmarshal(body, fromREST); err != nil {
		t.Fatal(err)
	}
	fromGRPC, err := articlev1.NewArticleServiceClient(dial(t, suite.Article)).GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fromGRPC, fromREST, protocmp.Transform()); diff != "" {
		t.Errorf("gRPC and REST differ (-gRPC +REST):\n%s", diff)
	}
	if got, want := fromGRPC.GetPublishTimeTexts()["lt"], "2024\u00a0m. birželio 7\u00a0d."; got != want {
		t.Errorf("date = %q, want %q", got, want)
	}
	if len(fromGRPC.GetAnnotations()) > 0 || fromGRPC.GetCreator() != "" {
		t.Error("readers see annotations or the creator")
	}
}

func feed(t *testing.T, suite *e2e.Suite) {
	t.Helper()
	_, body := get(t, suite.HTTP+"/feed.xml")
	parsed, err := gofeed.NewParser().ParseString(string(body))
	if err != nil {
		t.Fatalf("the feed does not parse: %v\n%s", err, body)
	}
	if len(parsed.Items) != 1 || parsed.Items[0].Title != pageTitle {
		t.Fatalf("feed items = %+v, want the article", parsed.Items)
	}
	item := parsed.Items[0]
	if item.Link != suite.HTTP+"/"+pageSlug {
		t.Errorf("link = %s, want %s", item.Link, suite.HTTP+"/"+pageSlug)
	}
	if item.PublishedParsed == nil || item.PublishedParsed.Format("2006-01-02") != "2024-06-07" {
		t.Errorf("published = %v", item.Published)
	}
}

func shareLinks(t *testing.T, suite *e2e.Suite, name string) {
	t.Helper()
	sheet, err := sharingv1.NewSharingServiceClient(dial(t, suite.Sharing)).ComposeShareSheet(t.Context(),
		&sharingv1.ComposeShareSheetRequest{Article: name, LanguageCode: "lt"})
	if err != nil {
		t.Fatal(err)
	}
	address := sheet.GetShortUri()
	if !strings.HasPrefix(address, suite.HTTP+"/") {
		t.Errorf("short_uri = %q", address)
	}
	got := map[string]string{}
	for _, link := range sheet.GetLinks() {
		u, err := url.Parse(link.GetUri())
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		switch link.GetTarget() {
		case "facebook":
			got["facebook"] = u.Host + " " + fmt.Sprint(strings.HasPrefix(q.Get("u"), address))
		case "x":
			title, _, _ := strings.Cut(q.Get("text"), "\n")
			got["x"] = u.Host + " " + title + " " + fmt.Sprint(strings.HasPrefix(q.Get("url"), address))
		case "email":
			got["email"] = u.Scheme + " " + q.Get("subject") + " " + fmt.Sprint(strings.Contains(q.Get("body"), address))
		case "copy":
			got["copy"] = fmt.Sprint(strings.HasPrefix(link.GetUri(), address))
		}
	}
	want := map[string]string{
		"facebook": "www.facebook.com true",
		"x":        "x.com " + pageTitle + " true",
		"email":    "mailto " + pageTitle + " true",
		"copy":     "true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("share links (-want +got):\n%s", diff)
	}
	if sheet.GetHeading() != "Dalintis" {
		t.Errorf("heading = %q", sheet.GetHeading())
	}
}

// renditions fetches every picture of the article in every size and checks
// what caches and browsers rely on.
func renditions(t *testing.T, suite *e2e.Suite, name string) {
	t.Helper()
	article, err := articlev1.NewArticleServiceClient(dial(t, suite.Article)).GetArticle(context.Background(), &articlev1.GetArticleRequest{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(article)
	if err != nil {
		t.Fatal(err)
	}
	var uris []string
	for _, b := range article.GetBlocks() {
		placements := b.GetGallery().GetPlacements()
		if f := b.GetFigure(); f != nil {
			placements = append(placements, f.GetPlacement())
		}
		for _, p := range placements {
			for _, r := range p.GetPlaced().GetRenditions() {
				uris = append(uris, r.GetUri())
			}
		}
	}
	slices.Sort(uris)
	if len(uris) < 6*5 {
		t.Fatalf("%d renditions, want at least the JPEG ladders of six photographs: %s", len(uris), text)
	}
	for _, uri := range uris {
		status, body := get(t, suite.HTTP+uri)
		if status != http.StatusOK || len(body) == 0 {
			t.Errorf("%s answers %d with %d bytes", uri, status, len(body))
		}
		if leaks(body) {
			t.Errorf("%s tells the camera or the place", uri)
		}
	}
	if err := os.WriteFile(filepath.Join(t.ArtifactDir(), "article.json"), text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// leaks reports whether a picture carries the name of a maker of these
// photographs, or a pointer to coordinates (EXIF tag 0x8825) in either byte
// order. The few bytes of EXIF that the WebP writer makes itself are neither.
func leaks(picture []byte) bool {
	for _, maker := range []string{"NIKON", "OPPO", "Apple"} {
		if bytes.Contains(picture, []byte(maker)) {
			return true
		}
	}
	_, exif, found := bytes.Cut(picture, []byte("Exif\x00\x00"))
	if !found {
		return false
	}
	const most = 64 << 10 // the largest EXIF block of a JPEG
	exif = exif[:min(len(exif), most)]
	return bytes.Contains(exif, []byte{0x25, 0x88, 4, 0, 1}) || bytes.Contains(exif, []byte{0x88, 0x25, 0, 4, 0})
}
