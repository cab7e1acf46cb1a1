package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/color"
	"maps"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/e2e"
)

// Words that stand by the photo of TestRightsEnd and nowhere else.
const (
	childrenAlt     = "Du vaikai skaito knygą ant žolės prie bibliotekos"
	childrenCaption = "Jonukas ir Onutė skaito lauke"
)

// TestRightsEnd lets the license of a photo end while readers look at it:
// without anybody doing anything it leaves the article, the page, the feeds and
// its own address, and comes back when the license is extended.
func TestRightsEnd(t *testing.T) {
	suite := e2e.Start(t, program, t.TempDir())
	createSite(t, suite)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "index.md"), "---\ntitle: Skaitymai lauke\n---\nVakar skaitėme lauke.\n\n!["+
		childrenAlt+"](vaikai.jpg \""+childrenCaption+"\")\n\nAčiū visiems, kas atėjo.\n")
	drawPicture(t, filepath.Join(dir, "vaikai.jpg"), color.RGBA{R: 40, G: 120, B: 90, A: 255})
	expect(t, suite, 0, []string{"published"}, "import", dir, "--publish")
	token, exit := tokenFor(t, suite, "rasa@example.lt", "editor")
	if exit != 0 {
		t.Fatalf("token: %s", token)
	}
	name, file := placedPhoto(t, suite)
	doors := map[string]string{
		"article": suite.HTTP + "/v1/sites/kaunas/articles/skaitymai-lauke", "page": suite.HTTP + "/skaitymai-lauke",
		"front page": suite.HTTP + "/", "file": suite.HTTP + file, "record": suite.HTTP + "/v1/" + name,
		"list": suite.HTTP + "/v1/sites/kaunas/photos", "feed": suite.HTTP + "/feed.xml",
	}
	awaitDoors(t, doors, name, file, true)

	license(t, suite, token, name, `{"spdxId": "cc-by-4.0", "expireTime": "`+time.Now().Add(2*time.Second).UTC().Format(time.RFC3339Nano)+`"}`)
	awaitDoors(t, doors, name, file, false)
	if log := suite.Output(); !strings.Contains(log, "the rights of a photo have ended") || !strings.Contains(log, "sites/kaunas/articles/skaitymai-lauke") {
		t.Error("the log does not say which article lost its photo")
	}
	if _, page := get(t, doors["page"]); !bytes.Contains(page, []byte("Ačiū visiems, kas atėjo.")) || bytes.Contains(page, []byte("<figure")) {
		t.Errorf("the rest of the page is not as it was:\n%s", page)
	}

	license(t, suite, token, name, `{"spdxId": "CC-BY-4.0", "expireTime": "2099-01-01T00:00:00Z"}`)
	awaitDoors(t, doors, name, file, true)
	if _, page := get(t, doors["page"]); !bytes.Contains(page, []byte(`href="https://creativecommons.org/licenses/by/4.0/"`)) {
		t.Errorf("the page does not lead to the license:\n%s", page)
	}
	nothingPersonal(t, suite, token, name, doors)
}

// nothingPersonal writes who is shown and why they may be into the record, and
// looks for a word of it behind every door that is open to all.
func nothingPersonal(t *testing.T, suite *e2e.Suite, token, name string, doors map[string]string) {
	t.Helper()
	const marker = "NIEKAM-NERODYTI"
	describe(t, suite, token, name, "peopleShown,tags", fmt.Sprintf(`"tags": ["lauke"], "peopleShown": {
		"presence": "PRESENCE_NAMED", "peopleNames": [%[1]q], "children": true,
		"consent": {"basis": "BASIS_GUARDIAN_CONSENT", "purpose": %[1]q, "reference": %[1]q}}`, marker))
	var inside json.RawMessage
	send(t, token, http.MethodGet, suite.HTTP+"/v1/"+name+"?view=PHOTO_VIEW_WORKING", http.StatusOK, "", &inside)
	if bytes.Count(inside, []byte(marker)) != 3 {
		t.Fatalf("the record lacks the marker; the test proves nothing:\n%s", inside)
	}
	open := maps.Clone(doors)
	open["batch"] = suite.HTTP + "/v1/sites/kaunas/photos:batchGet?names=" + name
	open["search"] = suite.HTTP + "/v1/sites/kaunas/photos:search?query=skaitymai+lauke"
	open["search for the name"] = suite.HTTP + "/v1/sites/kaunas/photos:search?query=" + marker
	open["articles"] = suite.HTTP + "/v1/sites/kaunas/articles"
	open["sitemap"] = suite.HTTP + "/sitemap.xml"
	awaitTag(t, suite.HTTP+"/v1/"+name)
	for door, address := range open {
		status, body := get(t, address)
		if status != http.StatusOK && door != "sitemap" {
			t.Errorf("%s: status %d\n%s", door, status, body)
		}
		for _, word := range []string{marker, "peopleShown", "rasa@example.lt", "vaikai.jpg"} {
			if bytes.Contains(body, []byte(word)) {
				t.Errorf("%s tells the public of %s:\n%s", door, word, body)
			}
		}
	}
}

// awaitTag waits until the public record shows the change.
func awaitTag(t *testing.T, address string) {
	t.Helper()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	end := time.After(30 * time.Second)
	for {
		if _, body := get(t, address); bytes.Contains(body, []byte(`"lauke"`)) {
			return
		}
		select {
		case <-look.C:
		case <-end:
			t.Fatalf("%s stays as it was", address)
		}
	}
}

// placedPhoto returns the name of the article's photo and the address of a file
// of it.
func placedPhoto(t *testing.T, suite *e2e.Suite) (name, file string) {
	t.Helper()
	_, body := get(t, suite.HTTP+"/v1/sites/kaunas/articles/skaitymai-lauke")
	var article struct {
		Blocks []struct {
			Figure struct {
				Placement struct {
					Photo  string
					Placed struct{ Renditions []struct{ URI string } }
				}
			}
		}
	}
	if err := json.Unmarshal(body, &article); err != nil {
		t.Fatal(err)
	}
	for _, b := range article.Blocks {
		if p := b.Figure.Placement; p.Photo != "" && len(p.Placed.Renditions) > 0 {
			return p.Photo, p.Placed.Renditions[0].URI
		}
	}
	t.Fatalf("the article shows no photo: %s", body)
	return "", ""
}

// license writes a license into the record of a photo.
func license(t *testing.T, suite *e2e.Suite, token, name, license string) {
	t.Helper()
	describe(t, suite, token, name, "license", `"license": `+license)
}

// describe changes the record of a photo, as any REST client does.
func describe(t *testing.T, suite *e2e.Suite, token, name, mask, fields string) {
	t.Helper()
	var now struct{ Etag string }
	send(t, token, http.MethodGet, suite.HTTP+"/v1/"+name+"?view=PHOTO_VIEW_WORKING", http.StatusOK, "", &now)
	body := fmt.Sprintf(`{"etag": %q, %s}`, now.Etag, fields)
	send(t, token, http.MethodPatch, suite.HTTP+"/v1/"+name+"?updateMask="+mask, http.StatusOK, body, nil)
}

// awaitDoors waits until every address shows the photo, or none does: by its
// words, its file, or its name in a list of photos.
func awaitDoors(t *testing.T, doors map[string]string, name, file string, want bool) {
	t.Helper()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	end := time.After(30 * time.Second)
	for door, address := range doors {
		for {
			status, body := get(t, address)
			shows := status == http.StatusOK
			switch door {
			case "article", "page":
				shows = bytes.Contains(body, []byte(childrenCaption)) && bytes.Contains(body, []byte(file))
				if !want { // neither a word nor an address may be left
					shows = shows || bytes.Contains(body, []byte("Jonukas")) || bytes.Contains(body, []byte("Du vaikai")) || bytes.Contains(body, []byte(filepath.Dir(filepath.Dir(file))))
				}
			case "front page", "feed":
				shows = bytes.Contains(body, []byte(filepath.Dir(filepath.Dir(file))))
			case "list":
				shows = bytes.Contains(body, []byte(name))
			}
			if shows == want {
				break
			}
			select {
			case <-look.C:
			case <-end:
				t.Fatalf("%s shows the photo: %v, want %v; status %d\n%s", door, shows, want, status, body)
			}
		}
	}
}
