package sharefeed

import (
	"net/url"
	"strings"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// Link is where a share link leads. It is never changed.
type Link struct {
	// Name is its resource name, `sites/{site}/shareLinks/{share_link}`.
	Name string
	// Location is the address it leads to: absolute with https or http, or a path
	// of the host that was asked; printable ASCII. Empty when it leads nowhere.
	Location string
	// Hosts are those of the site as far as its addresses tell, lower case.
	Hosts []string

	header []string
}

// Header returns Location as the value of a header. It must not be changed.
func (l *Link) Header() []string { return l.header }

// kept is a link with the stamp of the time when it was so.
type kept struct {
	Link
	article string
	at      stamp
}

// newKept returns a link that leads to uri, nowhere when that is empty or not an
// address to send anybody to.
func (f *Feed) newKept(link *sharingv1.ShareLink, uri string) *kept {
	k := &kept{
		Link: Link{Name: link.GetName()}, article: link.GetArticle(),
		at: f.stamps.now(siteOf(link.GetName()), link.GetArticle()),
	}
	var host string
	k.Location, host = location(uri)
	k.header = []string{k.Location}
	for _, h := range []string{host, hostOf(link.GetUri())} {
		if h != "" && (len(k.Hosts) == 0 || k.Hosts[0] != h) {
			k.Hosts = append(k.Hosts, h)
		}
	}
	return k
}

// siteOf returns the site in the name of a link.
func siteOf(name string) string {
	site, _, _ := strings.Cut(name, "/shareLinks/")
	return site
}

// idOf returns the id in the name of a link.
func idOf(name string) string {
	_, id, _ := strings.Cut(name, "/shareLinks/")
	return id
}

// location returns an address as it can stand in a header, with its host; ""
// for all that is no address of a page.
func location(uri string) (string, string) {
	u, err := url.Parse(uri)
	if err != nil || u.User != nil || u.Opaque != "" {
		return "", ""
	}
	switch {
	case (u.Scheme == "https" || u.Scheme == "http") && u.Host != "":
	case u.Scheme == "" && u.Host == "" && strings.HasPrefix(u.Path, "/") && !strings.HasPrefix(uri, "//") && !strings.Contains(uri, `\`):
	default:
		return "", ""
	}
	text := u.String()
	for i := range len(text) {
		if text[i] <= ' ' || text[i] > '~' {
			return "", ""
		}
	}
	return text, strings.ToLower(u.Hostname())
}

func hostOf(uri string) string {
	_, host := location(uri)
	return host
}
