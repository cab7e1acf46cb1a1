package sharefeed

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

const (
	// firstRetry and maxRetry bound the wait before the stream is opened again.
	firstRetry = 100 * time.Millisecond
	maxRetry   = 5 * time.Second
	// silence is after what time without a message the stream is taken for dead;
	// the service sends one at least every ten seconds.
	silence = 25 * time.Second
	// settle is how long a stream that goes on where it was left must be quiet until
	// it has told what was missed; meanwhile links are asked for. A heartbeat says
	// it sooner. Where something happens all the time it is taken to have told
	// everything after settleMost.
	settle     = 2 * time.Second
	settleMost = 30 * time.Second
)

var errSilent = errors.New("the stream has been silent for too long")

// Run follows the feed until ctx ends.
func (f *Feed) Run(ctx context.Context) {
	wait := firstRetry
	for told := false; ctx.Err() == nil; {
		good, err := f.follow(ctx)
		f.broke()
		if ctx.Err() != nil {
			return
		}
		if good {
			wait, told = firstRetry, false
		}
		if fault.Has(err, faultv1.Reason_REASON_RESUME_TOKEN_EXPIRED) || fault.Has(err, faultv1.Reason_REASON_INVALID_RESUME_TOKEN) {
			f.token = ""
		}
		if !told {
			f.explain(err)
			told = true
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
		wait = min(2*wait, maxRetry)
	}
}

func (f *Feed) explain(err error) {
	if fault.Has(err, faultv1.Reason_REASON_TOKEN_REQUIRED) || fault.Has(err, faultv1.Reason_REASON_PERMISSION_DENIED) ||
		fault.Has(err, faultv1.Reason_REASON_TOKEN_INVALID) {
		f.log.Error("the sharing service does not tell this gateway where links lead, so it is asked for each; "+
			"set SKAITYKLA_GATEWAY_TOKEN_FILE to the token of a service", slog.Any("error", err))
		return
	}
	f.log.Warn("the feed of share links broke off; links are asked for one by one until it is back", slog.Any("error", err))
}

// broke ends the time in which what is kept is good.
func (f *Feed) broke() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.live.Swap(false) {
		f.note(&f.broken)
	}
}

// follow reads the stream to its end, which is an error. good reports whether
// there was anything to read.
func (f *Feed) follow(ctx context.Context) (good bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watchdog := time.AfterFunc(silence, func() { cancel(errSilent) })
	defer watchdog.Stop()
	stream, err := f.watcher.WatchShareLinks(ctx, &sharingv1.WatchShareLinksRequest{Parent: "sites/-", ResumeToken: f.token})
	if err != nil {
		return false, rpc.FromStatus(err)
	}
	fresh := f.token == ""
	var settled *time.Timer
	begin := time.Now()
	if !fresh {
		if _, err := stream.Header(); err != nil {
			return false, rpc.FromStatus(err)
		}
		settled = time.AfterFunc(settle, func() { f.lives(ctx) })
		defer settled.Stop()
	}
	for ; ; good = true {
		message, err := stream.Recv()
		if err != nil {
			if cause := context.Cause(ctx); errors.Is(cause, errSilent) {
				err = cause
			}
			return good, rpc.FromStatus(err)
		}
		watchdog.Reset(silence)
		if fresh && !good {
			f.restart()
		}
		f.handle(ctx, message)
		if !fresh && !f.live.Load() && time.Since(begin) < settleMost {
			settled.Reset(settle)
		}
	}
}

// restart forgets everything: a snapshot has begun.
func (f *Feed) restart() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events++
	f.stamps.everythingChanged()
	f.links.InvalidateAll()
}

// lives begins the time in which what is kept is good, unless the stream has
// ended already.
func (f *Feed) lives(ctx context.Context) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ctx.Err() == nil && !f.live.Swap(true) {
		f.log.Info("the feed of share links is followed")
	}
}

// handle does what a message says.
func (f *Feed) handle(ctx context.Context, m *sharingv1.WatchShareLinksResponse) {
	switch m.GetKind() {
	case sharingv1.WatchShareLinksResponse_KIND_SNAPSHOT:
		f.keep(m)
	case sharingv1.WatchShareLinksResponse_KIND_SNAPSHOT_END, sharingv1.WatchShareLinksResponse_KIND_HEARTBEAT:
		f.lives(ctx)
	case sharingv1.WatchShareLinksResponse_KIND_CREATED, sharingv1.WatchShareLinksResponse_KIND_UPDATED:
		f.changed(m)
	case sharingv1.WatchShareLinksResponse_KIND_SITE_CHANGED, sharingv1.WatchShareLinksResponse_KIND_UNSPECIFIED:
		f.siteChanged(m.GetSite())
	default:
		f.siteChanged(m.GetSite())
	}
	if token := m.GetResumeToken(); token != "" {
		f.token = token
	}
}

// changed takes note of a change of a link. It is that of its article, too: the
// other links of the article share its fate and are asked for again.
func (f *Feed) changed(m *sharingv1.WatchShareLinksResponse) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events++
	f.stamps.articleChanged(m.GetSite(), m.GetShareLink().GetArticle())
	f.set(m)
}

func (f *Feed) siteChanged(site string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events++
	f.stamps.siteChanged(site)
}

// keep keeps a link of a snapshot.
func (f *Feed) keep(m *sharingv1.WatchShareLinksResponse) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events++
	f.set(m)
}

func (f *Feed) set(m *sharingv1.WatchShareLinksResponse) {
	link := m.GetShareLink()
	id := idOf(m.GetName())
	if link == nil {
		f.links.Invalidate(id)
		return
	}
	uri := m.GetUri()
	if link.GetState() != sharingv1.ShareLink_STATE_ACTIVE {
		uri = ""
	}
	f.links.Set(id, f.newKept(link, uri))
}
