package store

import (
	"bytes"
	"context"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// maxSessions is how many edit sessions of an article an import remembers;
// revisions of others are never thinned.
const maxSessions = 10_000

// importer implements article.Importer. Writes wait until there are enough of
// them for a transaction.
type importer struct {
	store *Store
	site  string
	token []byte
	start time.Time

	steps       []func(kv.Tx) error
	keys, bytes int

	group    *group // of the article whose revisions come; nil between articles
	groupKey []byte
	sessions map[string]*recordv1.EditSession // of that article
	sealed   bool                             // all articles are stored
	finished bool
}

var _ article.Importer = (*importer)(nil)

// queue adds a step that touches so many keys and bytes.
func (i *importer) queue(ctx context.Context, keys, size int, step func(kv.Tx) error) error {
	if i.keys+keys > importKeys || i.bytes+size > importBytes {
		if err := i.flush(ctx); err != nil {
			return err
		}
	}
	i.steps = append(i.steps, step)
	i.keys, i.bytes = i.keys+keys, i.bytes+size
	return nil
}

func (i *importer) put(ctx context.Context, key, value []byte) error {
	return i.queue(ctx, 1, len(key)+len(value), func(tx kv.Tx) error { return tx.Put(key, value) })
}

func (i *importer) putRecord(ctx context.Context, key []byte, m proto.Message) error {
	value, err := encode(m)
	if err != nil {
		return err
	}
	return i.put(ctx, key, value)
}

// flush runs the steps that wait.
func (i *importer) flush(ctx context.Context) error {
	if len(i.steps) == 0 {
		return nil
	}
	steps := i.steps
	i.steps, i.keys, i.bytes = nil, 0, 0
	return i.store.update(ctx, func(tx kv.Tx) error {
		if err := i.mine(tx); err != nil {
			return err
		}
		for _, step := range steps {
			if err := step(tx); err != nil {
				return err
			}
		}
		return i.touch(tx, &recordv1.Import{})
	})
}

// mine fails when the import was taken for dead.
func (i *importer) mine(tx kv.Tx) error {
	record := &recordv1.Import{}
	ok, err := get(tx, importKey(i.site), record)
	if err == nil && (!ok || !bytes.Equal(record.GetToken(), i.token)) {
		err = fault.New(faultv1.Reason_REASON_WRITE_CONTENTION,
			"the import paused for more than two minutes and was given up; import again")
	}
	return err
}

// Revision implements article.Importer.
func (i *importer) Revision(ctx context.Context, n article.Name, created time.Time, r *recordv1.Revision) error {
	took := false
	if i.group != nil {
		var err error
		if took, err = i.group.add(r); err != nil {
			return err
		}
	}
	if !took {
		if err := i.putGroup(ctx); err != nil {
			return err
		}
		i.group, i.groupKey = newGroup(), revisionKey(n, created, r.GetNumber())
		if _, err := i.group.add(r); err != nil {
			return err
		}
	}
	i.note(r)
	return nil
}

// note remembers the edit session of a revision that is young enough for it to
// be thinned later on.
func (i *importer) note(r *recordv1.Revision) {
	due := r.GetCreateTime().AsTime().Add(ThinAfter)
	if r.GetEditSession() == "" || !due.After(i.start) {
		return
	}
	known := i.sessions[r.GetEditSession()]
	switch {
	case known != nil:
		known.DueTime = timestamppb.New(due)
	case len(i.sessions) < maxSessions:
		i.sessions[r.GetEditSession()] = &recordv1.EditSession{FirstRevision: r.GetNumber(), DueTime: timestamppb.New(due)}
	}
}

func (i *importer) putGroup(ctx context.Context) error {
	if i.group == nil {
		return nil
	}
	value := i.group.encode()
	i.group = nil
	return i.put(ctx, i.groupKey, value)
}

// Publication implements article.Importer.
func (i *importer) Publication(ctx context.Context, n article.Name, number int64, p *recordv1.Publication) error {
	return i.putRecord(ctx, publicationKey(n, p.GetCreateTime().AsTime(), number), p)
}

// Schedule implements article.Importer.
func (i *importer) Schedule(ctx context.Context, n article.ScheduleName, r *recordv1.Schedule) error {
	return i.putRecord(ctx, scheduleKey(n), r)
}

// Article implements article.Importer.
func (i *importer) Article(ctx context.Context, n article.Name, state *recordv1.State) error {
	if err := i.putGroup(ctx); err != nil {
		return err
	}
	for session, record := range i.sessions {
		if err := i.putRecord(ctx, sessionKey(n, session), record); err != nil {
			return err
		}
	}
	clear(i.sessions)
	for _, alias := range state.GetAliases() {
		if err := i.queue(ctx, 1, len(alias)+len(n.ID), func(tx kv.Tx) error { return importAlias(tx, n, alias) }); err != nil {
			return err
		}
	}
	for _, group := range groupsOf(state) {
		claim := claimOf(state, group)
		size := 2 * (proto.Size(claim.working) + proto.Size(claim.public) + 200)
		step := func(tx kv.Tx) error { return importClaim(tx, n, state.GetLanguageCode(), group, claim) }
		if err := i.queue(ctx, 1, size, step); err != nil {
			return err
		}
	}
	return i.putRecord(ctx, stateKey(n), state)
}

func importAlias(tx kv.Tx, n article.Name, alias string) error {
	holder, err := aliasHolder(tx, n.Site, alias)
	switch {
	case err != nil:
		return err
	case holder != "" && holder != n.ID:
		return article.AliasTaken(alias, article.Name{Site: n.Site, ID: holder})
	}
	return tx.Put(aliasKey(n.Site, alias), []byte(n.ID))
}

// importClaim gives an article its place in a translation group. Where several
// have one language there, as in stores of format 1, the first that readers see
// gets it.
func importClaim(tx kv.Tx, n article.Name, code, group string, is claim) error {
	key := translationKey(n.Site, group, code)
	held := &recordv1.Translation{}
	ok, err := get(tx, key, held)
	if err != nil || is.empty() || ok && held.GetArticleId() != n.ID && (is.public == nil || held.GetPublic() != nil) {
		return err
	}
	return putClaim(tx, key, n, is)
}

// Slug implements article.Importer.
func (i *importer) Slug(ctx context.Context, code, slug string, held *recordv1.Slug) error {
	if !i.sealed {
		if err := i.flush(ctx); err != nil {
			return err
		}
		i.sealed = true
	}
	state := &recordv1.State{}
	err := i.store.view(ctx, func(r kv.Reader) (err error) {
		_, err = get(r, stateKey(article.Name{Site: i.site, ID: held.GetArticleId()}), state)
		return err
	})
	there := article.Holds(held, held.GetArticleId(), state.GetUid())
	switch {
	case err != nil:
		return err
	case !there && state.GetPublishedRevision() != 0 && state.GetLanguageCode() == code && state.GetPublicSlug() == slug:
		return fault.InvalidField("record", "readers see %s under the slug %q, and the uid of who has it is another one", state.GetName(), slug)
	case there && state.GetLanguageCode() != code:
		return fault.InvalidField("record", "the slug %q is one of %q, and its article is not in that language", slug, code)
	case !there && !held.GetPublic():
		return fault.InvalidField("record", "the slug %q was never public, and there is no article that has it", slug)
	}
	return i.putRecord(ctx, slugKey(i.site, code, slug), held)
}

// Event implements article.Importer.
func (i *importer) Event(ctx context.Context, e article.Event) error {
	return i.putRecord(ctx, append([]byte(auditBase+i.site+"/"), e.Position...), e.Record)
}

// Finish implements article.Importer.
func (i *importer) Finish(ctx context.Context, w article.Write, site *recordv1.Site, count int64) error {
	if err := i.flush(ctx); err != nil {
		return err
	}
	name := site.GetSite().GetName()
	value, err := encode(site)
	if err != nil {
		return err
	}
	audit, err := auditEntry(w, i.site, name, 0, site.GetVersion())
	if err != nil {
		return err
	}
	request, err := encodeRequest(w, name, count)
	if err != nil {
		return err
	}
	err = i.store.update(ctx, func(tx kv.Tx) error {
		if err := i.mine(tx); err != nil {
			return err
		}
		if err := putRequest(tx, w, request); err != nil {
			return err
		}
		if err := putHosts(tx, i.site, nil, site.GetSite().GetHosts()); err != nil {
			return err
		}
		if err := tx.Put(siteKey(i.site), value); err != nil {
			return err
		}
		if err := tx.Put(audit.key, audit.value); err != nil {
			return err
		}
		if err := i.touch(tx, &recordv1.Import{Verified: true}); err != nil {
			return err
		}
		return tx.Emit([]byte(siteTopic+i.site), nil)
	})
	i.finished = err == nil
	return err
}

// Abort implements article.Importer.
func (i *importer) Abort(ctx context.Context) error {
	if i.finished {
		return nil
	}
	return i.store.dropImport(ctx, i.site, i.token)
}
