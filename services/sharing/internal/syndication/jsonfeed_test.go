package syndication_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"testing"
	"time"
)

// What JSON Feed 1.1 allows, with what it requires as pointers.
type (
	specFeed struct {
		Version     string           `json:"version"`
		Title       *string          `json:"title"`
		HomePageURL string           `json:"home_page_url"`
		FeedURL     string           `json:"feed_url"`
		Description string           `json:"description"`
		UserComment string           `json:"user_comment"`
		NextURL     string           `json:"next_url"`
		Icon        string           `json:"icon"`
		Favicon     string           `json:"favicon"`
		Authors     []specAuthor     `json:"authors"`
		Language    string           `json:"language"`
		Expired     bool             `json:"expired"`
		Hubs        []map[string]any `json:"hubs"`
		Items       *[]specItem      `json:"items"`
	}
	specAuthor struct {
		Name   string `json:"name"`
		URL    string `json:"url"`
		Avatar string `json:"avatar"`
	}
	specItem struct {
		ID            *string          `json:"id"`
		URL           string           `json:"url"`
		ExternalURL   string           `json:"external_url"`
		Title         string           `json:"title"`
		ContentHTML   *string          `json:"content_html"`
		ContentText   *string          `json:"content_text"`
		Summary       string           `json:"summary"`
		Image         string           `json:"image"`
		BannerImage   string           `json:"banner_image"`
		DatePublished time.Time        `json:"date_published"`
		DateModified  time.Time        `json:"date_modified"`
		Authors       []specAuthor     `json:"authors"`
		Tags          []string         `json:"tags"`
		Language      string           `json:"language"`
		Attachments   []specAttachment `json:"attachments"`
	}
	specAttachment struct {
		URL      *string `json:"url"`
		MIMEType *string `json:"mime_type"`
		Title    string  `json:"title"`
		Size     int64   `json:"size_in_bytes"`
		Duration float64 `json:"duration_in_seconds"`
	}
)

// validateJSON holds a document to JSON Feed 1.1: nothing unknown, nothing
// missing, every address absolute, every id once.
func validateJSON(t *testing.T, document []byte) {
	t.Helper()
	var feed specFeed
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&feed); err != nil {
		t.Fatalf("not JSON Feed 1.1: %v\n%.2000s", err, document)
	}
	if feed.Version != "https://jsonfeed.org/version/1.1" || feed.Title == nil || feed.Items == nil {
		t.Fatalf("version, title or items are missing: %.2000s", document)
	}
	seen := map[string]bool{}
	for _, item := range *feed.Items {
		if item.ID == nil || seen[*item.ID] || (item.ContentHTML == nil && item.ContentText == nil) {
			t.Errorf("an item without an id of its own or without content: %+v", item)
			continue
		}
		seen[*item.ID] = true
		absolute(t, item.URL)
		for _, attachment := range item.Attachments {
			if attachment.URL == nil || attachment.MIMEType == nil {
				t.Errorf("an attachment without address or type: %+v", attachment)
			}
		}
	}
	absolute(t, feed.HomePageURL)
	absolute(t, feed.FeedURL)
	if feed.NextURL != "" {
		absolute(t, feed.NextURL)
	}
}

func absolute(t *testing.T, address string) {
	t.Helper()
	if u, err := url.Parse(address); err != nil || u.Host == "" {
		t.Errorf("%q is not an absolute address", address)
	}
}
