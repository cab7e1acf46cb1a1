package appearance

import sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"

// Network is what one network takes and shows.
type Network struct {
	// ID is its name in the contract, Name the one it has for people.
	ID   sharingv1.PreviewNetwork
	Name string
	// Title and Description are how many characters it shows. Description is
	// about pictures that stand large, where Small is set about the others.
	Title, Description Text
	// Small is how much of a description stands beside a small picture, where
	// that is another amount.
	Small *Text
	// Picture is which pictures it takes.
	Picture Picture
	// Alt is how much of an alternative text it takes; nil when it is not known
	// to take any.
	Alt *Text
	// Head is within how many bytes of a page it looks.
	Head Bytes
	// Line is what it shows to say where the link leads.
	Line Line
	// StructuredData is whether schema.org data goes before Open Graph.
	StructuredData bool
}

// Text is how much of a text a network shows.
type Text struct {
	// Max is in characters; 0 when no limit is known.
	Max int
	// Hidden is whether it shows none at all.
	Hidden bool
	// Source is where that is known from.
	Source string
}

// Bytes is a limit in bytes; 0 when none is known.
type Bytes struct {
	Max    int64
	Source string
}

// Size is a size in pixels; 0 when no limit is known.
type Size struct {
	Width, Height int32
	Source        string
}

// Picture is which pictures a network takes.
type Picture struct {
	// Formats are the media types.
	Formats []string
	// Least is the smallest that is shown, Large the smallest that stands large
	// above the text, Most the largest.
	Least, Large, Most Size
	// Weight is the most bytes.
	Weight Bytes
	// Ratio is width to height of the frame, which cuts off what does not fit;
	// 0 when pictures are shown whole.
	Ratio       float64
	RatioSource string
}

// Line is what a network shows to say where a link leads.
type Line uint8

// The lines: the host of the page, the name of the site, or who publishes it.
const (
	LineHost Line = iota
	LineSite
	LinePublisher
)

// Where limits are known from.
const (
	facebookImages = "developers.facebook.com/docs/sharing/webmasters/images"
	xMarkup        = "developer.x.com/en/docs/x-for-websites/cards/overview/markup"
	xLarge         = "developer.x.com/en/docs/x-for-websites/cards/overview/summary-card-with-large-image"
	whatsApp       = "developers.facebook.com/documentation/business-messaging/whatsapp/link-previews"
	crawler        = "developers.facebook.com/docs/sharing/webmasters/web-crawlers"
	mastodon       = "mastodon, app/models/preview_card.rb"
	bluesky        = "lexicon app.bsky.embed.external"
	observed       = "observed, not published"
)

// Networks returns the networks in the order of the contract.
func Networks() []Network {
	return []Network{facebookNetwork(), xNetwork(), whatsAppNetwork(), linkedInNetwork(), mastodonNetwork(), blueskyNetwork(), telegramNetwork()}
}

func facebookNetwork() Network {
	return Network{
		ID: sharingv1.PreviewNetwork_PREVIEW_NETWORK_FACEBOOK, Name: "Facebook",
		Title:       Text{Max: 80, Source: observed},
		Description: Text{Max: 80, Source: observed},
		Picture: Picture{
			Formats: []string{"image/jpeg", "image/png", "image/gif", "image/webp"},
			Least:   Size{200, 200, facebookImages},
			Large:   Size{600, 315, facebookImages},
			Weight:  Bytes{8 << 20, facebookImages},
			Ratio:   1.91, RatioSource: facebookImages,
		},
		Head: Bytes{1 << 20, crawler},
	}
}

func xNetwork() Network {
	return Network{
		ID: sharingv1.PreviewNetwork_PREVIEW_NETWORK_X, Name: "X",
		Title:       Text{Max: 70, Source: xMarkup},
		Description: Text{Hidden: true, Source: observed}, // the title lies on the picture since 2023
		Small:       &Text{Max: 200, Source: xMarkup},
		Picture: Picture{
			Formats: []string{"image/jpeg", "image/png", "image/webp", "image/gif"},
			Least:   Size{144, 144, xMarkup},
			Large:   Size{300, 157, xLarge},
			Most:    Size{4096, 4096, xLarge},
			Weight:  Bytes{5<<20 - 1, xMarkup}, // less than 5 MB
			Ratio:   2, RatioSource: xLarge,
		},
		Alt: &Text{Max: 420, Source: xMarkup},
	}
}

func whatsAppNetwork() Network {
	return Network{
		ID: sharingv1.PreviewNetwork_PREVIEW_NETWORK_WHATSAPP, Name: "WhatsApp",
		Title:       Text{Max: 81, Source: observed},
		Description: Text{Source: observed},
		Picture: Picture{
			Formats: []string{"image/jpeg", "image/png", "image/webp"},
			Least:   Size{100, 100, observed},
			Large:   Size{300, 0, observed},
			Weight:  Bytes{300_000, observed},
		},
		Head: Bytes{300_000, whatsApp},
	}
}

func linkedInNetwork() Network {
	return Network{
		ID: sharingv1.PreviewNetwork_PREVIEW_NETWORK_LINKEDIN, Name: "LinkedIn",
		Title:       Text{Max: 150, Source: observed},
		Description: Text{Max: 100, Source: observed},
		Picture: Picture{
			Formats: []string{"image/jpeg", "image/png", "image/gif"},
			Least:   Size{200, 200, observed},
			Large:   Size{401, 0, observed},
			Weight:  Bytes{5 << 20, observed},
			Ratio:   1.91, RatioSource: observed,
		},
	}
}

func mastodonNetwork() Network {
	return Network{
		ID: sharingv1.PreviewNetwork_PREVIEW_NETWORK_MASTODON, Name: "Mastodon",
		Picture: Picture{
			Formats: []string{"image/jpeg", "image/png", "image/gif", "image/webp"},
			Weight:  Bytes{2<<20 - 1, mastodon}, // less than 2 MB
		},
		Alt:            &Text{Source: mastodon},
		Head:           Bytes{1 << 20, mastodon},
		Line:           LinePublisher,
		StructuredData: true,
	}
}

func blueskyNetwork() Network {
	return Network{
		ID: sharingv1.PreviewNetwork_PREVIEW_NETWORK_BLUESKY, Name: "Bluesky",
		Picture: Picture{
			Formats: []string{"image/jpeg", "image/png", "image/gif", "image/webp"},
			Most:    Size{2000, 2000, bluesky},
			Weight:  Bytes{1_000_000, bluesky},
			Ratio:   1.91, RatioSource: observed,
		},
	}
}

func telegramNetwork() Network {
	return Network{
		ID: sharingv1.PreviewNetwork_PREVIEW_NETWORK_TELEGRAM, Name: "Telegram",
		Picture: Picture{
			Formats: []string{"image/jpeg", "image/png", "image/webp", "image/gif"},
			Weight:  Bytes{5 << 20, observed},
		},
		Line: LineSite,
	}
}
