package clicks

import (
	"cmp"
	"slices"
	"strings"
)

// maxReferrer is the longest referrer that is looked at, in bytes.
const maxReferrer = 4096

// referrer returns the kind of place that a Referer header names by its host;
// sites lists the hosts of the link's own site. All else in the header is not
// looked at, and what is not an address of the web or of an app is elsewhere.
func (p places) referrer(header string, sites []string) referrerKind {
	if header == "" || header == "about:blank" {
		return direct
	}
	scheme, rest, ok := strings.Cut(header, "://")
	if !ok || len(header) > maxReferrer {
		return elsewhere
	}
	host := hostIn(rest)
	if !hostLike(host) {
		return elsewhere
	}
	host = strings.ToLower(host)
	switch {
	case strings.EqualFold(scheme, "android-app"):
		return cmp.Or(p.apps[host], elsewhere)
	case !strings.EqualFold(scheme, "https") && !strings.EqualFold(scheme, "http"):
		return elsewhere
	case slices.Contains(sites, host):
		return own
	}
	return p.ofHost(strings.TrimPrefix(host, "www."))
}

// hostIn returns the host at the beginning of what follows "://", without port;
// "" when it has a user, which no browser sends.
func hostIn(rest string) string {
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	if strings.Contains(rest, "@") {
		return ""
	}
	host, _, _ := strings.Cut(rest, ":")
	return strings.TrimSuffix(host, ".")
}

// hostLike reports whether host is made of what names of hosts are made of.
func hostLike(host string) bool {
	for i := range len(host) {
		switch c := host[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '_':
		default:
			return false
		}
	}
	return host != "" && len(host) <= 253
}

// ofHost looks a host up, then its parents: those of lm.facebook.com are
// facebook.com and com.
func (p places) ofHost(host string) referrerKind {
	for at := host; ; {
		if found, ok := p.hosts[at]; ok {
			return found
		}
		_, parent, ok := strings.Cut(at, ".")
		if !ok {
			break
		}
		at = parent
	}
	switch {
	case strings.HasPrefix(host, "mail."), strings.HasPrefix(host, "webmail."), strings.HasPrefix(host, "pastas."):
		return mail
	case national(host, "google."), national(host, "yandex."):
		return search
	}
	return elsewhere
}

// national reports whether host is name under the domain of a country, such as
// google.lt or google.co.uk, and not a part of somebody else's.
func national(host, name string) bool {
	country, ok := strings.CutPrefix(host, name)
	if !ok {
		return false
	}
	country = strings.TrimPrefix(strings.TrimPrefix(country, "com."), "co.")
	return len(country) == len("lt") && !strings.Contains(country, ".")
}
