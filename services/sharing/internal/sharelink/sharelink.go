// Package sharelink is the noun of short addresses: a link with the article it
// belongs to, of one moment, what state it is in, and where it leads.
//
// A link belongs to the uid of an article, not to its name or address. So it
// follows the article wherever it goes, and never leads to another article that
// has come to the same name.
package sharelink

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
)

// Link is a link with what is known of its article, all of one moment. Its
// messages are not changed.
type Link struct {
	// Record is the row of the link.
	Record *recordv1.Link
	// Article is the row of its article; nil while that is not public.
	Article *recordv1.Article
	// Replaced says that another article has the name of its article, which
	// therefore was removed for good.
	Replaced bool
	// Site is its site; nil when it is not there any more, or not known yet.
	Site *articlev1.Site
	// SiteGone says that the site was removed.
	SiteGone bool
	// Position is where it stands in the list that it was read from.
	Position []byte
}

// Name returns the name of the link.
func (l Link) Name() Name { return Name{Site: l.Record.GetSite(), ID: l.Record.GetId()} }

// ArticleName returns the name that its article has or had.
func (l Link) ArticleName() published.Name {
	return published.Name{Site: l.Record.GetSite(), ID: l.Record.GetArticle()}
}

// State says whether the link leads anywhere.
func (l Link) State() sharingv1.ShareLink_State {
	switch {
	case l.Record.GetRetireTime() != nil, l.Replaced:
		return sharingv1.ShareLink_STATE_RETIRED
	case l.Article == nil, l.SiteGone:
		return sharingv1.ShareLink_STATE_GONE
	}
	return sharingv1.ShareLink_STATE_ACTIVE
}

// Target returns the address of the page it leads to, on the article's own
// site; empty unless the link is active. publicURI is the origin for sites that
// have none of their own.
func (l Link) Target(publicURI string) string {
	if l.State() != sharingv1.ShareLink_STATE_ACTIVE {
		return ""
	}
	return l.site(publicURI).Absolute(l.Article.GetPath())
}

// Resource returns the link of the contract as those see it who may read links,
// without counts.
func (l Link) Resource(publicURI string) *sharingv1.ShareLink {
	r := l.Record
	resource := &sharingv1.ShareLink{
		Name: l.Name().String(), Uid: r.GetUid(), Article: l.ArticleName().String(), Kind: r.GetKind(), State: l.State(), Note: r.GetNote(),
		Uri: Short(l.site(publicURI), r.GetId()), Creator: r.GetCreator(), CreateTime: r.GetCreateTime(), UpdateTime: r.GetCreateTime(), Etag: l.Etag(),
	}
	if r.GetRetireTime() != nil {
		resource.UpdateTime = r.GetRetireTime()
	}
	return resource
}

// Public returns the link as anybody may see it: without note, creator and
// etag, and of one that leads nowhere not even the article, whose id may tell
// what was withdrawn.
func (l Link) Public(publicURI string) *sharingv1.ShareLink {
	resource := l.Resource(publicURI)
	resource.Note, resource.Creator, resource.Etag, resource.UpdateTime = "", "", "", nil
	if resource.GetState() != sharingv1.ShareLink_STATE_ACTIVE {
		resource.Article = ""
	}
	return resource
}

// Etag stands for the state of the link that can be changed.
func (l Link) Etag() string {
	retired := int64(0)
	if t := l.Record.GetRetireTime(); t != nil {
		retired = t.AsTime().UnixMicro()
	}
	sum := sha256.Sum256([]byte(l.Record.GetUid() + "/" + strconv.FormatInt(retired, 10)))
	return hex.EncodeToString(sum[:8])
}

// Short returns the short address of a link of a site.
func Short(site published.Site, id string) string { return site.Absolute("/s/" + id) }

func (l Link) site(publicURI string) published.Site {
	return published.Site{Resource: l.Site, PublicURI: publicURI}
}
