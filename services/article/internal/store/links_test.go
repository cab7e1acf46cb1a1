package store_test

import (
	"fmt"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/store"
)

// remove deletes an article.
func remove(t *testing.T, s *store.Store, id string) {
	t.Helper()
	l, err := s.Load(t.Context(), article.Name{Site: "biblioteka", ID: id}, 0)
	if err != nil {
		t.Fatal(err)
	}
	gone := proto.CloneOf(l.State)
	if err := article.Delete(gone, noon); err != nil {
		t.Fatal(err)
	}
	commit(t, s, article.Change{
		Write: article.Write{Time: noon}, Name: l.Name, Before: l.State, After: gone, Withdraw: l.State.GetPublishedRevision() != 0,
	})
}

// rows counts what stands under a prefix.
func rows(t *testing.T, db kv.Store, prefix string) int {
	t.Helper()
	n := 0
	err := db.View(t.Context(), func(r kv.Reader) error {
		n = 0
		for _, err := range r.Scan(kv.Prefix([]byte(prefix))) {
			if err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestFullestSave saves as much at once as one save may, within the limits of a
// transaction.
func TestFullestSave(t *testing.T) {
	s, db := open(t)
	commit(t, s, draft("sena", "sena", noon))
	commit(t, s, publish(t, s, "sena", noon))
	remove(t, s, "sena")
	c := draft("nauja", "pirma", noon)
	for i := range article.MaxAliasChanges {
		c.After.Aliases = append(c.After.Aliases, fmt.Sprintf("/?p=%d", i))
	}
	commit(t, s, c)
	l, err := s.Load(t.Context(), c.Name, 0)
	if err != nil {
		t.Fatal(err)
	}
	next := article.Change{
		Write: article.Write{Principal: "ona", Method: "UpdateArticle", Time: noon, Request: make([]byte, 32), Digest: []byte("d")},
		Name:  c.Name, Before: l.State, After: proto.CloneOf(l.State), Slug: "sena", OldSlug: "pirma", TakeSlug: true,
		Revision: &recordv1.Revision{Article: proto.CloneOf(l.Content())}, Kind: c.Kind,
	}
	next.After.Revision++
	next.Revision.Article.Slug = "sena"
	next.After.Aliases = nil
	commit(t, s, next)
	if n := rows(t, db, "alias/"); n != 0 {
		t.Errorf("%d aliases are left", n)
	}
}

// TestFullestPublish changes as much of what is public as publishing may, within
// the limits of a transaction.
func TestFullestPublish(t *testing.T) {
	s, db := open(t)
	commit(t, s, draft("sena", "sena", noon))
	commit(t, s, publish(t, s, "sena", noon))
	c := publish(t, s, "sena", noon) // moves on, so that its old slug is free
	c.After.PublicSlug = "kita"
	commit(t, s, c)

	content := func(slug, group string) *articlev1.Article {
		return &articlev1.Article{Title: "Nauja", Slug: slug, TranslationGroup: group}
	}
	next := draft("nauja", "nauja", noon)
	next.Revision.Article = content("nauja", "pirma")
	commit(t, s, next)
	for i, slug := range []string{"nauja", "sena"} {
		c := publish(t, s, "nauja", noon.Add(time.Duration(i)*time.Hour))
		c.After.PublishTime = timestamppb.New(c.Time)
		c.Request, c.Digest = append(make([]byte, 31), byte(i)), []byte("d")
		for n := range article.MaxTags {
			c.Projection.Tags = append(c.Projection.Tags, fmt.Sprintf("%s %d", slug, n))
		}
		c.Projection.Member = article.MemberOf(content(slug, slug))
		commit(t, s, c)
		l, err := s.Load(t.Context(), c.Name, 0)
		if err != nil {
			t.Fatal(err)
		}
		after := proto.CloneOf(l.State)
		after.Revision++
		commit(t, s, article.Change{
			Write: article.Write{Time: c.Time}, Name: c.Name, Before: l.State, After: after, Slug: "sena", OldSlug: "nauja", TakeSlug: true,
			Revision: &recordv1.Revision{Article: content("sena", "antra")}, Kind: c.Kind,
		})
	}
	if n := rows(t, db, "tag/"); n != article.MaxTags {
		t.Errorf("there are %d rows of tags", n)
	}
	siblings, err := s.Siblings(t.Context(), "biblioteka", "sena")
	if err != nil || len(siblings) != 1 || siblings[0].Public.GetTitle() != "Nauja" || siblings[0].Working != nil {
		t.Errorf("in the group are %v, %v", siblings, err)
	}
}

// TestPurgeLinks purges an article with all the aliases that one can have, and
// with a slug that it took over and never used.
func TestPurgeLinks(t *testing.T) {
	s, db := open(t)
	commit(t, s, draft("sena", "sena", noon))
	commit(t, s, publish(t, s, "sena", noon))
	remove(t, s, "sena")
	c := draft("nauja", "sena", noon)
	testkit.WantReason(t, s.Commit(t.Context(), c), faultv1.Reason_REASON_SLUG_TAKEN)
	c.TakeSlug = true
	c.Revision.Article.TranslationGroup = "grupe"
	commit(t, s, c)
	for step := range 3 {
		l, err := s.Load(t.Context(), c.Name, 0)
		if err != nil {
			t.Fatal(err)
		}
		after := proto.CloneOf(l.State)
		for i := range 15 {
			after.Aliases = append(after.Aliases, fmt.Sprintf("/?p=%d", 100*step+i))
		}
		commit(t, s, article.Change{Write: article.Write{Time: noon}, Name: c.Name, Before: l.State, After: after})
	}
	if n := rows(t, db, "alias/biblioteka/"); n != 45 {
		t.Errorf("there are %d aliases", n)
	}
	if n := rows(t, db, "translation/biblioteka/grupe/lt"); n != 1 {
		t.Errorf("%d rows say who is in the group", n)
	}
	remove(t, s, "nauja")
	if n := rows(t, db, "translation/"); n != 0 {
		t.Error("a deleted article still has its place in the group")
	}
	if held, err := s.Slug(t.Context(), "biblioteka", "lt", "sena"); err != nil || held.GetArticleId() != "nauja" || held.GetFormerId() != "sena" {
		t.Errorf("before the purge the slug is held by %v, %v", held, err)
	}
	if swept, err := s.Sweep(t.Context(), noon.Add(article.Keep)); err != nil || swept.Articles != 2 {
		t.Fatalf("swept %v, %v", swept, err)
	}
	if n := rows(t, db, "alias/"); n != 0 {
		t.Errorf("%d aliases are left", n)
	}
	held, err := s.Slug(t.Context(), "biblioteka", "lt", "sena")
	if err != nil || held.GetArticleId() != "sena" || !held.GetPublic() || held.GetFormerId() != "" {
		t.Errorf("after the purge the slug is held by %v, %v", held, err)
	}
}
