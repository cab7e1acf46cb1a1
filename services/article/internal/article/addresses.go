package article

import recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"

// Addresses reads what addresses of one site lead to, all from one state of the
// store. It lasts as long as the call that it was given to.
type Addresses interface {
	// Site returns the site. Others read it at the same time: nobody changes it.
	Site() *recordv1.Site
	// Slug returns the id of the article that readers are led to by a slug that
	// was ever public, with where it stands for them, nil when it was removed for
	// good. No id when there is none.
	Slug(code, slug string) (id string, standing *recordv1.Standing, err error)
	// Alias is Slug for the article that has a canonical address as an alias.
	Alias(alias string) (id string, standing *recordv1.Standing, err error)
	// CopyProjection copies the encoded article that readers see into what room
	// returns for its size; or it answers RESOURCE_NOT_FOUND.
	CopyProjection(id string, room func(size int) []byte) error
}
