package history_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/history"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

func name(id string) photo.Name { return photo.Name{Site: "biblioteka", ID: id} }

// use is how a photo is used, in short.
type use struct {
	Published, Working bool
	Count              int
	Places             []string
}

func uses(h *history.History) map[string]use {
	all := make(map[string]use)
	for n, u := range h.Uses {
		all[n.ID] = use{u.GetPublished(), u.GetWorking(), history.Count(h.Article, u), u.GetPlaces()}
	}
	return all
}

// in says that a revision has the photos, each in the block of its name.
func in(ids ...string) map[photo.Name][]string {
	places := make(map[photo.Name][]string)
	for _, id := range ids {
		places[name(id)] = []string{"b-" + id}
	}
	return places
}

func TestHistory(t *testing.T) {
	// Revision n has the photos of saves[n-1].
	saves := []map[photo.Name][]string{in("one"), in("one", "two"), in("two"), in("two", "three"), in("one", "three")}
	for _, test := range []struct {
		name      string
		published int64
		keep      []int64 // all when nil
		want      map[string]use
	}{
		{"never published", 0, nil, map[string]use{
			"one": {false, true, 3, []string{"b-one"}}, "two": {false, false, 3, []string{"b-two"}}, "three": {false, true, 2, []string{"b-three"}},
		}},
		{"an older revision published", 2, nil, map[string]use{
			"one": {true, true, 3, []string{"b-one"}}, "two": {true, false, 3, []string{"b-two"}}, "three": {false, true, 2, []string{"b-three"}},
		}},
		{"the newest published", 5, nil, map[string]use{
			"one": {true, true, 3, []string{"b-one"}}, "two": {false, false, 3, []string{"b-two"}}, "three": {true, true, 2, []string{"b-three"}},
		}},
		{"thinned", 1, []int64{1, 5}, map[string]use{
			"one": {true, true, 2, []string{"b-one"}}, "three": {false, true, 1, []string{"b-three"}},
		}},
		{"thinned, a photo of one revision stays", 0, []int64{3, 5}, map[string]use{
			"one": {false, true, 1, []string{"b-one"}}, "two": {false, false, 1, []string{"b-two"}}, "three": {false, true, 1, []string{"b-three"}},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := history.New("uid")
			for i, places := range saves {
				h.Save(int64(i+1), places)
			}
			if test.keep != nil {
				h.Keep(test.keep)
			}
			h.Show(test.published)
			if diff := cmp.Diff(test.want, uses(h)); diff != "" {
				t.Errorf("uses (-want +got):\n%s", diff)
			}
		})
	}
}

// What stays where it is costs no row: its usage is the same after a save.
func TestSaveLeavesOthersAlone(t *testing.T) {
	h := history.New("uid")
	h.Save(1, in("one", "two"))
	h.Show(0)
	before := h.Clone()
	h.Save(2, in("one", "two", "three"))
	h.Show(0)
	for _, id := range []string{"one", "two"} {
		if diff := cmp.Diff(before.Uses[name(id)].GetSpans()[0].GetFirst(), h.Uses[name(id)].GetSpans()[0].GetFirst()); diff != "" {
			t.Errorf("%s changed:\n%s", id, diff)
		}
		if got := len(h.Uses[name(id)].GetSpans()); got != 1 {
			t.Errorf("%s has %d spans, want 1 that is open", id, got)
		}
	}
	if got, want := h.Numbers(), []int64{1, 2}; !slices.Equal(got, want) {
		t.Errorf("kept %v, want %v", got, want)
	}
}

func TestPlaces(t *testing.T) {
	placement := func(id string) *articlev1.PhotoPlacement {
		return &articlev1.PhotoPlacement{Photo: "sites/biblioteka/photos/" + id}
	}
	a := &articlev1.Article{
		Cover: placement("aaa"),
		Blocks: []*articlev1.Block{
			{Id: "p1", Content: &articlev1.Block_Paragraph{Paragraph: &articlev1.Paragraph{}}},
			{Id: "f1", Content: &articlev1.Block_Figure{Figure: &articlev1.Figure{Placement: placement("bbb")}}},
			{Id: "g1", Content: &articlev1.Block_Gallery{Gallery: &articlev1.Gallery{Placements: []*articlev1.PhotoPlacement{
				placement("aaa"), placement("ccc"), placement("aaa"), {Photo: "nonsense"},
			}}}},
		},
	}
	want := map[photo.Name][]string{name("aaa"): {"cover", "g1"}, name("bbb"): {"f1"}, name("ccc"): {"g1"}}
	if diff := cmp.Diff(want, history.Places(a)); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
	if got := history.Places(nil); len(got) != 0 {
		t.Errorf("an article that is gone uses %v", got)
	}
}
