package card

import (
	"bytes"
	"image"
	"image/color"
	"strings"
	"sync"
	"testing"
)

func TestDraw(t *testing.T) {
	p := painter(t)
	logo := photograph(t, 320, 120, plain(color.RGBA{R: 10, G: 60, B: 150, A: 255}))
	for _, tc := range []struct {
		name string
		in   Input
	}{
		{"with cover", Input{Title: "Nauja skaitykla", Language: "lt", SiteName: library, Cover: cover(t, window)}},
		{"without cover", Input{Title: longTitle, Language: "lt", SiteName: library, Color: "#7a1f3d"}},
		{"with logo", Input{Title: "Fjordens lys – æøå", Language: "da", SiteName: "Dokk1", Cover: cover(t, window), Logo: logo}},
		{"noise, the hardest to compress", Input{Title: "Triukšmas", Language: "lt", Cover: cover(t, noise())}},
		{"without words", Input{}},
		{"a language nobody knows", Input{Title: "Ordet", Language: "x-ordet", SiteName: "Biblioteket"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := p.Draw(tc.in)
			if err != nil {
				t.Fatal(err)
			}
			if size := decoded(t, got.JPEG).Bounds().Size(); size != image.Pt(1200, 630) {
				t.Errorf("size = %v", size)
			}
			if got.Width != 1200 || got.Height != 630 {
				t.Errorf("stated size = %d x %d", got.Width, got.Height)
			}
			if len(got.JPEG) >= 300_000 {
				t.Errorf("%d bytes", len(got.JPEG))
			}
			if got.Alt != tc.in.Title {
				t.Errorf("alt = %q", got.Alt)
			}
		})
	}
}

// TestDrawIsRepeatable also lets the race detector see painters shared.
func TestDrawIsRepeatable(t *testing.T) {
	p, in := painter(t), Input{Title: longTitle, Language: "lt", SiteName: library, Cover: cover(t, window)}
	want, err := p.Draw(in)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			got, err := p.Draw(in)
			if err != nil || !bytes.Equal(got.JPEG, want.JPEG) {
				t.Errorf("a second drawing differs (%v)", err)
			}
		})
	}
	group.Wait()
}

func TestDrawTellsTitlesApart(t *testing.T) {
	p := painter(t)
	base := Input{Title: "Viena", Language: "lt", SiteName: "Biblioteka", Color: "#7a1f3d"}
	seen := map[string]string{}
	for name, change := range map[string]func(*Input){
		"nothing":   func(*Input) {},
		"title":     func(in *Input) { in.Title = "Kita" },
		"site name": func(in *Input) { in.SiteName = "Kita" },
		"color":     func(in *Input) { in.Color = "#0b5a52" },
		"cover":     func(in *Input) { in.Cover = cover(t, window) },
		"logo":      func(in *Input) { in.Logo = photograph(t, 40, 40, plain(color.RGBA{A: 255})) },
	} {
		in := base
		change(&in)
		got, err := p.Draw(in)
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[string(got.JPEG)]; ok {
			t.Errorf("a change of %s and of %s give the same card", name, other)
		}
		seen[string(got.JPEG)] = name
	}
}

func TestDrawRefuses(t *testing.T) {
	p := painter(t)
	for name, in := range map[string]Input{
		"a color in words":    {Title: "A", Color: "green"},
		"a short color":       {Title: "A", Color: "#0b5"},
		"a cover of no JPEG":  {Title: "A", Cover: &Picture{JPEG: []byte("GIF89a")}},
		"a logo of no JPEG":   {Title: "A", Logo: []byte(strings.Repeat("x", 100))},
		"a cover cut in half": {Title: "A", Cover: &Picture{JPEG: photograph(t, 64, 64, noise())[:900]}},
	} {
		if _, err := p.Draw(in); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// TestFonts draws every letter of the languages of the suite: a missing one
// would be left out of titles in silence.
func TestFonts(t *testing.T) {
	p := painter(t).sketch(Input{})
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789ąčęėįšųūžĄČĘĖĮŠŲŪŽæøåÆØÅéÉ" +
		"„“”‚‘’–—…-.,:;!?()[]/%&§№€+×°«»'\"\u0300\u0301\u0303"
	for _, r := range letters {
		if !p.serif.has(r) {
			t.Errorf("titles have no %q", r)
		}
		if !p.sans.has(r) {
			t.Errorf("site names have no %q", r)
		}
	}
}

// TestAccentsStandOnLetters sets a letter with a stress mark, as in
// dictionaries: a mark beside its letter would make the word longer.
func TestAccentsStandOnLetters(t *testing.T) {
	p := painter(t).sketch(Input{})
	if got, want := p.serif.width("vė\u0301jas", "lt"), p.serif.width("vėjas", "lt"); got-want > 0.01 {
		t.Errorf("with a mark %.3f em, without %.3f em", got, want)
	}
}
