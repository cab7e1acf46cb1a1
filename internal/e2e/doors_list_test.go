package e2e_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"path"
	"strings"
	"testing"
	"time"
)

// door is one way to a photo: a request, and what of the photo its answer may
// show; where nothing is given, the status alone counts.
type door struct {
	method, path, body string
	header             [2]string
	shows              string
	// holds is the field of a JSON answer that has a document in base64.
	holds string
	// until is in the last line of a stream that has no end of its own.
	until string
}

// displayed is a photo of one article, in a state of TestEveryDoor.
type displayed struct {
	name, article string // the article is empty when none uses the photo
	file, signed  string // its address, without and with a signature
	old, oldSig   string // the same of the generation before
	etag, oldEtag string // of the files
	card, preview string // the card with it, and the key to its preview
	then          string // a time when readers saw it, if they ever did
}

// folder is what the addresses of all its files have in common.
func (p *displayed) folder() string { return path.Dir(path.Dir(p.file)) + "/" }

// doors are all ways to the photo.
func (p *displayed) doors() map[string]door {
	const working, site = "view=PHOTO_VIEW_WORKING", "/v1/sites/kaunas"
	all := map[string]door{
		"record":         {path: "/v1/" + p.name},
		"batch":          {path: site + "/photos:batchGet?names=" + p.name},
		"working":        {path: "/v1/" + p.name + "?" + working, shows: p.folder()},
		"list":           {path: site + "/photos?pageSize=200", shows: p.name},
		"search":         {path: site + "/photos:search?pageSize=200&query=rankena", shows: p.name},
		"working-list":   {path: site + "/photos?pageSize=200&" + working, shows: p.folder()},
		"working-search": {path: site + "/photos:search?pageSize=200&query=rankena&" + working, shows: p.folder()},
		"watch":          {path: site + "/photos:watch", shows: p.folder(), until: "SNAPSHOT_END"},
		"file":           {path: p.file},
		"head":           {path: p.file, method: http.MethodHead},
		"range":          {path: p.file, header: [2]string{"Range", "bytes=0-9"}},
		"revalidate":     {path: p.file, header: [2]string{"If-None-Match", p.etag}},
		"signed":         {path: p.signed},
		"old-file":       {path: p.old},
		"old-signed":     {path: p.oldSig},
		"old-revalidate": {path: p.old, header: [2]string{"If-None-Match", p.oldEtag}},
	}
	if p.article == "" {
		return all
	}
	article := site + "/articles/" + p.article
	maps.Copy(all, map[string]door{
		"article":         {path: article, shows: p.folder()},
		"article-working": {path: article + "?view=ARTICLE_VIEW_WORKING", shows: p.folder()},
		"article-then":    {path: article + "?readTime=" + p.then, shows: p.folder()},
		"articles-batch":  {path: site + "/articles:batchGet?names=sites/kaunas/articles/" + p.article, shows: p.folder()},
		"revision":        {path: article + "/revisions/1", shows: p.folder()},
		"articles":        {path: site + "/articles?pageSize=200", shows: p.folder()},
		"articles-search": {path: site + "/articles:search?query=durys", shows: p.folder()},
		"articles-watch":  {path: site + "/articles:watch", shows: p.folder(), until: "SNAPSHOT_END"},
		"articles-export": {path: site + "/articles:export"},
		"preview":         {path: site + ":readPreview", method: http.MethodPost, body: `{"key": "` + p.preview + `"}`, shows: p.folder()},
		"preview-page":    {path: "/preview/" + p.preview, shows: p.folder()},
		"page":            {path: "/" + p.article, shows: p.folder()},
		"front-page":      {path: "/", shows: p.folder()},
		"feed":            {path: "/feed.xml", shows: p.folder()},
		"feed-atom":       {path: "/atom.xml", shows: p.folder()},
		"feed-json":       {path: "/feed.json", shows: p.folder()},
		"feed-archive":    {path: time.Now().Format("/atom.xml?archive=2006-01"), shows: p.folder()},
		"sitemap":         {path: time.Now().Format("/sitemap-2006.xml"), shows: "/" + p.article + "<"},
		"news-sitemap":    {path: "/news-sitemap.xml", shows: "/" + p.article + "<"},
		"feed-rest":       {path: site + ":renderFeed", shows: p.folder(), holds: "document"},
		"link-preview":    {path: article + ":renderPreview", shows: p.card},
		"card":            {path: site + "/socialCards/" + p.article, shows: p.card},
		"card-file":       {path: p.card},
	})
	return all
}

// knock tries one door as the bearer of a token and returns a character of
// cells.
func (h house) knock(t *testing.T, token string, d door) string {
	t.Helper()
	reply := h.ask(t, token, d)
	defer reply.Body.Close()
	var read bytes.Buffer
	for lines := bufio.NewReader(reply.Body); ; {
		line, err := lines.ReadBytes('\n')
		read.Write(line)
		if err != nil || d.until != "" && bytes.Contains(line, []byte(d.until)) {
			break
		}
	}
	switch status := reply.StatusCode; {
	case status != http.StatusOK || d.shows == "":
		return map[int]string{
			http.StatusOK: "2", http.StatusPartialContent: "2", http.StatusNotModified: "=", http.StatusUnauthorized: "1",
			http.StatusForbidden: "3", http.StatusNotFound: "4", http.StatusGone: "G",
			http.StatusFound: ">",
		}[status]
	case bytes.Contains(document(t, read.Bytes(), d.holds), []byte(d.shows)):
		return "y"
	}
	return "n"
}

// document returns what a field of a JSON answer holds, the whole answer for no
// field.
func document(t *testing.T, answer []byte, field string) []byte {
	t.Helper()
	if field == "" {
		return answer
	}
	fields := make(map[string]json.RawMessage)
	var held []byte
	err := json.Unmarshal(answer, &fields)
	if err == nil {
		err = json.Unmarshal(fields[field], &held)
	}
	if err != nil {
		t.Fatalf("%s: %v", answer, err)
	}
	return held
}

// ask sends the request of a door.
func (h house) ask(t *testing.T, token string, d door) *http.Response {
	t.Helper()
	method := d.method
	if method == "" {
		method = http.MethodGet
	}
	request, err := http.NewRequestWithContext(t.Context(), method, h.suite.HTTP+d.path, strings.NewReader(d.body))
	if err != nil {
		t.Fatal(err)
	}
	if d.header[0] != "" {
		request.Header.Set(d.header[0], d.header[1])
	}
	if d.body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	reply, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	return reply
}
