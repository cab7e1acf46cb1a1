package excerpt_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"github.com/skaitykla/skaitykla/services/sharing/internal/excerpt"
)

// plainClusters takes every character through the rules of Unicode.
func plainClusters(text string) []string {
	var all []string
	for graphemes := uniseg.NewGraphemes(text); graphemes.Next(); {
		all = append(all, graphemes.Str())
	}
	return all
}

func clusterTexts() []string {
	return []string{
		"", "a", "Žąsų mugė „Dokk1“ – 2024…", "e\u0301e", "a\u200db", "👩‍👩‍👧‍👦a🇱🇹🇩🇰🇱", "©\ufe0f®a", "\r\n\n\r", "a\u00adb\u0085c",
		"שלום\u200f!", "กำ", "각", "a\u0300\u0301", "\xff\xfea", "\u202ea", "“\u0301”", "👍🏽x", "क्षि",
	}
}

// TestClusters compares the short cut with the rules.
func TestClusters(t *testing.T) {
	for _, text := range clusterTexts() {
		got, want := slices.Collect(excerpt.Clusters(text)), plainClusters(text)
		if !slices.Equal(got, want) || excerpt.Graphemes(text) != len(want) {
			t.Errorf("Clusters(%q) = %q, want %q", text, got, want)
		}
	}
}

func FuzzClusters(f *testing.F) {
	for _, text := range clusterTexts() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := slices.Collect(excerpt.Clusters(text))
		if want := plainClusters(text); !slices.Equal(got, want) {
			t.Errorf("Clusters(%q) = %q, want %q", text, got, want)
		}
		if strings.Join(got, "") != text {
			t.Errorf("Clusters(%q) lost something", text)
		}
	})
}
