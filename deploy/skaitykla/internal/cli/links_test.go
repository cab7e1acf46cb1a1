package cli

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

func TestLinkRow(t *testing.T) {
	links := []*sharingv1.ShareLink{
		{
			Name: "sites/biblioteka/shareLinks/knygu-muge", Article: "sites/biblioteka/articles/muge", State: sharingv1.ShareLink_STATE_ACTIVE,
			CreateTime: &timestamppb.Timestamp{Seconds: 1_717_718_400}, PeopleCount: new(int64(1234)), Note: "Plakatas\nmugei",
		},
		{
			Name: "sites/biblioteka/shareLinks/k7m29qz9", Article: "sites/biblioteka/articles/muge", State: sharingv1.ShareLink_STATE_GONE,
			PeopleCount: new(int64(0)), MachineCount: new(int64(7)),
		},
	}
	var out bytes.Buffer
	if err := printList(&app{}, &out, whole(links), linkRow); err != nil {
		t.Fatal(err)
	}
	want := []string{"knygu-muge active 2024-06-07 1234 <5 muge Plakatas mugei", "k7m29qz9 gone - 0 7 muge"}
	if diff := cmp.Diff(want, fieldsOf(out.String())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLinkName(t *testing.T) {
	for typed, want := range map[string]string{
		"k7m29qz9":                         "k7m29qz9",
		"K7M29QZ9.F":                       "k7m29qz9",
		"https://biblioteka.lt/s/K7M29QZ9": "k7m29qz9",
		"sites/biblioteka/shareLinks/muge": "muge",
		"Knygu-Muge":                       "knygu-muge",
		"žąsys":                            "žąsys", // for the service to refuse
	} {
		if got := linkName("sites/b", typed); got != "sites/b/shareLinks/"+want {
			t.Errorf("%s: %s, want %s", typed, got, want)
		}
	}
}

func TestLinkFilter(t *testing.T) {
	for _, tt := range []struct {
		article string
		words   bool
		want    string
	}{
		{"", false, ""},
		{"muge", false, `article = "sites/b/articles/muge"`},
		{"sites/b/articles/muge", true, `article = "sites/b/articles/muge" AND kind = WORDS`},
		{"", true, "kind = WORDS"},
	} {
		if got := linkFilter("sites/b", tt.article, tt.words); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
