package cli

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"google.golang.org/protobuf/types/known/timestamppb"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

func TestPhotoPages(t *testing.T) {
	pages := []*mediav1.ListPhotosResponse{
		{NextPageToken: "more", Photos: []*mediav1.Photo{{
			Name: "sites/biblioteka/photos/muge", State: mediav1.Photo_STATE_ACTIVE, Width: 2560, Height: 1707, Credit: "Ona",
			CreateTime: &timestamppb.Timestamp{Seconds: 1_717_718_400}, Rights: &mediav1.Rights{ExpireTime: &timestamppb.Timestamp{Seconds: 1_800_000_000}},
			Captions: map[string]string{"en": "The book fair", "lt": "Knygų\nmugė"},
		}}},
		{NextPageToken: "still more"},
		{Photos: []*mediav1.Photo{{Name: "sites/biblioteka/photos/be-nieko", Filename: "DSC_1.jpg", Alts: map[string]string{"en": "A fair", "da": "En messe"}}}},
	}
	var out bytes.Buffer
	a := &app{}
	err := a.photoPages(&out, func() (photoPage, error) {
		page := pages[0]
		pages = pages[1:]
		return page, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	const want = "muge active 2024-06-07 2560x1707 2027-01-15 Ona Knygų mugė\nbe-nieko unspecified - 0x0 - En messe\n"
	lines := strings.Split(out.String(), "\n")
	for i := range lines {
		lines[i] = strings.Join(strings.Fields(lines[i]), " ")
	}
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	away := errors.New("away")
	if err := a.photoPages(&out, func() (photoPage, error) { return (*mediav1.ListPhotosResponse)(nil), away }); !errors.Is(err, away) {
		t.Errorf("got %v", err)
	}
}
