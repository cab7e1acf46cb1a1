package store

import (
	"slices"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

// learnDeliveries notes what endpoints of the site are to be told of a
// transition; who that is, and in what words, is settled outside of it.
func (s *Store) learnDeliveries(tx kv.Tx, t Transition) error {
	kind := articleEvent(t)
	if kind == sharingv1.ArticleEvent_ARTICLE_EVENT_UNSPECIFIED {
		return nil
	}
	endpoints := kv.Prefix(endpointKey(webhook.Name{Site: t.Name.Site}))
	endpoints.Limit = 1
	any := false
	for _, err := range tx.Scan(endpoints) {
		if err != nil {
			return err
		}
		any = true
	}
	if !any {
		return nil
	}
	event := webhook.Event{Kind: kind, Site: t.Name.Site, UID: t.UID(), Revision: t.New.GetPublishedRevision(), Time: t.Time}
	row := &recordv1.OutboxEvent{MessageId: webhook.MessageID(event), Kind: kind, Article: t.New, Time: timestamppb.New(t.Time)}
	if t.New == nil {
		row.Article = &recordv1.Article{ // what the message about it tells, and no words
			Name: t.Old.GetName(), Uid: t.Old.GetUid(), Path: t.Old.GetPath(), LanguageCode: t.Old.GetLanguageCode(),
			TranslationGroup: t.Old.GetTranslationGroup(),
		}
	}
	row.Tags = slices.Compact(slices.Sorted(slices.Values(slices.Concat(t.New.GetTags(), t.Old.GetTags()))))
	return kvrecord.Put(tx, outboxKey(row.GetMessageId()), row)
}

// articleEvent returns what a transition is for endpoints. An archive that was
// moved here is no news, but those who were told that an article of it was
// withdrawn are told that it is back.
func articleEvent(t Transition) sharingv1.ArticleEvent {
	switch {
	case t.Quiet:
	case t.Kind == Published && (!t.Backdated || t.Gone != nil):
		return sharingv1.ArticleEvent_ARTICLE_EVENT_PUBLISHED
	case t.Kind == Corrected:
		return sharingv1.ArticleEvent_ARTICLE_EVENT_CORRECTED
	case t.Kind == Withdrawn:
		return sharingv1.ArticleEvent_ARTICLE_EVENT_WITHDRAWN
	}
	return sharingv1.ArticleEvent_ARTICLE_EVENT_UNSPECIFIED
}
