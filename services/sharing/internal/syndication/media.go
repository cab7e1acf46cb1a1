package syndication

// media is the picture of an item, by Media RSS 1.5.1.
type media struct {
	URL         string     `xml:"url,attr"`
	Size        int64      `xml:"fileSize,attr,omitempty"`
	Type        string     `xml:"type,attr"`
	Medium      string     `xml:"medium,attr"`
	Width       int32      `xml:"width,attr"`
	Height      int32      `xml:"height,attr"`
	Description *mediaText `xml:"media:description"`
	Credit      string     `xml:"media:credit,omitempty"`
}

type mediaText struct {
	Type  string `xml:"type,attr"`
	Value string `xml:",chardata"`
}

// mediaOf returns the picture of an item with its alternative text and credit;
// nil when it has none.
func mediaOf(it item) *media {
	image := it.image
	if image == nil {
		return nil
	}
	m := &media{
		URL: image.URI, Size: image.Size, Type: image.MIMEType, Medium: "image",
		Width: image.Width, Height: image.Height, Credit: it.credit,
	}
	if image.Alt != "" {
		m.Description = &mediaText{Type: "plain", Value: image.Alt}
	}
	return m
}
