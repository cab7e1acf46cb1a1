package store

import (
	"slices"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// firstPublication is a step of the migration to format 2, which kept no
// publications: what readers see now they may have seen since the article was
// first public. Where the audit knows better, replayPublication says so.
func firstPublication(m kv.Migrator, a *migrant) error {
	if a.State.GetPublishedRevision() == 0 {
		return nil
	}
	return putMigrated(m, a.Name, &recordv1.Publication{
		Revision: a.State.GetPublishedRevision(), PublishTime: a.State.GetPublishTime(), Slug: a.State.GetPublicSlug(),
		CreateTime: a.State.GetFirstPublicTime(),
	})
}

// replayPublication makes a publication of the audit event of one. The time that
// readers saw is only known as it is now.
func replayPublication(m kv.Migrator, event *recordv1.Event) error {
	if !slices.Contains([]string{"PublishArticle", "UnpublishArticle", "DeleteArticle"}, event.GetMethod()) {
		return nil
	}
	n, err := article.ParseName("name", event.GetName())
	if err != nil {
		return err
	}
	state := &recordv1.State{}
	ok, err := get(m, stateKey(n), state)
	at, first := event.GetCreateTime().AsTime(), state.GetFirstPublicTime()
	if err != nil || !ok || first == nil || at.Before(first.AsTime()) {
		return err // of an article that is gone, or never public so far
	}
	p := &recordv1.Publication{CreateTime: timestamppb.New(at)}
	if event.GetMethod() == "PublishArticle" {
		revision, err := getRevision(m, n, state, event.GetToRevision())
		if err != nil || revision == nil {
			return err
		}
		p.Revision, p.PublishTime, p.Slug = event.GetToRevision(), state.GetPublishTime(), revision.GetArticle().GetSlug()
	}
	return putMigrated(m, n, p)
}

func putMigrated(m kv.Migrator, n article.Name, p *recordv1.Publication) error {
	value, err := encode(p)
	if err != nil {
		return err
	}
	return m.Put(publicationKey(n, p.GetCreateTime().AsTime(), 0), value)
}
