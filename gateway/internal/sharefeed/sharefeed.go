// Package sharefeed follows what the sharing service tells of share links and
// keeps where they lead, so that opening one needs no call; and it counts, for
// each site, the changes of all that sharing makes of it, so that others know
// how long what they made of it is good.
//
// What is kept is good only while the stream lives, and only as long as nothing
// was told of its article or site. Otherwise the sharing service is asked for
// each link. When it does not answer either, a link that was good when the
// stream broke is good for StaleFor more: a code never leads to another
// article, so that at worst its page stands elsewhere by now, or says that it
// was withdrawn. After that nobody is sent anywhere.
//
// That a link is not there is not kept: one that is made now works now.
package sharefeed

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// StaleFor is how long links are answered from memory while the sharing service
// is away.
const StaleFor = time.Hour

// DefaultMaxLinks is how many links are kept, about 350 bytes each.
const DefaultMaxLinks = 250_000

const (
	// callTimeout limits what asking the sharing service may take.
	callTimeout = 2 * time.Second
	// awayFor is how long after it did not answer it is not asked again for a link
	// that is kept: else everybody would wait for as long as a call may take, and
	// those who wait would keep out everybody else.
	awayFor = 2 * time.Second
)

// Config is what a Feed needs.
type Config struct {
	// Reader asks where a link leads, as anybody may; Watcher follows the
	// changes, as a service may.
	Reader, Watcher grpc.ClientConnInterface
	// Log says when the feed breaks off and is back.
	Log *slog.Logger
	// MaxLinks is how many links are kept; 0 means DefaultMaxLinks.
	MaxLinks int
}

// Feed knows where links lead. It is safe for concurrent use.
type Feed struct {
	reader, watcher sharingv1.SharingServiceClient
	log             *slog.Logger
	links           *otter.Cache[string, *kept]
	stamps          stamps

	// Times are nanoseconds since began and one more, which no clock that is set
	// moves; 0 for never.
	began  time.Time
	live   atomic.Bool
	broken atomic.Int64 // when the stream broke
	silent atomic.Int64 // when the sharing service did not answer

	// mu makes a change and its new stamp one step against whoever asked before
	// and keeps the answer after it.
	mu     sync.Mutex
	events uint64

	token string // where to go on; of Run alone
}

// New returns a feed that asks for every link until Run follows.
func New(config Config) (*Feed, error) {
	maxLinks := config.MaxLinks
	if maxLinks == 0 {
		maxLinks = DefaultMaxLinks
	}
	links, err := otter.New(&otter.Options[string, *kept]{MaximumSize: maxLinks})
	if err != nil {
		return nil, fmt.Errorf("make the cache of links: %w", err)
	}
	return &Feed{
		reader: sharingv1.NewSharingServiceClient(config.Reader), watcher: sharingv1.NewSharingServiceClient(config.Watcher),
		log: config.Log, links: links, stamps: newStamps(), began: time.Now(),
	}, nil
}

// Known returns the link with an id if nobody has to be asked.
func (f *Feed) Known(id string) (*Link, bool) {
	found, ok := f.links.GetIfPresent(id)
	if !ok || !f.live.Load() || !f.stamps.good(found) {
		return nil, false
	}
	return &found.Link, true
}

// Find returns where the link with an id leads that shortcode.Parse has read. It
// asks the sharing service where the feed does not know, and then also returns
// the answer, which for a link that leads nowhere has what there is instead; the
// link is nil when there are only similar ones. The error is that of the call,
// RESOURCE_NOT_FOUND when there is nothing.
func (f *Feed) Find(ctx context.Context, id string) (*Link, *sharingv1.ResolveShareLinkResponse, error) {
	found, ok := f.links.GetIfPresent(id)
	if ok && f.live.Load() && f.stamps.good(found) {
		return &found.Link, nil, nil
	}
	stale := ok && f.mayBeStale() && f.stamps.good(found)
	if stale && f.within(&f.silent, awayFor) {
		return &found.Link, nil, nil
	}
	before := f.seen()
	answer, err := f.Resolve(ctx, id)
	if err == nil {
		return f.keepAnswer(id, answer, before), answer, nil
	}
	if !away(err) {
		return nil, nil, err
	}
	if ctx.Err() == nil { // else it was the caller who left
		f.note(&f.silent)
	}
	if stale && f.stamps.good(found) {
		return &found.Link, nil, nil
	}
	return nil, nil, err
}

// Resolve asks the sharing service where what was typed leads, or what there is
// instead.
func (f *Feed) Resolve(ctx context.Context, typed string) (*sharingv1.ResolveShareLinkResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	answer, err := f.reader.ResolveShareLink(ctx, &sharingv1.ResolveShareLinkRequest{Name: "sites/-/shareLinks/" + typed})
	if err != nil {
		return nil, rpc.FromStatus(err)
	}
	return answer, nil
}

// Generation returns a number that changes whenever anything changes that
// sharing makes of a site, `sites/{site}`; false while changes cannot be seen.
// Changes of other sites may change it, too.
func (f *Feed) Generation(site string) (uint64, bool) {
	generation := f.stamps.generation(site)
	return generation, f.live.Load()
}

// keepAnswer keeps an answer if nothing was told since it was asked for. That a
// link leads nowhere is not kept: such an answer does not say which article
// would bring it back. It returns nil when the answer is about no link.
func (f *Feed) keepAnswer(id string, answer *sharingv1.ResolveShareLinkResponse, before uint64) *Link {
	if answer.GetShareLink() == nil {
		return nil
	}
	uri := answer.GetUri()
	if answer.GetState() != sharingv1.ResolveShareLinkResponse_STATE_FOUND {
		uri = ""
	}
	link := f.newKept(answer.GetShareLink(), uri)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.events == before && link.article != "" {
		f.links.Set(id, link)
	}
	return &link.Link
}

// seen returns how many messages were handled.
func (f *Feed) seen() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.events
}

// mayBeStale reports whether the stream lives or broke not long ago.
func (f *Feed) mayBeStale() bool { return f.live.Load() || f.within(&f.broken, StaleFor) }

// note keeps the present time.
func (f *Feed) note(at *atomic.Int64) { at.Store(1 + int64(time.Since(f.began))) }

// within reports whether a time that was kept is less than d ago.
func (f *Feed) within(at *atomic.Int64, d time.Duration) bool {
	noted := at.Load()
	return noted != 0 && time.Since(f.began)-time.Duration(noted-1) < d
}

// away reports whether nobody could say where a link leads.
func away(err error) bool {
	e, ok := fault.Of(err)
	return ok && (e.Kind == fault.KindUnavailable || e.Reason == faultv1.Reason_REASON_DEADLINE_EXCEEDED)
}
