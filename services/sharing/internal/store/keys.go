package store

import (
	"fmt"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// The layout of articles, sites and the feed. Each theme has a word of its own
// as the first part of its keys, given where the theme is; ids have no slash, so
// that no key is the prefix of one it does not own.
const (
	articlePrefix = "article/" // article/{site}/{article}: recordv1.Article, while it is public
	gonePrefix    = "gone/"    // gone/{site}/{article}/{uid}: recordv1.Gone
	orderPrefix   = "order/"   // order/{site}/{language or -}/{time}/{article}
	tagPrefix     = "tag/"     // tag/{site}/{language or -}/{tag}/{time}/{article}
	groupPrefix   = "group/"   // group/{site}/{group}/{language}/{article}
	stalePrefix   = "stale/"   // stale/{site}/{article}: recordv1.Stale
	unreadPrefix  = "unread/"  // unread/{site}/{article}: recordv1.Unread
	sitePrefix    = "site/"    // site/{site}: recordv1.Site
	requestPrefix = "request/" // request/{hash}: a request that was answered
	expiryPrefix  = "expiry/"  // expiry/{time}/{hash}: when to forget it
	secretPrefix  = "secret/"  // secret/{name}
	changesPrefix = "changes/" // changes/{site}: how often it changed
	followerKey   = "follower" // recordv1.Follower
)

// anyLanguage stands in keys for the articles of all languages.
const anyLanguage = "-"

func articleKey(n published.Name) []byte { return []byte(articlePrefix + n.Site + "/" + n.ID) }
func staleKey(n published.Name) []byte   { return []byte(stalePrefix + n.Site + "/" + n.ID) }
func unreadKey(n published.Name) []byte  { return []byte(unreadPrefix + n.Site + "/" + n.ID) }
func siteKey(site string) []byte         { return []byte(sitePrefix + site) }

func goneKey(n published.Name, uid string) []byte {
	return []byte(gonePrefix + n.Site + "/" + n.ID + "/" + uid)
}

// nameOf reads the name at the end of a key of the form {prefix}{site}/{article}.
func nameOf(key []byte, prefix string) (published.Name, error) {
	rest, found := strings.CutPrefix(string(key), prefix)
	site, id, cut := strings.Cut(rest, "/")
	if !found || !cut || strings.Contains(id, "/") {
		return published.Name{}, kvrecord.UnexpectedKey(key)
	}
	return published.Name{Site: site, ID: id}, nil
}

// timeTerm is a text that sorts earlier times first, also before 1970.
func timeTerm(t time.Time) string {
	return fmt.Sprintf("%016x", uint64(t.UnixMicro())^1<<63)
}
