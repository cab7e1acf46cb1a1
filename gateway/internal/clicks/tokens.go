package clicks

// token is a part of a user agent that tells a machine.
type token struct {
	// text is looked for without regard to case; it is written in lower case.
	text string
	// reason is what the visit is counted as; person says that text only looks
	// like a robot, and is passed over.
	reason reasonKind
	// first says that the agent must begin with text, for names that people's
	// programs have inside theirs.
	first bool
	// whole says that no letter may follow.
	whole bool
	// weak says that any other token knows better.
	weak bool
}

// tokens returns what is known of machines. The names are those that their
// makers publish or that logs of other projects show; scanners that pass for a
// browser are not among them, since nothing tells them apart.
func tokens() []token {
	all := []token{
		{text: "cubot"}, // a maker of phones
		{text: "viber/", reason: preview, first: true},
		{text: "whatsapp/", reason: preview, first: true},
		{text: "bot", reason: robot, whole: true, weak: true},
		{text: "robot", reason: robot, weak: true},
		{text: "crawl", reason: robot, weak: true},
		{text: "spider", reason: robot, weak: true},
		{text: "scraper", reason: robot, weak: true},
		{text: "+http", reason: robot, weak: true}, // how robots give their address
		{text: "node", reason: tool, first: true, whole: true},
		{text: "ruby", reason: tool, first: true, whole: true},
		{text: "java/", reason: tool, first: true},
		{text: "php/", reason: tool, first: true},
		{text: "python", reason: tool, first: true},
		{text: "dart/", reason: tool, first: true},
		{text: "got (", reason: tool, first: true},
		{text: "hyper/", reason: tool, first: true},
		{text: "dalvik/", reason: tool, first: true},
	}
	for reason, texts := range names() {
		for _, text := range texts {
			all = append(all, token{text: text, reason: reason})
		}
	}
	return all
}

// names are the tokens that need no further rule.
func names() map[reasonKind][]string {
	return map[reasonKind][]string{
		preview: {
			"facebookexternalhit", "facebookcatalog", "facebot", "meta-externalfetcher", "twitterbot", "telegrambot",
			"linkedinbot", "slackbot", "slack-imgproxy", "discordbot", "skypeuripreview", "redditbot", "pinterestbot",
			"iframely", "embedly", "snap url preview", "cardyb", "bitlybot", "vkshare", "line-poker", "kakaotalk-scrap",
			"microsoftpreview", "bingpreview", "yahoo link preview", "mattermost-bot", "rocket.chat", "synapse (bot",
			"nextcloud server crawler", "tumblr/", "xing-contenttabreceiver", "outbrain", "flipboardproxy", "bluesky cardyb",
			"microsoft office", "ms-office", "msoffice", "google-pagerenderer", "zoom.us link preview", "signal-desktop",
		},
		fediverse: {
			"mastodon", "pleroma", "akkoma", "misskey", "gotosocial", "friendica", "peertube", "pixelfed", "lemmy", "kbin",
			"mbin/", "firefish", "iceshrimp", "sharkey", "calckey", "foundkey", "hubzilla", "writefreely", "bookwyrm",
			"mobilizon", "activitypub", "funkwhale", "owncast", "smithereen", "snac/", "takahe", "wafrn", "piefed", "mitra/",
		},
		robot: {
			// Search engines and archives.
			"googlebot", "google-inspectiontool", "googleother", "google-extended", "adsbot-google", "mediapartners-google",
			"storebot-google", "apis-google", "feedfetcher-google", "google-site-verification", "bingbot", "adidxbot",
			"yandexbot", "yandeximages", "yandex.com/bots", "baiduspider", "duckduckbot", "qwantbot", "qwantify", "seznambot",
			"petalbot", "sogou", "applebot", "slurp", "mojeekbot", "exabot", "ia_archiver", "archive.org_bot", "ccbot",
			"coccocbot", "yisouspider", "360spider", "naverbot", "yeti/",
			// Others: models, audits, monitors, readers of feeds, browsers without a person.
			"meta-externalagent", "gptbot", "oai-searchbot", "chatgpt-user", "claudebot", "claude-user", "claude-web",
			"anthropic-ai", "perplexitybot", "perplexity-user", "duckassistbot", "mistralai-user", "bytespider", "amazonbot",
			"ahrefsbot", "semrushbot", "mj12bot", "dotbot", "dataforseobot", "blexbot", "serpstatbot", "screaming frog",
			"uptimerobot", "uptime-kuma", "pingdom", "statuscake", "site24x7", "newrelicpinger", "datadog", "w3c_validator",
			"w3c-checklink", "linkchecker", "lychee/", "chrome-lighthouse", "headlesschrome", "phantomjs", "puppeteer",
			"playwright", "selenium", "webdriver", "feedly", "feedbin", "inoreader", "newsblur", "tiny tiny rss", "freshrss",
			"miniflux", "netnewswire", "censys", "expanse", "zgrab", "masscan", "nmap", "nuclei", "nikto", "internetmeasurement",
		},
		scanner: {
			"barracuda", "mimecast", "proofpoint", "fireeye", "trendmicro", "trend micro", "symantec", "messagelabs",
			"cloudmark", "ironport", "sophos", "forcepoint", "zscaler", "fortiguard", "hornetsecurity", "googleimageproxy",
			"ggpht.com", "yahoomailproxy", "virustotal", "urlscan", "phishtank", "safebrowsing", "google-safety", "netcraft",
			"safelinks", "checkpoint url", "avast", "bitdefender", "kaspersky",
		},
		tool: {
			"curl/", "libcurl", "wget", "httpie", "python-requests", "python-urllib", "python-httpx", "aiohttp",
			"go-http-client", "okhttp", "apache-httpclient", "jakarta commons", "libwww-perl", "lwp::simple", "faraday",
			"rest-client", "guzzlehttp", "node-fetch", "axios/", "undici", "postmanruntime", "insomnia", "powershell",
			"winhttp", "http.rb", "reqwest", "scrapy", "cfnetwork", "lua-resty-http", "resty/", "mechanize", "httrack",
			"colly", "cpp-httplib", "qtnetwork", "unirest",
		},
	}
}
