package e2e_test

import (
	"bytes"
	"encoding/json"
	"image/color"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/e2e"
)

// withdrawnWithin is the promise: gone from every page, feed and address of ours
// within this time.
const withdrawnWithin = 5 * time.Second

// TestWithdraw withdraws a photo that readers look at, and measures how long it
// is still shown anywhere.
func TestWithdraw(t *testing.T) {
	suite := e2e.Start(t, program, t.TempDir())
	createSite(t, suite)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "index.md"), "---\ntitle: Skaitymai lauke\n---\nVakar skaitėme lauke.\n\n!["+
		childrenAlt+"](vaikai.jpg \""+childrenCaption+"\")\n\nAčiū visiems, kas atėjo.\n")
	drawPicture(t, filepath.Join(dir, "vaikai.jpg"), color.RGBA{R: 140, G: 20, B: 90, A: 255})
	token, exit := tokenFor(t, suite, "rasa@example.lt", "editor")
	if exit != 0 {
		t.Fatalf("token: %s", token)
	}
	expect(t, suite, 0, nil, "import", dir)
	signed := suite.HTTP + signedFile(t, suite, token)
	if status, body := get(t, signed); status != http.StatusOK {
		t.Errorf("signed address of a draft: status %d\n%s", status, body)
	}
	expect(t, suite, 0, nil, "article", "publish", "skaitymai-lauke")
	name, file := placedPhoto(t, suite)
	id := filepath.Base(name)
	doors := map[string]string{
		"article": suite.HTTP + "/v1/sites/kaunas/articles/skaitymai-lauke", "page": suite.HTTP + "/skaitymai-lauke",
		"front page": suite.HTTP + "/", "file": suite.HTTP + file, "record": suite.HTTP + "/v1/" + name,
		"list": suite.HTTP + "/v1/sites/kaunas/photos", "feed": suite.HTTP + "/feed.xml",
	}
	awaitDoors(t, doors, name, file, true)
	expect(t, suite, 0, []string{"skaitymai-lauke", "published"}, "photos", "usages", id)
	expect(t, suite, 1, []string{"published article uses"}, "photos", "delete", id)

	expect(t, suite, 0, []string{"skaitymai-lauke"}, "photos", "withdraw", id, "--reason", "Prašymas")
	answered := time.Now()
	awaitDoors(t, doors, name, file, false)
	took := time.Since(answered)
	if t.Logf("gone everywhere %v after the answer", took); took > withdrawnWithin {
		t.Errorf("the photo was shown for %v after it was withdrawn, longer than %v", took, withdrawnWithin)
	}
	for door, address := range map[string]string{"file": doors["file"], "record": doors["record"], "a signed address": signed} {
		if status, body := get(t, address); status != http.StatusGone {
			t.Errorf("%s: status %d, want 410\n%s", door, status, body)
		}
	}
	if _, page := get(t, doors["page"]); !bytes.Contains(page, []byte("Ačiū visiems, kas atėjo.")) || bytes.Contains(page, []byte("<figure")) {
		t.Errorf("the rest of the page is not as it was:\n%s", page)
	}
	expect(t, suite, 0, []string{id}, "photos", "restore", id)
	awaitDoors(t, doors, name, file, true)
}

// signedFile returns the address of a file of the only photo, which nobody but
// editors may see, with the signature that makes it work.
func signedFile(t *testing.T, suite *e2e.Suite, token string) string {
	t.Helper()
	var list struct {
		Photos []struct{ Renditions []struct{ URI string } }
	}
	send(t, token, http.MethodGet, suite.HTTP+"/v1/sites/kaunas/photos?view=PHOTO_VIEW_WORKING", http.StatusOK, "", &list)
	if len(list.Photos) != 1 || len(list.Photos[0].Renditions) == 0 || !strings.Contains(list.Photos[0].Renditions[0].URI, "signature=") {
		t.Fatalf("editors are told of no signed address: %v", list)
	}
	return list.Photos[0].Renditions[0].URI
}

// TestUsages follows where a photo is used through the life of an article, and
// over a restart.
func TestUsages(t *testing.T) {
	data := t.TempDir()
	suite := e2e.Start(t, program, data)
	createSite(t, suite)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "index.md"), "---\ntitle: Skaitymai lauke\n---\nVakar skaitėme lauke.\n\n!["+
		childrenAlt+"](vaikai.jpg \""+childrenCaption+"\")\n\nAčiū visiems, kas atėjo.\n")
	drawPicture(t, filepath.Join(dir, "vaikai.jpg"), color.RGBA{R: 40, G: 20, B: 190, A: 255})
	expect(t, suite, 0, []string{"published"}, "import", dir, "--publish")
	token, exit := tokenFor(t, suite, "rasa@example.lt", "editor")
	if exit != 0 {
		t.Fatalf("token: %s", token)
	}
	name, _ := placedPhoto(t, suite)
	change := func(method, verb, body string) {
		t.Helper()
		changeArticle(t, suite, token, method, verb, body)
	}
	awaitUsage(t, suite, token, name, usage{Published: true, Working: true, RevisionCount: 1})
	// Taken out of the newest revision; readers still see the other one.
	change(http.MethodPatch, "?updateMask=blocks", `{"blocks": [{"paragraph": {"text": {"spans": [{"text": "Be nuotraukos."}]}}}]}`)
	awaitUsage(t, suite, token, name, usage{Published: true, RevisionCount: 1})
	change(http.MethodPost, ":rollback", `{"revisionId": "1"}`)
	awaitUsage(t, suite, token, name, usage{Published: true, Working: true, RevisionCount: 2})

	suite.Stop(t)
	stored := filepath.Join(data, "article.db")
	backup, err := os.ReadFile(stored)
	if err != nil {
		t.Fatal(err)
	}
	suite = e2e.Start(t, program, data)
	awaitUsage(t, suite, token, name, usage{Published: true, Working: true, RevisionCount: 2})
	// Who deletes an article can restore it, with its photos, but not to the readers.
	send(t, token, http.MethodDelete, readingsURL(suite)+"?etag="+url.QueryEscape(readingsEtag(t, suite, token)), http.StatusOK, "", nil)
	awaitUsage(t, suite, token, name, usage{Working: true, RevisionCount: 2})
	change(http.MethodPost, ":undelete", "")
	change(http.MethodPost, ":publish", "")
	awaitUsage(t, suite, token, name, usage{Published: true, Working: true, RevisionCount: 2})
	suite.Kill(t)
	suite = e2e.Start(t, program, data)
	change(http.MethodPatch, "?updateMask=blocks", `{"blocks": [{"paragraph": {"text": {"spans": [{"text": "Be nuotraukos."}]}}}]}`)
	awaitUsage(t, suite, token, name, usage{Published: true, RevisionCount: 2})
	change(http.MethodPost, ":publish", "")
	awaitUsage(t, suite, token, name, usage{RevisionCount: 2})

	// The place in the feed where the media service was is ahead of an older
	// copy of the articles.
	suite.Stop(t)
	write(t, stored, string(backup))
	suite = e2e.Start(t, program, data, "--log-level", "info")
	awaitUsage(t, suite, token, name, usage{Published: true, Working: true, RevisionCount: 2})
	if !strings.Contains(suite.Output(), "the article feed is read from a snapshot") {
		t.Errorf("the feed went on from a place that the older copy does not have:\n%s", suite.Output())
	}
	change(http.MethodPost, ":unpublish", "")
	awaitUsage(t, suite, token, name, usage{Working: true, RevisionCount: 2})
}

// readingsURL is the address of the article of TestUsages.
func readingsURL(suite *e2e.Suite) string {
	return suite.HTTP + "/v1/sites/kaunas/articles/skaitymai-lauke"
}

func readingsEtag(t *testing.T, suite *e2e.Suite, token string) string {
	t.Helper()
	var now struct{ Etag string }
	send(t, token, http.MethodGet, readingsURL(suite)+"?view=ARTICLE_VIEW_WORKING", http.StatusOK, "", &now)
	return now.Etag
}

// changeArticle changes the article of TestUsages as it now is.
func changeArticle(t *testing.T, suite *e2e.Suite, token, method, verb, body string) {
	t.Helper()
	full := make(map[string]any)
	if body != "" {
		if err := json.Unmarshal([]byte(body), &full); err != nil {
			t.Fatal(err)
		}
	}
	full["etag"] = readingsEtag(t, suite, token)
	text, err := json.Marshal(full)
	if err != nil {
		t.Fatal(err)
	}
	send(t, token, method, readingsURL(suite)+verb, http.StatusOK, string(text), nil)
}

// usage is what ListPhotoUsages tells of one article.
type usage struct {
	Published, Working bool
	RevisionCount      int
}

// awaitUsage waits until the one article uses the photo in this way.
func awaitUsage(t *testing.T, suite *e2e.Suite, token, name string, want usage) {
	t.Helper()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	end := time.After(30 * time.Second)
	for {
		var page struct{ PhotoUsages []usage }
		send(t, token, http.MethodGet, suite.HTTP+"/v1/"+name+"/usages", http.StatusOK, "", &page)
		if len(page.PhotoUsages) == 1 && page.PhotoUsages[0] == want {
			return
		}
		select {
		case <-look.C:
		case <-end:
			t.Fatalf("usages are %+v, want %+v", page.PhotoUsages, want)
		}
	}
}
