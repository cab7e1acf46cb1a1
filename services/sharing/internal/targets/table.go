package targets

// Table returns the built-in targets in the order in which a site shows them
// that has not chosen: the device's own dialogue, which is hidden where there
// is none; what libraries' readers in Lithuania use; what needs nobody else;
// the rest. The slice is the caller's.
func Table() []Target {
	message := []part{partTitle, partLead, partSite, partAddress}
	post := []part{partTitle, partLead, partSite} // the address goes beside it
	return []Target{
		{ID: "device", Kind: KindDevice, Exposure: ExposureSend, Icon: iconDevice},
		{
			// All else comes from the page itself; other parameters are ignored.
			ID: "facebook", Recipient: "Meta", Exposure: ExposurePress, Icon: iconFacebook,
			template: "https://www.facebook.com/sharer/sharer.php?u={uri}",
		},
		{
			// The dialogue does not work on phones, where the app does.
			ID: "messenger", Recipient: "Meta", Exposure: ExposurePress, Icon: iconMessenger,
			template: "https://www.facebook.com/dialog/send?app_id={app_id}&link={uri}&redirect_uri={page}",
			app:      "fb-messenger://share?link={uri}",
		},
		{
			// Long messages lose their end, so the address goes first.
			ID: "viber", Recipient: "Viber", Exposure: ExposureSend, NeedsApp: true, Icon: iconViber,
			template: "viber://forward?text={text}",
			layout:   []part{partAddress, partTitle, partLead, partSite}, limit: limit{200, unitUTF16},
		},
		{
			ID: "whatsapp", Recipient: "Meta", Exposure: ExposurePress, Icon: iconWhatsApp,
			template: "https://wa.me/?text={text}", layout: message, limit: limit{4096, unitUTF16},
		},
		{
			ID: "email", Exposure: ExposureSend, Icon: iconEmail,
			template: "mailto:?subject={title}&body={letter}", layout: message, limit: limit{1900, unitLinkBytes},
		},
		{
			// Phones disagree whether a question mark or an ampersand comes first.
			ID: "sms", Exposure: ExposureSend, NeedsApp: true, Icon: iconSMS,
			template: "sms:?&body={text}", layout: []part{partTitle, partAddress}, limit: limit{3, unitSMS},
		},
		{ID: "copy", Kind: KindCopy, Icon: iconCopy},
		{ID: "qr", Kind: KindQR, Icon: iconQR},
		{ID: "print", Kind: KindPrint, Icon: iconPrint},
		{
			ID: "x", Recipient: "X", Exposure: ExposurePress, Icon: iconX,
			template: "https://x.com/intent/tweet?text={text}&url={uri}", layout: post, limit: limit{280, unitX},
		},
		{
			ID: "linkedin", Recipient: "LinkedIn", Exposure: ExposurePress, Icon: iconLinkedIn,
			template: "https://www.linkedin.com/sharing/share-offsite/?url={uri}",
		},
		{
			ID: "telegram", Recipient: "Telegram", Exposure: ExposurePress, Icon: iconTelegram,
			template: "https://t.me/share/url?url={uri}&text={text}", layout: post, limit: limit{4096, unitUTF16},
		},
		{
			ID: "bluesky", Recipient: "Bluesky", Exposure: ExposurePress, Icon: iconBluesky,
			template: "https://bsky.app/intent/compose?text={text}", layout: message, limit: limit{300, unitBluesky},
		},
		{
			// There the reader says which server is theirs.
			ID: "mastodon", Recipient: "Mastodon", Exposure: ExposurePress, Icon: iconMastodon,
			template: "https://share.joinmastodon.org/?text={text}", layout: message, limit: limit{500, unitMastodon},
		},
		{
			ID: "threads", Recipient: "Meta", Exposure: ExposurePress, Icon: iconThreads,
			template: "https://www.threads.com/intent/post?text={text}&url={uri}", layout: post, limit: limit{500, unitThreads},
		},
		{
			ID: "reddit", Recipient: "Reddit", Exposure: ExposurePress, Icon: iconReddit,
			template: "https://www.reddit.com/submit?url={uri}&title={text}", layout: []part{partTitle}, limit: limit{300, unitUTF16},
		},
		{
			ID: "pinterest", Recipient: "Pinterest", Exposure: ExposurePress, Icon: iconPinterest,
			template: "https://www.pinterest.com/pin/create/button/?url={uri}&media={image}&description={text}",
			layout:   post, limit: limit{500, unitUTF16},
		},
	}
}
