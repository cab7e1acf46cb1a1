package permissions_test

import (
	"context"

	"github.com/google/uuid"

	"github.com/skaitykla/skaitykla/internal/auth"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// usageRows are the methods about where photos are used, and their removal. The
// photo that is removed is a new one each time, of the site's author.
func usageRows() []row {
	return []row{
		{"ListPhotoUsages", "", nil, "tyyyyyyd", listPhotoUsages},
		{"DeletePhoto", "", nil, "tydyyydd", onPhoto(deletePhoto)},
		{"UndeletePhoto", "", nil, "tydyyydd", onPhoto(undeletePhoto)},
		{"WithdrawPhoto", "", nil, "tddyyydd", onPhoto(withdrawPhoto)},
		{"RestorePhoto", "", nil, "tddyyydd", onPhoto(restorePhoto)},
	}
}

func listPhotoUsages(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
	_, err := c.media.ListPhotoUsages(ctx, &mediav1.ListPhotoUsagesRequest{Parent: s.photo})
	return err
}

// onPhoto calls with a photo that the site's author has just uploaded.
func onPhoto(call func(context.Context, *suite, caller, *mediav1.Photo) error) func(context.Context, *suite, caller, *articlev1.Article) error {
	return func(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
		p, err := s.as(ona).upload(ctx, "p-"+uuid.NewString())
		must(s.t, err)
		return call(ctx, s, c, p)
	}
}

func deletePhoto(ctx context.Context, _ *suite, c caller, p *mediav1.Photo) error {
	_, err := c.media.DeletePhoto(ctx, &mediav1.DeletePhotoRequest{Name: p.GetName(), Etag: p.GetEtag()})
	return err
}

func undeletePhoto(ctx context.Context, s *suite, c caller, p *mediav1.Photo) error {
	must(s.t, deletePhoto(ctx, s, s.as(ona), p))
	_, err := c.media.UndeletePhoto(ctx, &mediav1.UndeletePhotoRequest{Name: p.GetName(), Etag: p.GetEtag()})
	return err
}

func withdrawPhoto(ctx context.Context, _ *suite, c caller, p *mediav1.Photo) error {
	_, err := c.media.WithdrawPhoto(ctx, &mediav1.WithdrawPhotoRequest{Name: p.GetName(), Etag: p.GetEtag(), Reason: "Prašymas"})
	return err
}

func restorePhoto(ctx context.Context, s *suite, c caller, p *mediav1.Photo) error {
	must(s.t, withdrawPhoto(ctx, s, s.as(person(auth.Editor, library)), p))
	_, err := c.media.RestorePhoto(ctx, &mediav1.RestorePhotoRequest{Name: p.GetName(), Etag: p.GetEtag()})
	return err
}
