package article

import (
	"errors"
	"time"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// ErrOvertaken means that the article or its site was written since it was
// read: read again and start over. Nothing was stored.
var ErrOvertaken = errors.New("article: overtaken by another writer")

// ReplayError means that the request_id was used before. Nothing was stored.
type ReplayError struct{ Record *recordv1.Request }

// Error says so.
func (*ReplayError) Error() string { return "article: this request_id was used before" }

// Kind is what a watcher is told.
type Kind = articlev1.WatchArticlesResponse_Kind

// Write says who writes, for the audit and against doing it twice.
type Write struct {
	// Principal is who.
	Principal string
	// Method is the name of the RPC.
	Method string
	// Time is when, in whole microseconds.
	Time time.Time
	// Request identifies the request_id; empty when there is none.
	Request []byte
	// Digest is the checksum of the request, kept with Request.
	Digest []byte
	// Note is what was said about it, for the audit.
	Note string
	// ScheduledBy is the name of the schedule that did it; empty for a person.
	ScheduledBy string
}

// Encoded is a published projection ready to send.
type Encoded struct {
	// Full is the encoded article.
	Full []byte
	// Summary is the encoded article without blocks, for lists. Its cover is
	// the first photo of the body when the article names none.
	Summary []byte
	// Tags are those of the article.
	Tags []string
	// Photos are the names of those that it shows.
	Photos []string
	// Member is how it stands in its translation group; nil when in none.
	Member *recordv1.GroupMember
}

// Change is one write of an article, all or nothing.
type Change struct {
	Write

	// Name is the article.
	Name Name
	// Before is the state the change was made for; nil to create.
	Before *recordv1.State
	// After is the state to store; its version is set by the store.
	After *recordv1.State
	// Revision is a new revision with the number After.Revision; nil for none.
	Revision *recordv1.Revision
	// Slug is the slug to hold, and OldSlug one to let go unless it was ever
	// public. Both are empty when nothing changes.
	Slug, OldSlug string
	// TakeSlug lets Slug be taken over from an article that once publicly had
	// it and is not public under it.
	TakeSlug bool
	// Projection is what readers are to see, nil to leave that as it is.
	Projection *Encoded
	// Withdraw removes what readers see.
	Withdraw bool
	// SiteVersion is the version of the site that Projection was made for.
	SiteVersion int64
	// Kind is what watchers of working copies are told, and PublicKind what
	// watchers of published articles are; 0 tells them nothing.
	Kind, PublicKind Kind
	// Schedule is the schedule that did it, written together with what it did;
	// nil when a person did.
	Schedule *ScheduleWrite
	// Silent leaves the change out of the audit: it is none of a person's.
	Silent bool
}

// Loaded is an article as it is read: its state and one of its revisions.
type Loaded struct {
	Name     Name
	State    *recordv1.State
	Number   int64 // of Revision
	Revision *recordv1.Revision
	Site     *recordv1.Site
	// Photos are those of Revision that there are, nil before they were looked
	// up.
	Photos map[string]*Photo
}

// Content returns the content of the revision.
func (l Loaded) Content() *articlev1.Article { return l.Revision.GetArticle() }

// Reach is a part of a list.
type Reach struct {
	// After is the position after which it begins; nil begins the list.
	After []byte
	// Limit is how many items it has at most.
	Limit int
	// OldestFirst turns the list around.
	OldestFirst bool
}

// IndexSecret is the name of the secret by which a search index knows the store
// that it was made from. An index that knows another one is made anew.
const IndexSecret = "index"

// Item is one entry of a list: where it stands and what it is.
type Item struct {
	Position, Encoded []byte
	// Tag is one that a published article has, if it was listed by that.
	Tag string
}

// Told is one entry of the change feed.
type Told struct {
	// Version is that of the commit; several entries may share it.
	Version uint64
	// Name is the article; its ID is empty when the site itself changed, or what
	// readers see of a translation group.
	Name Name
	// Group is that translation group.
	Group string
	// Kind and PublicKind are those of the Change.
	Kind, PublicKind Kind
}

// Batch is part of the feed: everything up to and including Through.
type Batch struct {
	Told    []Told
	Through uint64
}
