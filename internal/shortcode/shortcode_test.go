package shortcode_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	mathrand "math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/skaitykla/skaitykla/internal/shortcode"
)

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// sample returns n codes, the same in every run.
func sample(tb testing.TB, n int) []string {
	tb.Helper()
	random := mathrand.NewChaCha8([32]byte{5})
	codes := make([]string, 0, n)
	for range n {
		code, err := shortcode.NewCode(random)
		if err != nil {
			tb.Fatal(err)
		}
		codes = append(codes, code)
	}
	return codes
}

func TestNewCode(t *testing.T) {
	seen := make(map[string]bool)
	letters := make(map[byte]bool)
	for range 2000 {
		code, err := shortcode.NewCode(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if len(code) != shortcode.Length || !shortcode.Valid(code) {
			t.Fatalf("NewCode() = %q, which is none", code)
		}
		if seen[code] {
			t.Errorf("NewCode() gave %q twice in 2000", code)
		}
		seen[code] = true
		for i := range len(code) {
			letters[code[i]] = true
		}
	}
	if len(letters) != len(alphabet) {
		t.Errorf("2000 codes use %d characters, want all %d", len(letters), len(alphabet))
	}
}

// TestCodesStay holds the meaning of printed codes: the same bits give the same
// code in every version.
func TestCodesStay(t *testing.T) {
	code, err := shortcode.NewCode(bytes.NewReader([]byte{19, 7, 20, 2, 9, 23, 255}))
	if err != nil {
		t.Fatal(err)
	}
	if want := "k7m29qz9"; code != want {
		t.Errorf("NewCode() = %q, want %q", code, want)
	}
}

func TestNewCodeWithoutRandom(t *testing.T) {
	trouble := errors.New("no entropy")
	if _, err := shortcode.NewCode(iotest.ErrReader(trouble)); !errors.Is(err, trouble) {
		t.Errorf("NewCode() fails with %v, want %v", err, trouble)
	}
	if code, err := shortcode.NewCode(strings.NewReader("abc")); err == nil {
		t.Errorf("NewCode() = %q of three bytes, want an error", code)
	}
}

// TestEverySubstitutionIsSeen tries every other character at every place.
func TestEverySubstitutionIsSeen(t *testing.T) {
	for _, code := range sample(t, 2000) {
		for place := range len(code) {
			for _, c := range []byte(alphabet) {
				typed := code[:place] + string(c) + code[place+1:]
				if typed != code && shortcode.Valid(typed) {
					t.Fatalf("%q is valid, and so is %q", typed, code)
				}
			}
		}
	}
}

// TestEveryTranspositionIsSeen swaps any two different characters, neighbors
// or not.
func TestEveryTranspositionIsSeen(t *testing.T) {
	swapped := 0
	for _, code := range sample(t, 2000) {
		for i := range len(code) {
			for j := i + 1; j < len(code); j++ {
				typed := []byte(code)
				typed[i], typed[j] = typed[j], typed[i]
				if string(typed) == code {
					continue
				}
				swapped++
				if shortcode.Valid(string(typed)) {
					t.Fatalf("%q is valid, and so is %q", typed, code)
				}
			}
		}
	}
	if swapped < 50_000 {
		t.Errorf("only %d swaps were tried", swapped)
	}
}

func TestValid(t *testing.T) {
	for _, text := range []string{
		"", "k7m29qz", "k7m29qz9c", "K7M29QZ9", "k7m29qzC", "k7m29qzd", "k7m29qzu", "k7m29qz\x00", "k7m29qz-", "k7m29qč",
	} {
		if shortcode.Valid(text) {
			t.Errorf("Valid(%q) = true", text)
		}
	}
	if !shortcode.Valid("k7m29qz9") || !shortcode.Valid("00000000") {
		t.Error("Valid() refuses a code")
	}
}
