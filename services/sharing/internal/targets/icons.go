package targets

// Icons are our own drawings, so that no page asks a target for its picture:
// signs that say what a target is, not copies of marks. Each is one SVG element
// of 24 by 24 that takes the color of the text around it, and is hidden from
// assistive technology, which reads the label. They have nothing that a policy
// of a page could refuse: no style, no script, no reference.
const (
	iconHead = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" ` +
		`stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">`
	iconTail = `</svg>`

	// bubble is what a message is drawn in.
	bubble = `<path d="M12 3.6c-4.8 0-8.4 3.4-8.4 7.8 0 2.4 1.1 4.5 2.9 5.9l-.4 3.1 3.2-1.6c.9.2 1.8.4 2.7.4 4.8 0 8.4-3.4 8.4-7.8s-3.6-7.8-8.4-7.8z"/>`
	// handset is a telephone's, small enough for the bubble.
	handset = `<path d="M9.6 7.6 8.4 8.5c-.5.4-.7 1-.5 1.6.8 2.5 2.6 4.3 5.1 5.1.6.2 1.2 0 1.6-.5l.9-1.2-2.1-1.4-1 .9c-.9-.5-1.4-1-1.9-1.9l.9-1z"/>`

	iconFacebook  = iconHead + `<path d="M15.8 4.2h-1.9c-2 0-3.2 1.3-3.2 3.3v12.8M7.8 11.6h6.9"/>` + iconTail
	iconMessenger = iconHead + bubble + `<path d="m7.4 13.2 3-3 2.9 2.2 3.2-2.9"/>` + iconTail
	iconViber     = iconHead +
		`<path d="M7.4 4.4 5.2 6c-.9.7-1.3 1.8-.9 2.9 1.7 5.3 5.5 9.1 10.8 10.8 1.1.4 2.2 0 2.9-.9l1.6-2.2-3.9-2.7-1.9 1.5c-1.8-.9-3.1-2.2-4-4l1.5-1.9z"/>` +
		`<path d="M14 4.2a6 6 0 0 1 5.8 5.8M14 7.6a2.7 2.7 0 0 1 2.4 2.4"/>` + iconTail
	iconWhatsApp  = iconHead + bubble + handset + iconTail
	iconEmail     = iconHead + `<rect x="3.5" y="5.5" width="17" height="13" rx="1.5"/><path d="m4 7 8 6 8-6"/>` + iconTail
	iconSMS       = iconHead + `<path d="M5.5 4.5h13a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-6.7L7 20.3v-3.8H5.5a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2z"/><path d="M8 10.5h.1M12 10.5h.1M16 10.5h.1"/>` + iconTail
	iconDevice    = iconHead + `<path d="M12 15V3.5M8 7l4-3.5L16 7M7 11H5v9.5h14V11h-2"/>` + iconTail
	iconCopy      = iconHead + `<rect x="8.5" y="8.5" width="12" height="12" rx="1.5"/><path d="M15.5 8.5V5A1.5 1.5 0 0 0 14 3.5H5A1.5 1.5 0 0 0 3.5 5v9A1.5 1.5 0 0 0 5 15.5h3.5"/>` + iconTail
	iconQR        = iconHead + `<path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM7 7h.1M17 7h.1M7 17h.1M14 14h2.5v2.5M20 14v2M14 20h2M20 19.5v.5h-.5"/>` + iconTail
	iconPrint     = iconHead + `<path d="M7 8.5v-5h10v5M7 17H4.5a1 1 0 0 1-1-1V9.5a1 1 0 0 1 1-1h15a1 1 0 0 1 1 1V16a1 1 0 0 1-1 1H17"/><path d="M7 14h10v6.5H7z"/>` + iconTail
	iconX         = iconHead + `<path d="M4.5 4.5h3.6l11.4 15h-3.6zM19 4.5l-6.2 6.9M5 19.5l6.4-7.1"/>` + iconTail
	iconLinkedIn  = iconHead + `<path d="M5 10v9M5 5.2v.1M10 19v-9M10 13.5c0-2 1.6-3.5 3.9-3.5S18 11.5 18 13.8V19"/>` + iconTail
	iconTelegram  = iconHead + `<path d="M20.5 4 3.5 11l6 2.3L12 20l3-3.5 3.5 2zM9.5 13.3 16 8.5"/>` + iconTail
	iconBluesky   = iconHead + `<path d="M12 11.3C10.6 8.6 7.7 5.7 5.6 4.8 4.2 4.2 3.6 5 3.7 6.4c.1 1.5.6 3.9 1 4.7.7 1.4 2.3 1.9 4.3 1.7-2.6.4-3.7 1.7-2 3.6 2.2 2.3 3.9.4 5-2.4 1.1 2.8 2.8 4.7 5 2.4 1.7-1.9.6-3.2-2-3.6 2 .2 3.6-.3 4.3-1.7.4-.8.9-3.2 1-4.7.1-1.4-.5-2.2-1.9-1.6-2.1.9-5 3.8-6.4 6.5z"/>` + iconTail
	iconMastodon  = iconHead + `<path d="M15 19.8c-3.2.9-7 .3-8.3-1-2.2-2-2.9-5.6-2.7-9.1.2-3.6 2-5.4 5-5.8 2-.3 4-.3 6 0 3 .4 4.8 2.2 5 5.4.2 4.8-1.3 6.4-4.8 7-2.2.4-4.7.3-6-.6"/><path d="M8 13V9.5C8 8.2 8.8 7.5 9.9 7.5S12 8.2 12 9.5V11M16 13V9.5c0-1.3-.9-2-2-2s-2 .7-2 2"/>` + iconTail
	iconThreads   = iconHead + `<circle cx="12" cy="12" r="3.6"/><path d="M15.6 8.4v4.8c0 1.7.9 2.7 2.2 2.7s2.7-1.3 2.7-3.9c0-5-3.6-8.5-8.5-8.5S3.5 7 3.5 12s3.6 8.5 8.5 8.5c1.7 0 3.2-.4 4.5-1.1"/>` + iconTail
	iconReddit    = iconHead + `<ellipse cx="12" cy="14.5" rx="7.2" ry="5.5"/><path d="M9.2 13.5v.1M14.8 13.5v.1M9.3 16.7c1.6 1.1 3.8 1.1 5.4 0M12 9l1-4.5 3.3.8"/><circle cx="17.7" cy="5.5" r="1.3"/><path d="M4.9 13.2a1.8 1.8 0 1 1 1.7-2.5M19.1 13.2a1.8 1.8 0 1 0-1.7-2.5"/>` + iconTail
	iconPinterest = iconHead + `<circle cx="12" cy="12" r="8.5"/><path d="M10 19.5 12.3 9M8.8 12.6c-1.5-2.5.4-5.3 3.3-5.3 2.6 0 4.1 1.9 3.7 4.1-.4 2.3-2.4 3.6-4.3 2.8"/>` + iconTail
	iconOwn       = iconHead + `<circle cx="6" cy="12" r="2.5"/><circle cx="17.5" cy="5.5" r="2.5"/><circle cx="17.5" cy="18.5" r="2.5"/><path d="m8.2 10.8 7.1-4.1M8.2 13.2l7.1 4.1"/>` + iconTail
)
