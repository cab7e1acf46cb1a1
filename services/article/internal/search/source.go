package search

import (
	"context"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// source is what a volume is made from: one side of the articles.
type source interface {
	// name is the name of the volume.
	name() string
	// concerns reports whether an entry of the feed changed an article here.
	concerns(article.Told) bool
	// read returns an article as it is now, nil when it is not to be found.
	read(ctx context.Context, n article.Name) (*articlev1.Article, error)
	// list returns the articles after a position; a nil one begins.
	list(ctx context.Context, after []byte, limit int) ([]article.Item, error)
	// decode returns an article of the list, nil when it is not to be found.
	decode(ctx context.Context, n article.Name, item article.Item) (*articlev1.Article, error)
}

// published is what readers see.
type published struct{ store Store }

func (published) name() string { return "published" }

func (published) concerns(t article.Told) bool { return t.PublicKind != 0 }

func (p published) read(ctx context.Context, n article.Name) (*articlev1.Article, error) {
	encoded, err := p.store.Projection(ctx, n)
	if err != nil {
		return gone(err)
	}
	return decode(n, encoded)
}

func (p published) list(ctx context.Context, after []byte, limit int) ([]article.Item, error) {
	return p.store.Projections(ctx, "-", after, limit)
}

func (published) decode(_ context.Context, n article.Name, item article.Item) (*articlev1.Article, error) {
	return decode(n, item.Encoded)
}

// working is what authors see, without what is deleted.
type working struct{ store Store }

func (working) name() string { return "working" }

func (working) concerns(t article.Told) bool { return t.Kind != 0 }

func (w working) read(ctx context.Context, n article.Name) (*articlev1.Article, error) {
	l, err := w.store.Load(ctx, n, 0)
	if err != nil {
		return gone(err)
	}
	if l.State.GetState() == article.Deleted {
		return nil, nil
	}
	return article.Working(l.State, l.Number, l.Revision, l.Site.GetSite()), nil
}

func (w working) list(ctx context.Context, after []byte, limit int) ([]article.Item, error) {
	return w.store.Names(ctx, "-", after, limit)
}

func (w working) decode(ctx context.Context, n article.Name, _ article.Item) (*articlev1.Article, error) {
	return w.read(ctx, n)
}

func gone(err error) (*articlev1.Article, error) {
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return nil, nil
	}
	return nil, err
}

func decode(n article.Name, encoded []byte) (*articlev1.Article, error) {
	a := &articlev1.Article{}
	if err := proto.Unmarshal(encoded, a); err != nil {
		return nil, fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED, "the projection of %s is damaged; restore the store from a copy", n)
	}
	return a, nil
}

// build makes a batch of the articles of a list.
func (v *volume) gather(ctx context.Context, items []article.Item, add func(article.Name, *articlev1.Article) error) error {
	for _, item := range items {
		n, ok := v.store.ParsePosition(item.Position)
		if !ok {
			return fmt.Errorf("there is no article at %q", item.Position)
		}
		a, err := v.source.decode(ctx, n, item)
		if err != nil {
			return err
		}
		if a != nil {
			if err := add(n, a); err != nil {
				return err
			}
		}
	}
	return nil
}
