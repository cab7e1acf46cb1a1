package letterpair_test

import (
	"testing"

	"github.com/skaitykla/skaitykla/internal/lang/internal/letterpair"
)

func TestIsWalk(t *testing.T) {
	cases := []struct {
		rows []string
		word string
		want bool
	}{
		{english(), "sdfg", true},
		{english(), "poiu", true},
		{english(), "qaz", true},
		{english(), "asdasda", true},
		{english(), "asdfdsa", true},
		{english(), "fffff", true},
		{english(), "ababab", false},
		{english(), "asf", false},
		{english(), "glass", false},
		{english(), "ąčę", false},
		{english(), "", false},
		{append([]string{"ąčęėįšųūž"}, english()...), "ąčęė", true},
		{[]string{"qwertyuiopå", "asdfghjklæø", "zxcvbnm"}, "kløæ", false},
		{[]string{"qwertyuiopå", "asdfghjklæø", "zxcvbnm"}, "ælk", true},
	}
	for _, c := range cases {
		keyboard, err := letterpair.NewKeyboard(c.rows)
		if err != nil {
			t.Fatal(err)
		}
		if got := keyboard.IsWalk(c.word); got != c.want {
			t.Errorf("%v: IsWalk(%q) = %v", c.rows, c.word, got)
		}
	}
}

func TestUnit(t *testing.T) {
	for word, want := range map[string]int{
		"": 0, "a": 1, "aaaa": 1, "abab": 2, "aba": 3, "abcabc": 3, "abcabca": 3, "šaša": 2, "onion": 5, "namas": 5,
	} {
		if got := letterpair.Unit(word); got != want {
			t.Errorf("Unit(%q) = %d, want %d", word, got, want)
		}
	}
}
