package importer

import (
	"context"
	"fmt"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// library is the name of the photo of the site that has the bytes of the
// picture, empty when there is none: what editors wrote of it, such as its
// credit and its rights, then stands in the article, too. The one that an
// earlier import made comes first, so that an article keeps its photos; then
// those that may be shown, then the oldest. One that was withdrawn is not
// uploaded again behind the back of whoever withdrew it.
func library(ctx context.Context, suite Suite, p picture, site string) (string, error) {
	name := p.photo(site)
	known, err := suite.Photos.GetPhoto(ctx, &mediav1.GetPhotoRequest{Name: name, View: mediav1.PhotoView_PHOTO_VIEW_WORKING})
	if err == nil && known.GetSha256() != p.sha256 {
		return "", fmt.Errorf("somebody gave another picture the name %s, which is made from this one; save it anew, a little changed", name)
	}
	if err == nil {
		return name, nil
	}
	if !notFound(err) {
		return "", err
	}
	request := &mediav1.ListPhotosRequest{
		Parent: site, View: mediav1.PhotoView_PHOTO_VIEW_WORKING, OrderBy: "create_time",
		Filter: fmt.Sprintf("sha256 = %q", p.sha256),
	}
	first := ""
	for {
		page, err := suite.Photos.ListPhotos(ctx, request)
		if err != nil {
			return "", err
		}
		for _, photo := range page.GetPhotos() {
			if photo.GetRights().GetCleared() && photo.GetState() != mediav1.Photo_STATE_WITHDRAWN {
				return photo.GetName(), nil
			}
			if first == "" {
				first = photo.GetName()
			}
		}
		if request.PageToken = page.GetNextPageToken(); request.GetPageToken() == "" {
			return first, nil
		}
	}
}
