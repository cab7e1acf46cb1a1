// Package photos asks the media service about photos.
package photos

import (
	"context"
	"slices"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

const (
	batch   = 1000             // photos of one request
	unknown = 50               // photos that are sorted out one by one
	timeout = 10 * time.Second // of one request
)

// Client looks photos up. The zero value has no media service to ask.
type Client struct{ media mediav1.MediaServiceClient }

// New returns a client that asks media with the rights of its connection,
// which must be those of a service.
func New(media mediav1.MediaServiceClient) Client { return Client{media: media} }

// Lookup returns the photos of a site by name; those it does not have are
// missing. It fails with SERVICE_UNAVAILABLE when media cannot be asked, and
// with PHOTO_UNKNOWN when very many are missing.
func (c Client) Lookup(ctx context.Context, site string, names []string) (map[string]*mediav1.Photo, error) {
	found := make(map[string]*mediav1.Photo, len(names))
	for chunk := range slices.Chunk(names, batch) {
		if err := c.lookup(ctx, site, slices.Clone(chunk), found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// Known is Lookup however many are missing.
func (c Client) Known(ctx context.Context, site string, names []string) (map[string]*mediav1.Photo, error) {
	found := make(map[string]*mediav1.Photo, len(names))
	for chunk := range slices.Chunk(names, unknown) {
		if err := c.lookup(ctx, site, slices.Clone(chunk), found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// lookup asks for one batch, leaving out one by one those that are unknown.
func (c Client) lookup(ctx context.Context, site string, names []string, found map[string]*mediav1.Photo) error {
	if c.media == nil {
		return unavailable(nil)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for range unknown + 1 {
		if len(names) == 0 {
			return nil
		}
		answer, err := c.media.BatchGetPhotos(ctx, &mediav1.BatchGetPhotosRequest{
			Parent: site, Names: names, View: mediav1.PhotoView_PHOTO_VIEW_WORKING,
		})
		if err == nil {
			for _, photo := range answer.GetPhotos() {
				found[photo.GetName()] = photo
			}
			return nil
		}
		failure := rpc.FromStatus(err)
		if failure.Reason != faultv1.Reason_REASON_RESOURCE_NOT_FOUND {
			return unavailable(err)
		}
		at := slices.IndexFunc(names, func(name string) bool {
			return name == failure.Metadata["name"] || name == failure.Metadata["resource"]
		})
		if at < 0 {
			return unavailable(err)
		}
		names = slices.Delete(names, at, at+1)
	}
	return fault.New(faultv1.Reason_REASON_PHOTO_UNKNOWN,
		"the site lacks more than %d of the photos; upload them first", unknown)
}

func unavailable(err error) error {
	return fault.Unavailable(err, faultv1.Reason_REASON_SERVICE_UNAVAILABLE,
		"the media service cannot be asked about photos now; try again later").RetryAfter(2 * time.Second)
}
