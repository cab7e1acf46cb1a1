package demo

import (
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// Site returns the site of the example newsroom, ready to be created. It names
// no host, so it answers wherever the suite runs and its addresses are given
// without scheme and host. The caller owns the message.
func Site() *articlev1.Site {
	return &articlev1.Site{
		Name:                "sites/demo",
		Title:               "Žvirblių viešoji biblioteka",
		Description:         "Išgalvoto miestelio bibliotekos naujienos: renginiai, paslaugos, kraštotyra ir geros knygos.",
		Hosts:               []string{"127.0.0.1", "localhost"}, // so that the printed address still shows it beside a second site
		DefaultLanguageCode: "lt",
		LanguageCodes:       []string{"lt", "en"},
		TimeZone:            "Europe/Vilnius",
		Publisher:           &articlev1.Publisher{Title: "Žvirblių viešoji biblioteka"},
		Color:               "#a8432b",
	}
}

// Photo returns what is true of every picture of the example newsroom: the
// program drew it, under the license of the program, and it shows nobody. The
// caller owns the message.
func Photo() *mediav1.Photo {
	return &mediav1.Photo{
		Author: "Skaitykla", Credit: "Skaitykla", CopyrightNotice: "Skaitykla",
		License:     &mediav1.License{SpdxId: "Apache-2.0"},
		PeopleShown: &mediav1.PeopleShown{Presence: mediav1.PeopleShown_PRESENCE_NONE},
	}
}
