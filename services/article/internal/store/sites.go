package store

import (
	"bytes"
	"errors"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// maxSites bounds the sites that are kept decoded.
const maxSites = 256

// siteCache keeps sites decoded, because every address that is asked for needs
// one. The stored bytes decide: a site is kept while they are the same. The zero
// value is empty.
type siteCache struct {
	mu    sync.Mutex
	sites map[string]keptSite // by id
}

type keptSite struct {
	encoded []byte
	site    *recordv1.Site
}

// read returns a site as it is stored, nil for none. Nobody may change it.
func (c *siteCache) read(r kv.Reader, id string) (*recordv1.Site, error) {
	encoded, err := r.Get(siteKey(id))
	switch {
	case errors.Is(err, kv.ErrNotFound):
		return nil, nil //nolint:nilnil // that there is none is no error
	case err != nil:
		return nil, err
	}
	if kept := c.kept(id); bytes.Equal(kept.encoded, encoded) {
		return kept.site, nil
	}
	site := &recordv1.Site{}
	if err := proto.Unmarshal(encoded, site); err != nil {
		return nil, fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED, "the record of site %q is damaged; restore the store from a copy", id)
	}
	c.keep(id, keptSite{encoded: encoded, site: site})
	return site, nil
}

func (c *siteCache) kept(id string) keptSite {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sites[id]
}

func (c *siteCache) keep(id string, site keptSite) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sites == nil || len(c.sites) >= maxSites {
		c.sites = make(map[string]keptSite)
	}
	c.sites[id] = site
}
