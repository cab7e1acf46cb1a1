package permissions_test

import (
	"context"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// usageRows are the methods about where photos are used, and their removal.
func usageRows() []row {
	return []row{
		{"ListPhotoUsages", "", nil, "tyyyyyyd", listPhotoUsages},
	}
}

func listPhotoUsages(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
	_, err := c.media.ListPhotoUsages(ctx, &mediav1.ListPhotoUsagesRequest{Parent: s.photo})
	return err
}
