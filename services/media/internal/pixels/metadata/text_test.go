package metadata_test

import (
	"testing"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/metadata"
)

func TestClean(t *testing.T) {
	for _, c := range []struct {
		name, text string
		limit      int
		want       string
	}{
		{"as it is", "Žvėrynas", 20, "Žvėrynas"},
		{"cut between letters", "Žvėrynas", 4, "Žv"},
		{"one line", " a\r\nb\x00c ", 20, "a  b c"},
		{"broken letters", "a\xffb", 20, "a�b"},
		{"direction turned", "a\u202eb\u2066c", 20, "abc"},
		{"no blank at the cut", "aaa bbb", 4, "aaa"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := metadata.Clean(c.text, c.limit); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
