package store

import (
	"context"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// maxGroup is more than a group can have: one article for each language.
const maxGroup = 100

// Siblings returns the articles of a translation group by language.
func (s *Store) Siblings(ctx context.Context, site, group string) ([]article.Sibling, error) {
	reach := kv.Prefix(translationKey(site, group, ""))
	reach.Limit = maxGroup
	var siblings []article.Sibling
	err := s.view(ctx, func(r kv.Reader) error {
		siblings = nil
		for e, err := range r.Scan(reach) {
			if err != nil {
				return err
			}
			held := &recordv1.Translation{}
			if err := proto.Unmarshal(e.Value, held); err != nil {
				return fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED, "the record %q is damaged; restore the store from a copy", e.Key)
			}
			siblings = append(siblings, article.Sibling{
				Name:         article.Name{Site: site, ID: held.GetArticleId()},
				LanguageCode: string(e.Key[len(translationKey(site, group, "")):]),
				Working:      held.GetWorking(), Public: held.GetPublic(),
			})
		}
		return nil
	})
	return siblings, err
}

// claim is what an article shows in one translation group.
type claim struct{ working, public *recordv1.GroupMember }

// claimOf returns what an article in a state shows in a group; nothing of one
// that is deleted or not there.
func claimOf(state *recordv1.State, group string) claim {
	var c claim
	if m := state.GetMember(); m.GetGroup() == group && state.GetState() != article.Deleted {
		c.working = m
	}
	if m := state.GetPublicMember(); m.GetGroup() == group {
		c.public = m
	}
	return c
}

func (c claim) empty() bool { return c.working == nil && c.public == nil }

func (c claim) same(other claim) bool {
	return proto.Equal(c.working, other.working) && proto.Equal(c.public, other.public)
}

// covers reports whether c claims all that other does.
func (c claim) covers(other claim) bool {
	return (c.working != nil || other.working == nil) && (c.public != nil || other.public == nil)
}

// groupsOf returns the groups that an article is in, before or after, each once.
func groupsOf(states ...*recordv1.State) []string {
	var groups []string
	seen := map[string]bool{"": true}
	for _, state := range states {
		for _, group := range []string{state.GetMember().GetGroup(), state.GetPublicMember().GetGroup()} {
			if !seen[group] {
				seen[group] = true
				groups = append(groups, group)
			}
		}
	}
	return groups
}

// putTranslations brings what the groups of the article know of it up to date.
// It fails with TRANSLATION_TAKEN when another article has its language there.
func (e *encoded) putTranslations(tx kv.Tx) error {
	for _, group := range groupsOf(e.Before, e.After) {
		was, is := claimOf(e.Before, group), claimOf(e.After, group)
		if was.same(is) {
			continue
		}
		if err := e.putTranslation(tx, group, was, is); err != nil {
			return err
		}
	}
	return nil
}

func (e *encoded) putTranslation(tx kv.Tx, group string, was, is claim) error {
	code := e.After.GetLanguageCode()
	key := translationKey(e.Name.Site, group, code)
	held := &recordv1.Translation{}
	ok, err := get(tx, key, held)
	if err != nil {
		return err
	}
	if ok && held.GetArticleId() != e.Name.ID {
		// Stores of format 1 may have two articles there. One of them has the
		// place; the other may go on as it is, and leave. A redaction, too, may
		// bring an article where another one is.
		if was.covers(is) || e.Silent {
			return nil
		}
		return article.TranslationTaken(group, code, article.Name{Site: e.Name.Site, ID: held.GetArticleId()})
	}
	if err := putClaim(tx, key, e.Name, is); err != nil {
		return err
	}
	if proto.Equal(was.public, is.public) {
		return nil
	}
	return tx.Emit(topicOfGroup(e.Name.Site, group), nil)
}

// writer is what a transaction and a migration write with.
type writer interface {
	Put(key, value []byte) error
	Delete(key []byte) error
}

func putClaim(w writer, key []byte, n article.Name, c claim) error {
	if c.empty() {
		return w.Delete(key)
	}
	value, err := encode(&recordv1.Translation{ArticleId: n.ID, Working: c.working, Public: c.public})
	if err != nil {
		return err
	}
	return w.Put(key, value)
}

// translationRows is a step of the migration to format 2. Where several articles
// have one language in a group, the first that readers see gets the place.
func translationRows(m kv.Migrator, a *migrant) error {
	newest, err := getRevision(m, a.Name, a.State, a.State.GetRevision())
	if err != nil {
		return err
	}
	a.State.Member = article.MemberOf(newest.GetArticle())
	if number := a.State.GetPublishedRevision(); number != 0 {
		published, err := getRevision(m, a.Name, a.State, number)
		if err != nil {
			return err
		}
		a.State.PublicMember = article.MemberOf(published.GetArticle())
	}
	for _, group := range groupsOf(a.State) {
		is := claimOf(a.State, group)
		key := translationKey(a.Name.Site, group, a.State.GetLanguageCode())
		held := &recordv1.Translation{}
		ok, err := get(m, key, held)
		switch {
		case err != nil:
			return err
		case is.empty(), ok && (is.public == nil || held.GetPublic() != nil):
			continue
		}
		if err := putClaim(m, key, a.Name, is); err != nil {
			return err
		}
	}
	return nil
}
