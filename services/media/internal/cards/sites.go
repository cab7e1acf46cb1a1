package cards

import (
	"context"
	"iter"
	"strings"
	"sync"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// site is what of a site can be seen on its cards.
type site struct {
	title, color string
	// logo is the address of a photo of the site, "" when it has none.
	logo string
}

// sites are those that were asked about.
type sites struct {
	mutex sync.Mutex
	known map[string]site
}

func (s *sites) get(name string) (site, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	found, ok := s.known[name]
	return found, ok
}

// set reports whether the site was known and looked otherwise.
func (s *sites) set(name string, now site) (changed bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	before, known := s.known[name]
	s.known[name] = now
	return known && before != now
}

func (s *sites) names() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var names []string
	for name := range s.known {
		names = append(names, name)
	}
	return names
}

// site returns a site, asking for it when it is not known yet. A site that is
// gone has no name and no color; its cards go with its articles.
func (k *Keeper) site(ctx context.Context, name string) (site, error) {
	if known, ok := k.sites.get(name); ok {
		return known, nil
	}
	fresh, err := k.askSite(ctx, name)
	if err != nil {
		return site{}, err
	}
	k.sites.set(name, fresh)
	return fresh, nil
}

func (k *Keeper) askSite(ctx context.Context, name string) (site, error) {
	resource, err := k.Articles.GetSite(ctx, &articlev1.GetSiteRequest{Name: name})
	if err == nil {
		return siteOf(resource), nil
	}
	failure := rpc.FromStatus(err)
	if fault.Has(failure, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return site{}, nil
	}
	return site{}, failure
}

// siteOf takes a logo only when it is a photo at an address of ours: media
// fetches nothing from elsewhere.
func siteOf(resource *articlev1.Site) site {
	logo, ours := strings.CutPrefix(resource.GetPublisher().GetLogoUri(), resource.GetBaseUri()+"/media/")
	if !ours || resource.GetBaseUri() == "" {
		logo = ""
	} else {
		logo = "/media/" + logo
	}
	return site{title: resource.GetTitle(), color: resource.GetColor(), logo: logo}
}

// followSites asks for all known sites from time to time and looks at the cards
// of those that changed.
func (k *Keeper) followSites(ctx context.Context) error {
	tick := time.NewTicker(k.SiteEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		for _, name := range k.sites.names() {
			fresh, err := k.askSite(ctx, name)
			if err != nil {
				return err
			}
			if !k.sites.set(name, fresh) {
				continue
			}
			if err := k.audit(ctx, func(article string) bool { return siteName(article) == name }); err != nil {
				return err
			}
		}
	}
}

// siteName is the site of an article, `sites/{site}`.
func siteName(article string) string {
	name, _, _ := strings.Cut(article, "/articles/")
	return name
}

// audit puts into the queue the cards that would be drawn otherwise now.
func (k *Keeper) audit(ctx context.Context, concerns func(article string) bool) error {
	for article, err := range k.each(ctx) {
		if err != nil {
			return err
		}
		if !concerns(article) {
			continue
		}
		current, err := k.isCurrent(ctx, article)
		if err != nil {
			return err
		}
		if current {
			continue
		}
		if err := k.Records.QueueCards(ctx, []string{article}); err != nil {
			return err
		}
		k.Wake()
	}
	return nil
}

// each yields the names of all articles that have cards. It holds no
// transaction while it yields.
func (k *Keeper) each(ctx context.Context) iter.Seq2[string, error] {
	const page = 200
	return func(yield func(string, error) bool) {
		for after := ""; ; {
			articles, err := k.Records.Cards(ctx, after, page)
			if err != nil {
				yield("", err)
				return
			}
			for _, article := range articles {
				if !yield(article, nil) {
					return
				}
			}
			if len(articles) < page {
				return
			}
			after = articles[len(articles)-1]
		}
	}
}
