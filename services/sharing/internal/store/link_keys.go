package store

import (
	"bytes"
	"fmt"
	"math"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
)

// The layout of links. The id of a link is unique over the suite, so its row
// stands under the id alone and is never removed. Orders sort newer links
// first, and links of one moment by id.
const (
	linkPrefix        = "link/"         // link/{id}: recordv1.Link
	codePrefix        = "link-code/"    // link-code/{site}/{article}/{uid}: the id of the generated link
	linkListPrefix    = "link-list/"    // link-list/{site}/{order}/{id}
	linkWordsPrefix   = "link-words/"   // link-words/{site}/{order}/{id}: those of kind WORDS
	linkArticlePrefix = "link-article/" // link-article/{site}/{article}/{order}/{id}

	// LinkTheme is the theme of links in the change log.
	LinkTheme = "link"
)

func linkKey(id string) []byte { return []byte(linkPrefix + id) }

func codeKey(n published.Name, uid string) []byte {
	return []byte(codePrefix + n.Site + "/" + n.ID + "/" + uid)
}

func linkTopic(l *recordv1.Link) Topic {
	return Topic{Site: l.GetSite(), Theme: LinkTheme, ID: l.GetId()}
}

// linkPosition is the place of a link in each list that it is in.
func linkPosition(l *recordv1.Link) string {
	return newestFirst(l.GetCreateTime().AsTime()) + "/" + l.GetId()
}

// newestFirst is a text that sorts later times first.
func newestFirst(t time.Time) string { return fmt.Sprintf("%016x", math.MaxInt64-t.UnixMicro()) }

// linkAt returns the id of the link at a place.
func linkAt(key []byte, prefix string) (position []byte, id string, err error) {
	position, found := bytes.CutPrefix(key, []byte(prefix))
	_, rest, cut := bytes.Cut(position, []byte("/"))
	if !found || !cut {
		return nil, "", kvrecord.UnexpectedKey(key)
	}
	return position, string(rest), nil
}
