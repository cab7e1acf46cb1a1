package follow

import (
	"slices"
	"sync"
	"unique"

	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// usage knows which published articles use which photos. It holds every photo
// of every article, so it is made of slices: a photo has few articles, and an
// article few photos.
type usage struct {
	mu       sync.Mutex
	photos   map[article.Name][]string
	articles map[string][]article.Name
}

// set says which photos an article uses; none takes it away.
func (u *usage) set(n article.Name, photos []string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, photo := range u.photos[n] {
		left := slices.DeleteFunc(u.articles[photo], func(other article.Name) bool { return other == n })
		if u.articles[photo] = left; len(left) == 0 {
			delete(u.articles, photo)
		}
	}
	delete(u.photos, n)
	u.link(n, photos)
}

// add says that an article uses the photos, besides those that are known.
func (u *usage) add(n article.Name, photos []string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.link(n, photos)
}

func (u *usage) link(n article.Name, photos []string) {
	n.Site = unique.Make(n.Site).Value() // one string for all of a site
	known := u.photos[n]
	for _, photo := range photos {
		if !slices.Contains(known, photo) {
			u.articles[photo] = append(u.articles[photo], n)
			known = append(known, photo)
		}
	}
	if len(known) > 0 {
		u.photos[n] = slices.Clip(known)
	}
}

// of returns the articles that use a photo.
func (u *usage) of(photo string) []article.Name {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Clone(u.articles[photo])
}
