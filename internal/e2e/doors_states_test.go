package e2e_test

import (
	"fmt"
	"image/color"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// display puts a photo into an article, which all states but unused begin with,
// and brings it into a state. Its renditions are made twice, so that there are
// addresses that the photo no longer tells.
func (h house) display(t *testing.T, state string, shade color.RGBA) *displayed {
	t.Helper()
	p := &displayed{}
	dir := t.TempDir()
	drawPicture(t, filepath.Join(dir, "durys.jpg"), shade)
	if state == "unused" {
		p.name = add(t, h.suite, 0, dir).Files[0].Photo
	} else {
		p.article = "durys-" + state
		write(t, filepath.Join(dir, "index.md"), "---\ntitle: Durys "+state+"\ncover: durys.jpg\n---\nTekstas apie duris.\n\n"+
			"![Senos medinės bibliotekos durys su žalvarine rankena](durys.jpg \"Durys\")\n\nPabaiga.\n")
		expect(t, h.suite, 0, nil, "import", dir)
		p.name = h.draft(t, p).Cover.Photo
		h.openPreview(t, p)
	}
	h.describe(t, p)
	h.bring(t, p, state)
	return p
}

// draft is what is needed of the working copy.
type draft struct {
	Etag  string
	Cover struct{ Photo string }
}

func (h house) articleURL(p *displayed) string {
	return h.suite.HTTP + "/v1/sites/kaunas/articles/" + p.article
}

func (h house) draft(t *testing.T, p *displayed) (d draft) {
	t.Helper()
	send(t, h.editor(), http.MethodGet, h.articleURL(p)+"?view=ARTICLE_VIEW_WORKING", http.StatusOK, "", &d)
	return d
}

// openPreview gets the key with which anybody sees the working copy.
func (h house) openPreview(t *testing.T, p *displayed) {
	t.Helper()
	var made struct{ Token string }
	send(t, h.editor(), http.MethodPost, h.articleURL(p)+"/previewTokens", http.StatusOK, `{"displayName": "direktorei"}`, &made)
	var opened struct{ Key string }
	send(t, h.editor(), http.MethodPost, h.suite.HTTP+"/v1/sites/kaunas:openPreview", http.StatusOK, fmt.Sprintf(`{"token": %q}`, made.Token), &opened)
	p.preview = opened.Key
}

// record is what is needed of the working view of a photo.
type record struct {
	Etag       string
	Purged     bool
	Renditions []struct{ URI string }
}

func (h house) record(t *testing.T, p *displayed) (r record) {
	t.Helper()
	send(t, h.editor(), http.MethodGet, h.suite.HTTP+"/v1/"+p.name+"?view=PHOTO_VIEW_WORKING", http.StatusOK, "", &r)
	return r
}

// describe writes the texts of the photo, of which the credit goes into its
// files, and notes their addresses before and after.
func (h house) describe(t *testing.T, p *displayed) {
	t.Helper()
	first := h.record(t, p)
	p.oldSig = first.Renditions[0].URI
	p.old, _, _ = strings.Cut(p.oldSig, "?")
	send(t, h.editor(), http.MethodPatch, h.suite.HTTP+"/v1/"+p.name+"?updateMask=alts,credit", http.StatusOK,
		fmt.Sprintf(`{"etag": %q, "alts": {"lt": "Durys su žalvarine rankena"}, "credit": "Ona Onaitė"}`, first.Etag), nil)
	eventually(t, "the renditions are made anew", func() bool {
		now := h.record(t, p)
		p.signed = now.Renditions[0].URI
		p.file, _, _ = strings.Cut(p.signed, "?")
		return p.file != p.old
	})
	for etag, address := range map[*string]string{&p.etag: p.signed, &p.oldEtag: p.oldSig} {
		reply := h.ask(t, "", door{path: address, method: http.MethodHead})
		if *etag = reply.Header.Get("ETag"); *etag == "" || reply.Body.Close() != nil {
			t.Fatalf("%s: %s, no etag", address, reply.Status)
		}
	}
}

// bring brings the photo and its article into a state.
func (h house) bring(t *testing.T, p *displayed, state string) {
	t.Helper()
	p.then = time.Now().UTC().Format(time.RFC3339Nano)
	p.card = "/media/kaunas/-/" + p.article + "/0123456789abcdef0123.jpg"
	url := h.suite.HTTP + "/v1/" + p.name
	if state != "unused" && state != "draft" && state != "deleted" {
		send(t, h.editor(), http.MethodPost, h.articleURL(p)+":publish", http.StatusOK, fmt.Sprintf(`{"etag": %q}`, h.draft(t, p).Etag), nil)
		h.awaitCard(t, p)
	}
	switch etag := h.record(t, p).Etag; state {
	case "unpublished":
		send(t, h.editor(), http.MethodPost, h.articleURL(p)+":unpublish", http.StatusOK, fmt.Sprintf(`{"etag": %q}`, h.draft(t, p).Etag), nil)
	case "expired":
		license(t, h.suite, h.editor(), p.name, `{"spdxId": "CC-BY-4.0", "expireTime": "2020-01-01T00:00:00Z"}`)
	case "deleted":
		send(t, h.editor(), http.MethodDelete, url+"?etag="+etag, http.StatusOK, "", nil)
	case "withdrawn", "purged":
		send(t, h.editor(), http.MethodPost, url+":withdraw", http.StatusOK,
			fmt.Sprintf(`{"etag": %q, "reason": "Prašymas", "purge": %v}`, etag, state == "purged"), nil)
	}
	if state == "purged" {
		eventually(t, "the photo is purged", func() bool { return h.record(t, p).Purged })
	}
}

// awaitCard waits until the card of the article is drawn with the photo on it:
// readers see it in the article, and the card is another than that without.
func (h house) awaitCard(t *testing.T, p *displayed) {
	t.Helper()
	eventually(t, "the article shows its photo", func() bool {
		return h.knock(t, "", door{path: "/" + p.article, shows: p.folder()}) == "y" && h.knock(t, "", door{path: p.file}) == "2"
	})
	p.then = time.Now().UTC().Format(time.RFC3339Nano)
	seen := 0
	eventually(t, "the card is drawn", func() bool {
		reply := h.ask(t, "", door{path: "/v1/sites/kaunas/socialCards/" + p.article})
		defer reply.Body.Close()
		var card struct{ URI string }
		if reply.StatusCode != http.StatusOK {
			return false
		}
		decode(t, reply, &card)
		if seen++; card.URI != p.card {
			p.card, seen = card.URI, 0
		}
		return seen > 3
	})
}

// eventually waits until done.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for end := time.After(patience); !done(); {
		select {
		case <-look.C:
		case <-end:
			t.Fatalf("in vain: %s", what)
		}
	}
}
