package store

import (
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
)

// Kind is what became of an article.
type Kind string

// The kinds of transitions. They are also the references in the change log.
const (
	// Published: readers see it and did not before.
	Published Kind = "published"
	// Corrected: what the authors wrote, or the address, is not what it was.
	Corrected Kind = "corrected"
	// Refreshed: only what surrounds it changed, such as a photo, the time that
	// readers see, or another language version.
	Refreshed Kind = "refreshed"
	// Withdrawn: readers do not see it any more.
	Withdrawn Kind = "withdrawn"
)

// Transition is what an event of the feed changes. Its messages are not
// changed.
type Transition struct {
	// Kind is what happened.
	Kind Kind
	// Name is that of the article.
	Name published.Name
	// Old is its row before; nil in Published.
	Old *recordv1.Article
	// New is its row from now on; nil in Withdrawn.
	New *recordv1.Article
	// Gone is what was kept of it while it was not public, in Published: nil
	// when it was never public before, as far as is known here. In Withdrawn it
	// is what is kept from now on.
	Gone *recordv1.Gone
	// Quiet says that the article was public before this store was made: it is
	// no news.
	Quiet bool
	// Backdated says that readers see an earlier time than that at which the
	// article became public, or that it had been public for longer than any
	// follower can have been away: an archive that was moved here, no news.
	Backdated bool
	// Time is when this store learned of it.
	Time time.Time
}

// UID returns the uid of the article.
func (t Transition) UID() string {
	if t.New != nil {
		return t.New.GetUid()
	}
	return t.Old.GetUid()
}

// hooks returns what else happens with a transition, in this order, in the
// transaction of Learn. They may run twice, and touch 40 keys together: the rest
// of kv.MaxKeys is for what Learn itself does. An error undoes the transaction, and
// unless it is one that passes the article is set aside and tried again, so a
// hook fails only when nothing it could leave out would help.
func (s *Store) hooks() []func(kv.Tx, Transition) error {
	return []func(kv.Tx, Transition) error{s.learnLinks, s.learnDeliveries, s.countChange}
}

// SiteTransition is a change of a site.
type SiteTransition struct {
	// Old is the site before; nil when it is new, or listed again.
	Old *articlev1.Site
	// New is the site from now on; nil when it is not listed any more.
	New *articlev1.Site
	// Time is when this store learned of it.
	Time time.Time
}

// ID returns the id of the site.
func (t SiteTransition) ID() string {
	name := t.Old.GetName()
	if t.New != nil {
		name = t.New.GetName()
	}
	return name[len("sites/"):]
}

// siteHooks returns what else happens with a change of a site, in this order.
func (s *Store) siteHooks() []func(kv.Tx, SiteTransition) error {
	return []func(kv.Tx, SiteTransition) error{s.countSiteChange}
}
