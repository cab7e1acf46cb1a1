package packing_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/services/article/internal/packing"
)

// words returns a text of about size bytes that is no easier to pack than
// prose: made of syllables drawn at random.
func words(r *rand.Rand, size int) []string {
	syllables := strings.Fields("ka ly ba nė žo dis kny ga sau lė va sa ra mies tas bib lio te ko je ran ki nys ir už ant prie")
	var out []string
	for n := 0; n < size; {
		word := ""
		for range 1 + r.IntN(4) {
			word += syllables[r.IntN(len(syllables))]
		}
		out = append(out, word)
		n += len(word) + 1
	}
	return out
}

func join(words []string) []byte { return []byte(strings.Join(words, " ")) }

func TestPack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 30_000)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	text := words(r, 20_000)
	base := join(text)
	text[700] = "perskaityta"
	long := words(r, 200_000)
	longBase := join(long)
	long[900] = "perskaityta"
	for _, c := range []struct {
		name          string
		base, content []byte
		atMost        int // bytes packed
	}{
		{"nothing", nil, nil, 16},
		{"nothing against a base", base, nil, 16},
		{"a word", nil, []byte("žodis"), 16},
		{"against a base too short to help", []byte("a"), base, len(base)},
		{"a text", nil, base, 14_000},
		{"one word changed", base, join(text), 64},
		{"one word changed in a long text", longBase, join(long), 512},
		{"grown over the reach", base, append(bytes.Clone(longBase), base...), 120_000},
		{"shrunk into the reach", longBase, base, 14_000},
		{"noise", nil, noise, len(noise) + 16},
		{"noise against a base", base, noise, len(noise) + 16},
		{"the base itself", base, base, 32},
	} {
		t.Run(c.name, func(t *testing.T) {
			packed, err := packing.Pack(c.base, c.content)
			if err != nil {
				t.Fatal(err)
			}
			if len(packed) > c.atMost {
				t.Errorf("%d bytes became %d, want at most %d", len(c.content), len(packed), c.atMost)
			}
			got, err := packing.Unpack(c.base, packed)
			if err != nil || !bytes.Equal(got, c.content) {
				t.Errorf("unpacked %d of %d bytes, %v", len(got), len(c.content), err)
			}
		})
	}
}

func TestAnotherBase(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, size := range []int{2_000, 100_000} {
		text := words(r, size)
		base := join(text)
		text[7] = "perskaityta"
		packed, err := packing.Pack(base, join(text))
		if err != nil {
			t.Fatal(err)
		}
		other := bytes.Clone(base)
		other[len(other)/2] ^= 1
		for name, wrong := range map[string][]byte{"changed": other, "none": nil, "short": base[:len(base)/2]} {
			if got, err := packing.Unpack(wrong, packed); !errors.Is(err, packing.ErrDamaged) {
				t.Errorf("%s base of %d bytes: got %d bytes, %v", name, size, len(got), err)
			}
		}
	}
}

func TestTooLong(t *testing.T) {
	if _, err := packing.Pack(nil, make([]byte, packing.MaxSize+1)); err == nil {
		t.Error("packed what cannot be unpacked")
	}
}

// FuzzUnpack looks for bytes that make Unpack panic, or use memory without end.
func FuzzUnpack(f *testing.F) {
	base := []byte(strings.Repeat("Bibliotekose lankosi įvairaus amžiaus žmonės. ", 20))
	for _, content := range []string{"", "žodis", strings.Repeat("knyga ", 300), string(base) + "!"} {
		for _, b := range [][]byte{nil, base} {
			packed, err := packing.Pack(b, []byte(content))
			if err != nil {
				f.Fatal(err)
			}
			f.Add(b, packed)
		}
	}
	f.Add(base, []byte{3, 0, 0, 0, 0, 0x28, 0xb5, 0x2f, 0xfd})
	f.Fuzz(func(t *testing.T, base, packed []byte) {
		content, err := packing.Unpack(base, packed)
		if err == nil && len(content) > packing.MaxSize {
			t.Errorf("%d bytes became %d", len(packed), len(content))
		}
	})
}

// BenchmarkPack and BenchmarkUnpack say what a save and a read cost.
func BenchmarkPack(b *testing.B) {
	for _, c := range benchCases() {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				packed, err := packing.Pack(c.base, c.content)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(packed)), "bytes")
			}
		})
	}
}

// BenchmarkUnpack is described at BenchmarkPack.
func BenchmarkUnpack(b *testing.B) {
	for _, c := range benchCases() {
		packed, err := packing.Pack(c.base, c.content)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := packing.Unpack(c.base, packed); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

type benchCase struct {
	name          string
	base, content []byte
}

func benchCases() []benchCase {
	var cases []benchCase
	for _, size := range []int{8_000, 20_000, 100_000} {
		text := words(rand.New(rand.NewPCG(5, 6)), size)
		base := join(text)
		for i := range 16 {
			text[i*len(text)/16] = "perskaityta"
		}
		cases = append(cases,
			benchCase{name: fmt.Sprintf("%dK/alone", size/1000), content: base},
			benchCase{name: fmt.Sprintf("%dK/16 words", size/1000), base: base, content: join(text)})
	}
	return cases
}
