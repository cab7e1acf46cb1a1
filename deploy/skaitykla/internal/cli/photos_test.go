package cli

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

func TestPhotoRow(t *testing.T) {
	photos := []*mediav1.Photo{
		{
			Name: "sites/biblioteka/photos/muge", State: mediav1.Photo_STATE_ACTIVE, Width: 2560, Height: 1707, Credit: "Ona",
			CreateTime: &timestamppb.Timestamp{Seconds: 1_717_718_400}, Rights: &mediav1.Rights{ExpireTime: &timestamppb.Timestamp{Seconds: 1_800_000_000}},
			Captions: map[string]string{"en": "The book fair", "lt": "Knygų\nmugė"},
		},
		{Name: "sites/biblioteka/photos/be-nieko", Filename: "DSC_1.jpg", Alts: map[string]string{"en": "A fair", "da": "En messe"}},
	}
	var out bytes.Buffer
	if err := printList(&app{}, &out, whole(photos), photoRow); err != nil {
		t.Fatal(err)
	}
	want := []string{"muge active 2024-06-07 2560x1707 2027-01-15 Ona Knygų mugė", "be-nieko unspecified - 0x0 - En messe"}
	if diff := cmp.Diff(want, fieldsOf(out.String())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
