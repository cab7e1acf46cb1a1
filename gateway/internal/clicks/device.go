package clicks

import "strings"

// device returns the kind of device that a user agent names. Phones and tablets
// are one kind; iPads that ask for pages made for desktops pass for one.
func device(agent string) deviceKind {
	switch {
	case strings.Contains(agent, "Mobile"): // what most come with, first
		return mobile
	case containsAny(agent, "SmartTV", "SMART-TV", "Smart TV", "AppleTV", "GoogleTV", "Android TV", "Web0S", "Tizen 2.", "TV Safari",
		"PlayStation", "Xbox", "Nintendo"):
		return otherDevice
	case containsAny(agent, "Android", "iPhone", "iPad", "iPod", "Tablet", "Opera Mini", "Windows Phone", "BlackBerry",
		"KAIOS", "Kindle", "Silk/", "PlayBook"):
		return mobile
	case containsAny(agent, "Windows", "Macintosh", "X11", "CrOS", "Linux"):
		return desktop
	}
	return otherDevice
}

func containsAny(text string, words ...string) bool {
	for _, word := range words {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}
