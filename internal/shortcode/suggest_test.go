package shortcode_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/shortcode"
)

// TestSuggestionsHoldTheCode makes every mistake of one step in sampled codes,
// and looks for the code among what is suggested.
func TestSuggestionsHoldTheCode(t *testing.T) {
	for _, code := range sample(t, 100) {
		for _, typed := range mistakes(code) {
			if shortcode.Valid(typed) {
				continue // one left out of two that are alike, or put back
			}
			got := shortcode.Suggestions(typed)
			if !slices.Contains(got, code) {
				t.Fatalf("Suggestions(%q) = %q, want %q among them", typed, got, code)
			}
			if upper := shortcode.Suggestions(strings.ToUpper(typed)); !slices.Equal(got, upper) {
				t.Fatalf("Suggestions(%q) = %q, in capitals %q", typed, got, upper)
			}
		}
	}
}

// mistakes returns what can come of typing a code with one mistake.
func mistakes(code string) []string {
	var all []string
	for i := range len(code) {
		all = append(all, code[:i]+code[i+1:])
		for _, c := range []byte(alphabet + "u-,)") {
			all = append(all, code[:i]+string(c)+code[i+1:], code[:i]+string(c)+code[i:])
		}
		all = append(all, code+string(alphabet[i]), code+code[i:i+1])
		if i > 0 {
			all = append(all, code[:i-1]+code[i:i+1]+code[i-1:i]+code[i+1:])
		}
	}
	return slices.DeleteFunc(all, func(typed string) bool { return typed == code })
}

func TestSuggestions(t *testing.T) {
	tests := []struct {
		name, typed string
		want        []string
	}{
		{"a code", "k7m29qz9", nil},
		{"a code with look-alikes", "OOOOOOOO", nil},
		{"a code in two groups", "k7m2-9qz9", []string{"k7m29qz9"}},
		{"a bracket behind it", "k7m29qz9)", []string{"k7m29qz9"}},
		{"digits of a Lithuanian keyboard", "kŲmč9qz9", []string{"k7m29qz9"}},
		{"a letter that no code has", "k7u29qz9", []string{"k7m29qz9"}},
		{"two letters that no code has", "u7u29qz9", nil},
		{"too short", "k7m29q", nil},
		{"too long", "k7m29qz9cc", nil},
		{"full width", "ｋ７ｍ２９ｑｚｃ", nil},
		{"nothing", "", nil},
		{"a path", "k7m29/zc", nil},
		{"not UTF-8", "k7m29qz\xff", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, shortcode.Suggestions(test.typed)); diff != "" {
				t.Errorf("Suggestions(%q) (-want +got):\n%s", test.typed, diff)
			}
		})
	}
}

func FuzzSuggestions(f *testing.F) {
	for _, typed := range []string{"k7m29qzd", "k7m29qz", "7km29qz9", "kųmč9qz9", "k7m2-9qz9", "\xff", "uuuuuuuu"} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got := shortcode.Suggestions(typed)
		if len(got) > shortcode.MaxSuggestions {
			t.Errorf("Suggestions(%q) has %d codes", typed, len(got))
		}
		for i, code := range got {
			if !shortcode.Valid(code) || code == typed || slices.Contains(got[:i], code) {
				t.Errorf("Suggestions(%q) = %q", typed, got)
			}
		}
	})
}
