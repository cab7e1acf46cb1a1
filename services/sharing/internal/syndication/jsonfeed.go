package syndication

// jsonFeed is a document of JSON Feed 1.1.
type jsonFeed struct {
	Version     string       `json:"version"`
	Title       string       `json:"title"`
	HomePageURL string       `json:"home_page_url"`
	FeedURL     string       `json:"feed_url"`
	Description string       `json:"description,omitempty"`
	NextURL     string       `json:"next_url,omitempty"`
	Icon        string       `json:"icon,omitempty"`
	Authors     []jsonAuthor `json:"authors,omitempty"`
	Language    string       `json:"language,omitempty"`
	Hubs        []jsonHub    `json:"hubs,omitempty"`
	Items       []jsonItem   `json:"items"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

type jsonHub struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

type jsonItem struct {
	ID            string           `json:"id"`
	URL           string           `json:"url"`
	Title         string           `json:"title"`
	ContentHTML   string           `json:"content_html,omitempty"`
	ContentText   string           `json:"content_text,omitempty"`
	Summary       string           `json:"summary,omitempty"`
	Image         string           `json:"image,omitempty"`
	DatePublished string           `json:"date_published,omitempty"`
	DateModified  string           `json:"date_modified,omitempty"`
	Authors       []jsonAuthor     `json:"authors,omitempty"`
	Tags          []string         `json:"tags,omitempty"`
	Language      string           `json:"language,omitempty"`
	Attachments   []jsonAttachment `json:"attachments,omitempty"`
}

type jsonAttachment struct {
	URL      string `json:"url"`
	MIMEType string `json:"mime_type"`
	Title    string `json:"title,omitempty"`
	Size     int64  `json:"size_in_bytes,omitempty"`
}

func jsonOf(feed Feed) jsonFeed {
	document := jsonFeed{
		Version:     "https://jsonfeed.org/version/1.1",
		Title:       feed.title(),
		HomePageURL: feed.home(),
		FeedURL:     feed.uri(FormatJSON, feed.Archive),
		Description: feed.description(),
		Icon:        feed.Site.Resource.GetPublisher().GetLogoUri(),
		Authors:     []jsonAuthor{{feed.Site.Publisher()}},
		Language:    feed.Language,
		Items:       []jsonItem{},
	}
	if !feed.Previous.IsZero() {
		document.NextURL = feed.uri(FormatJSON, feed.Previous)
	}
	for _, hub := range feed.Hubs {
		document.Hubs = append(document.Hubs, jsonHub{Type: "WebSub", URL: hub})
	}
	for _, it := range feed.items() {
		document.Items = append(document.Items, jsonItemOf(it))
	}
	return document
}

func jsonItemOf(it item) jsonItem {
	entry := jsonItem{
		ID:            it.id,
		URL:           it.uri,
		Title:         it.title,
		ContentHTML:   it.content,
		Summary:       it.summary,
		DatePublished: instant(it.published),
		DateModified:  instant(it.modified),
		Tags:          it.tags,
		Language:      it.language,
	}
	if it.content == "" { // one of the two is required
		entry.ContentText = either(it.summary, it.title)
	}
	for _, name := range it.authors {
		entry.Authors = append(entry.Authors, jsonAuthor{name})
	}
	if image := it.image; image != nil {
		entry.Image = image.URI
		entry.Attachments = []jsonAttachment{{URL: image.URI, MIMEType: image.MIMEType, Title: image.Alt, Size: image.Size}}
	}
	return entry
}
