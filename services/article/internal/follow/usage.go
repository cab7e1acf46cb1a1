package follow

import (
	"sync"

	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// usage knows which published articles use which photos.
type usage struct {
	mu       sync.Mutex
	photos   map[article.Name][]string
	articles map[string]map[article.Name]bool
}

// set says which photos an article uses; none takes it away.
func (u *usage) set(n article.Name, photos []string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, photo := range u.photos[n] {
		delete(u.articles[photo], n)
		if len(u.articles[photo]) == 0 {
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
	for _, photo := range photos {
		if u.articles[photo] == nil {
			u.articles[photo] = make(map[article.Name]bool)
		}
		if !u.articles[photo][n] {
			u.articles[photo][n] = true
			u.photos[n] = append(u.photos[n], photo)
		}
	}
}

// of returns the articles that use a photo.
func (u *usage) of(photo string) []article.Name {
	u.mu.Lock()
	defer u.mu.Unlock()
	var names []article.Name
	for n := range u.articles[photo] {
		names = append(names, n)
	}
	return names
}
