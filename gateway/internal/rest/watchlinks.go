package rest

import (
	"context"
	"net/http"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

func openShareLinks(client sharingv1.SharingServiceClient) opener {
	return func(ctx context.Context, r *http.Request, parent string) (receive, error) {
		req := &sharingv1.WatchShareLinksRequest{Parent: parent}
		if err := watchQuery(req, r); err != nil {
			return nil, err
		}
		if id := r.Header.Get(lastEventID); id != "" {
			req.ResumeToken = id
		}
		stream, err := client.WatchShareLinks(ctx, req)
		if err != nil {
			return nil, err
		}
		return func() event {
			m, err := stream.Recv()
			return event{m, m.GetResumeToken(), err}
		}, nil
	}
}
