package testkit_test

import (
	"testing"

	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// Proto, matrix and behavior agree for every RPC of the suite and every role.
func TestEveryMethodLetsInWhomItShould(t *testing.T) {
	testkit.WalkPermissions(t,
		articlev1.File_skaitykla_article_v1_article_service_proto.Services().Get(0),
		mediav1.File_skaitykla_media_v1_media_service_proto.Services().Get(0),
		sharingv1.File_skaitykla_sharing_v1_sharing_service_proto.Services().Get(0),
	)
}
