package shortlinks

import (
	"github.com/skaitykla/skaitykla/internal/shortcode"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// sources returns the contract's source for each id that shortcode has a suffix
// for.
func sources() map[string]sharingv1.ShareSource {
	return map[string]sharingv1.ShareSource{
		"facebook":          sharingv1.ShareSource_SHARE_SOURCE_FACEBOOK,
		"x":                 sharingv1.ShareSource_SHARE_SOURCE_X,
		"email":             sharingv1.ShareSource_SHARE_SOURCE_EMAIL,
		"linkedin":          sharingv1.ShareSource_SHARE_SOURCE_LINKEDIN,
		"whatsapp":          sharingv1.ShareSource_SHARE_SOURCE_WHATSAPP,
		"messenger":         sharingv1.ShareSource_SHARE_SOURCE_MESSENGER,
		"viber":             sharingv1.ShareSource_SHARE_SOURCE_VIBER,
		"telegram":          sharingv1.ShareSource_SHARE_SOURCE_TELEGRAM,
		"bluesky":           sharingv1.ShareSource_SHARE_SOURCE_BLUESKY,
		"mastodon":          sharingv1.ShareSource_SHARE_SOURCE_MASTODON,
		"sms":               sharingv1.ShareSource_SHARE_SOURCE_SMS,
		"copy":              sharingv1.ShareSource_SHARE_SOURCE_COPY,
		"print":             sharingv1.ShareSource_SHARE_SOURCE_PRINT,
		"qr":                sharingv1.ShareSource_SHARE_SOURCE_QR,
		"device":            sharingv1.ShareSource_SHARE_SOURCE_DEVICE,
		"threads":           sharingv1.ShareSource_SHARE_SOURCE_THREADS,
		"reddit":            sharingv1.ShareSource_SHARE_SOURCE_REDDIT,
		"pinterest":         sharingv1.ShareSource_SHARE_SOURCE_PINTEREST,
		shortcode.OwnSource: sharingv1.ShareSource_SHARE_SOURCE_OTHER,
	}
}
