package store_test

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// TestStandingIsState looks at every field of recordv1.Standing, which records of
// recordv1.State are decoded as.
func TestStandingIsState(t *testing.T) {
	whole := (&recordv1.State{}).ProtoReflect().Descriptor().Fields()
	part := (&recordv1.Standing{}).ProtoReflect().Descriptor().Fields()
	for i := range part.Len() {
		f := part.Get(i)
		same := whole.ByNumber(f.Number())
		if same == nil || same.Name() != f.Name() || same.Kind() != f.Kind() || same.Cardinality() != f.Cardinality() || same.Message() != f.Message() {
			t.Errorf("%s is %v in State", f.FullName(), same)
		}
	}
}

// TestAddressesSeeSites changes a site whose decoded form is kept, and deletes
// it.
func TestAddressesSeeSites(t *testing.T) {
	s, _ := open(t)
	read := func() (site *recordv1.Site, err error) {
		err = s.Addresses(t.Context(), "biblioteka", func(a article.Addresses) error {
			site = a.Site()
			return nil
		})
		return site, err
	}
	first, err := read()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := read(); err != nil || again != first {
		t.Errorf("an unchanged site was decoded twice: %v", err)
	}
	w := article.Write{Principal: "ona", Method: "UpdateSite", Time: noon}
	next := proto.CloneOf(first)
	next.Site.Title = "Kita"
	if err := s.PutSite(t.Context(), w, first, next); err != nil {
		t.Fatal(err)
	}
	changed, err := read()
	if err != nil || changed.GetSite().GetTitle() != "Kita" || first.GetSite().GetTitle() == "Kita" {
		t.Errorf("got %v, %v", changed, err)
	}
	if err := s.DeleteSite(t.Context(), w, "biblioteka", changed); err != nil {
		t.Fatal(err)
	}
	_, err = read()
	testkit.WantReason(t, err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
}
