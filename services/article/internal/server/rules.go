package server

import (
	"sync"

	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// rulebook keeps the compiled path rules of sites: addresses that lead nowhere
// are asked for often, and compiling costs more than all else about them.
type rulebook struct {
	mu    sync.Mutex
	sites map[string]siteRules
}

type siteRules struct {
	uid     string // of the site
	version int64  // of the site
	rules   article.Rules
}

// of returns the rules of a site.
func (b *rulebook) of(id string, site *recordv1.Site) article.Rules {
	b.mu.Lock()
	defer b.mu.Unlock()
	known, ok := b.sites[id]
	if ok && known.version == site.GetVersion() && known.uid == site.GetSite().GetUid() {
		return known.rules
	}
	if b.sites == nil {
		b.sites = make(map[string]siteRules)
	}
	made := siteRules{uid: site.GetSite().GetUid(), version: site.GetVersion(), rules: article.CompileRules(site.GetSite())}
	b.sites[id] = made
	return made.rules
}
