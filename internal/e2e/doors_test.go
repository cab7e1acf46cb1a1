package e2e_test

import (
	"bytes"
	"fmt"
	"image/color"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/e2e"
)

// displayed is a photo of one article, in a state of TestEveryDoor.
type displayed struct {
	name, file, signed, page string
}

// callers are those who try the doors; the cells of a row stand for them in this
// order.
func callers() []string { return []string{"anonymous", "author", "editor", "editor of another site"} }

// TestEveryDoor asks every way to a photo over HTTP, in every state of it, as
// everybody. A cell is the status: 2 for 200 or 206, 1 for 401, 3 for 403, 4 for
// 404, G for 410; for lists and pages, y when the photo is there and n when not.
func TestEveryDoor(t *testing.T) {
	suite := e2e.Start(t, program, t.TempDir())
	createSite(t, suite)
	tokens := make([]string, len(callers()))
	for i, to := range []struct{ role, site string }{1: {"author", "kaunas"}, 2: {"editor", "kaunas"}, 3: {"editor", "kita"}} {
		if i > 0 {
			output, _ := suite.Run(t, "token", "create", "--for", fmt.Sprintf("p%d@example.lt", i), "--role", to.role, "--site", to.site)
			lines := strings.Split(strings.TrimSpace(output), "\n")
			tokens[i] = lines[len(lines)-1]
		}
	}
	hidden := map[string]string{
		"record": "4444", "batch": "4444", "working": "1223", "file": "4224", "range": "4224", "head": "4224", "signed": "2222", "list": "nnnn", "search": "nnnn", "article": "nnnn", "page": "nnnn", "feed": "nnnn",
	}
	removed := map[string]string{
		"record": "GGGG", "batch": "GGGG", "working": "1223", "file": "GGGG", "range": "GGGG", "head": "GGGG", "signed": "GGGG", "list": "nnnn", "search": "nnnn", "article": "nnnn", "page": "nnnn", "feed": "nnnn",
	}
	for i, state := range []struct {
		name string
		want map[string]string
	}{
		{"draft", hidden},
		{"published", map[string]string{
			"record": "2222", "batch": "2222", "working": "1223", "file": "2222", "range": "2222", "head": "2222", "signed": "2222", "list": "yyyy", "search": "yyyy", "article": "yyyy", "page": "yyyy", "feed": "yyyy",
		}},
		{"unpublished", hidden},
		{"expired", hidden},
		{"deleted", hidden},
		{"withdrawn", removed},
		{"purged", removed},
	} {
		p := display(t, suite, tokens[2], state.name, uint8(20*i))
		for door, want := range state.want {
			awaitDoor(t, suite, tokens, p, door, want, state.name)
		}
	}
}

// display makes an article with a photo and brings it into a state.
func display(t *testing.T, suite *e2e.Suite, editor, state string, red uint8) displayed {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "index.md"), "---\ntitle: Durys "+state+"\n---\nTekstas apie duris.\n\n![Senos medinės bibliotekos durys su žalvarine rankena](durys.jpg \"Durys\")\n\nPabaiga.\n")
	drawPicture(t, filepath.Join(dir, "durys.jpg"), color.RGBA{R: red, G: 90, B: 200, A: 255})
	expect(t, suite, 0, nil, "import", dir)
	article := suite.HTTP + "/v1/sites/kaunas/articles/durys-" + state
	var draft struct {
		Etag   string
		Blocks []struct {
			Figure struct{ Placement struct{ Photo string } }
		}
	}
	send(t, editor, http.MethodGet, article+"?view=ARTICLE_VIEW_WORKING", http.StatusOK, "", &draft)
	p := displayed{page: suite.HTTP + "/durys-" + state}
	for _, b := range draft.Blocks {
		p.name += b.Figure.Placement.Photo
	}
	record := suite.HTTP + "/v1/" + p.name
	var photo struct {
		Etag       string
		Renditions []struct{ URI string }
	}
	send(t, editor, http.MethodGet, record+"?view=PHOTO_VIEW_WORKING", http.StatusOK, "", &photo)
	send(t, editor, http.MethodPatch, record+"?updateMask=alts", http.StatusOK,
		fmt.Sprintf(`{"etag": %q, "alts": {"lt": "Durys su žalvarine rankena"}}`, photo.Etag), nil)
	send(t, editor, http.MethodGet, record+"?view=PHOTO_VIEW_WORKING", http.StatusOK, "", &photo)
	p.signed = photo.Renditions[0].URI
	p.file, _, _ = strings.Cut(p.signed, "?")
	etag := fmt.Sprintf(`{"etag": %q}`, draft.Etag)
	if state != "draft" && state != "deleted" {
		send(t, editor, http.MethodPost, article+":publish", http.StatusOK, etag, nil)
		awaitUsage(t, suite, editor, p.name, usage{Published: true, Working: true, RevisionCount: 1})
	}
	switch state {
	case "unpublished":
		send(t, editor, http.MethodPost, article+":unpublish", http.StatusOK, etag, nil)
	case "expired":
		license(t, suite, editor, p.name, `{"spdxId": "CC-BY-4.0", "expireTime": "2020-01-01T00:00:00Z"}`)
	case "deleted":
		send(t, editor, http.MethodDelete, record+"?etag="+photo.Etag, http.StatusOK, "", nil)
	case "withdrawn", "purged":
		send(t, editor, http.MethodPost, record+":withdraw", http.StatusOK,
			fmt.Sprintf(`{"etag": %q, "reason": "Prašymas", "purge": %v}`, photo.Etag, state == "purged"), nil)
	}
	if state == "purged" {
		awaitPurged(t, record, editor)
	}
	return p
}

func awaitPurged(t *testing.T, record, editor string) {
	t.Helper()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for end := time.After(time.Minute); ; {
		var now struct{ Purged bool }
		send(t, editor, http.MethodGet, record+"?view=PHOTO_VIEW_WORKING", http.StatusOK, "", &now)
		if now.Purged {
			return
		}
		select {
		case <-look.C:
		case <-end:
			t.Fatal("the photo was not purged")
		}
	}
}

// awaitDoor waits until a door answers as wanted: pages follow within moments.
func awaitDoor(t *testing.T, suite *e2e.Suite, tokens []string, p displayed, door, want, state string) {
	t.Helper()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for end := time.After(withdrawnWithin); ; {
		got := ""
		for _, token := range tokens {
			got += knock(t, suite, token, p, door)
		}
		if got == want {
			return
		}
		select {
		case <-look.C:
		case <-end:
			t.Errorf("%s photo, %s: %s, want %s for %v", state, door, got, want, callers())
			return
		}
	}
}

// knock tries one door as the bearer of a token.
func knock(t *testing.T, suite *e2e.Suite, token string, p displayed, door string) string {
	t.Helper()
	method, address, headers := http.MethodGet, suite.HTTP+"/v1/"+p.name, map[string]string{}
	inside := ""
	switch door {
	case "batch":
		address = suite.HTTP + "/v1/sites/kaunas/photos:batchGet?names=" + p.name
	case "working":
		address += "?view=PHOTO_VIEW_WORKING"
	case "file", "range", "head":
		address = suite.HTTP + p.file
	case "signed":
		address = suite.HTTP + p.signed
	case "list":
		address, inside = suite.HTTP+"/v1/sites/kaunas/photos?pageSize=200", p.name
	case "search":
		address, inside = suite.HTTP+"/v1/sites/kaunas/photos:search?pageSize=200&query=rankena", p.name
	case "article":
		address, inside = suite.HTTP+"/v1/sites/kaunas/articles"+strings.TrimPrefix(p.page, suite.HTTP), filepath.Dir(filepath.Dir(p.file))
	case "feed":
		address, inside = suite.HTTP+"/feed.xml", filepath.Dir(filepath.Dir(p.file))
	case "page":
		address, inside = p.page, filepath.Dir(filepath.Dir(p.file))
	}
	if door == "head" {
		method = http.MethodHead
	}
	if door == "range" {
		headers["Range"] = "bytes=0-9"
	}
	request, err := http.NewRequestWithContext(t.Context(), method, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for key, value := range headers {
		request.Header.Set(key, value)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	if inside != "" {
		if bytes.Contains(body, []byte(inside)) {
			return "y"
		}
		return "n"
	}
	return map[int]string{
		http.StatusOK: "2", http.StatusPartialContent: "2", http.StatusUnauthorized: "1", http.StatusForbidden: "3",
		http.StatusNotFound: "4", http.StatusGone: "G",
	}[reply.StatusCode]
}
