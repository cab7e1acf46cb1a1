package clicks

// places are the places whose kind is known.
type places struct {
	// hosts has names of hosts; their subdomains are of the same kind unless
	// they stand here themselves.
	hosts map[string]referrerKind
	// apps has Android's names of apps.
	apps map[string]referrerKind
}

func newPlaces() places { return places{hosts: knownHosts(), apps: knownApps()} }

func knownHosts() map[string]referrerKind {
	return map[string]referrerKind{
		"facebook.com": facebook, "fb.com": facebook, "fb.me": facebook, "messenger.com": facebook, "instagram.com": facebook,

		"x.com": x, "t.co": x, "twitter.com": x,

		"linkedin.com": social, "lnkd.in": social, "t.me": social, "telegram.org": social, "bsky.app": social, "go.bsky.app": social,
		"threads.com": social, "threads.net": social, "mastodon.social": social, "mas.to": social, "fosstodon.org": social,
		"reddit.com": social, "pinterest.com": social, "pin.it": social, "tiktok.com": social, "youtube.com": social,
		"whatsapp.com": social, "viber.com": social, "discord.com": social, "slack.com": social, "tumblr.com": social,
		"vk.com": social, "ok.ru": social, "draugiem.lv": social, "teams.microsoft.com": social, "teams.cloud.microsoft": social,

		"google.com": search, "bing.com": search, "duckduckgo.com": search,
		"search.yahoo.com": search, "ecosia.org": search, "startpage.com": search,
		"qwant.com": search, "search.brave.com": search, "yandex.com": search,
		"yandex.ru": search, "ya.ru": search, "baidu.com": search, "mojeek.com": search,
		"search.seznam.cz": search, "kagi.com": search,

		"mail.google.com": mail, "outlook.live.com": mail, "outlook.office.com": mail, "outlook.office365.com": mail,
		"outlook.cloud.microsoft": mail, "mail.yahoo.com": mail, "mail.proton.me": mail, "mail.inbox.lt": mail,
		"inbox.lt": mail, "mail.yandex.com": mail, "mail.ru": mail, "gmx.net": mail, "gmx.com": mail, "fastmail.com": mail,
		"safelinks.protection.outlook.com": mail,

		// Parts of search engines that do not search.
		"docs.google.com": elsewhere, "classroom.google.com": elsewhere, "sites.google.com": elsewhere,
		"translate.google.com": elsewhere, "meet.google.com": elsewhere, "chat.google.com": elsewhere,
	}
}

func knownApps() map[string]referrerKind {
	return map[string]referrerKind{
		"com.linkedin.android": social, "org.telegram.messenger": social, "com.viber.voip": social, "com.whatsapp": social,
		"com.reddit.frontpage": social, "com.pinterest": social, "xyz.blueskyweb.app": social, "com.slack": social,
		"org.joinmastodon.android": social, "com.discord": social,

		"com.facebook.katana": facebook, "com.facebook.lite": facebook, "com.facebook.orca": facebook, "com.facebook.mlite": facebook,
		"com.instagram.android":                   facebook,
		"com.twitter.android":                     x,
		"com.google.android.googlequicksearchbox": search,
		"com.google.android.gm":                   mail, "com.microsoft.office.outlook": mail, "com.yahoo.mobile.client.android.mail": mail,
		"ch.protonmail.android": mail, "com.samsung.android.email.provider": mail,
	}
}
