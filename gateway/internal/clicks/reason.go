package clicks

import (
	"net/http"
	"strings"
)

// reason returns why a request is of a machine; person when nothing says so.
// What a client says of itself comes first, what it lacks last.
func (c *Classifier) reason(method string, h http.Header, agent string) reasonKind {
	switch {
	case method == http.MethodHead:
		return head
	case ahead(h):
		return prefetch
	case strings.TrimSpace(agent) == "":
		return noAgent
	}
	if found, ok := c.robots.find(agent); ok {
		return found
	}
	switch {
	case !browser(agent):
		return robot
	case first(h, "Accept-Language") == "":
		return noLanguage
	case aside(h):
		return embedded
	}
	return person
}

// ahead reports whether a browser fetches ahead of a person who may never
// come: Sec-Purpose of the Fetch standard, and what browsers sent before it.
func ahead(h http.Header) bool {
	for _, name := range [...]string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		value := first(h, name)
		if value == "" {
			continue
		}
		value = strings.ToLower(value)
		if strings.Contains(value, "prefetch") || strings.Contains(value, "prerender") || strings.Contains(value, "preview") {
			return true
		}
	}
	return false
}

// browser reports whether an agent begins as those of browsers do, all of which
// claim to be Mozilla, but for old Opera.
func browser(agent string) bool {
	return strings.HasPrefix(agent, "Mozilla/") || strings.HasPrefix(agent, "Opera/")
}

// aside reports whether a browser says that nobody opens the link: a script
// or a picture on some page asks for it. Browsers that say nothing of this kind
// (Fetch Metadata, sent over https only) are left alone.
func aside(h http.Header) bool {
	mode := first(h, "Sec-Fetch-Mode")
	return mode != "" && mode != "navigate"
}
