package check_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/check"
)

// examples are a file of testdata/rules: what a rule lets pass, and what it
// finds.
type examples struct {
	Good []example `yaml:"good"`
	Bad  []example `yaml:"bad"`
}

// example is an article, most often of one paragraph.
type example struct {
	Lang   string         `yaml:"lang"`   // lt when empty
	Text   string         `yaml:"text"`   // a paragraph
	Texts  []string       `yaml:"texts"`  // several
	Blocks []any          `yaml:"blocks"` // in the JSON of the contract
	Set    map[string]any `yaml:"set"`    // fields of the article, too
	Photos map[string]any `yaml:"photos"` // by their id; the others have no texts of their own
	Former string         `yaml:"former"` // the article that the slug was taken over from

	// Of a bad one:
	Want     []string `yaml:"want"`     // the excerpts; one finding when left out
	Proposal string   `yaml:"proposal"` // of the first one
	Fixed    string   `yaml:"fixed"`    // the text after FixArticle; nothing is repaired when left out
}

func readExamples(t *testing.T, file string) examples {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var e examples
	d := yaml.NewDecoder(bytes.NewReader(raw))
	d.KnownFields(true)
	if err := d.Decode(&e); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return e
}

func (e example) manuscript(t *testing.T) article.Manuscript {
	t.Helper()
	m := article.Manuscript{
		Site:         &articlev1.Site{Title: "Vilkaviškio biblioteka", DefaultLanguageCode: "lt", TimeZone: "Europe/Vilnius"},
		LanguageCode: e.Lang, SlugFormer: e.Former, Content: &articlev1.Article{}, Photos: make(map[string]*mediav1.Photo),
		Time: time.Date(2026, 11, 22, 22, 30, 0, 0, time.UTC),
	}
	if m.LanguageCode == "" {
		m.LanguageCode = "lt"
	}
	fields := map[string]any{"title": "Knygų mugė Vilniuje"}
	maps.Copy(fields, e.Set)
	blocks := e.Blocks
	for _, text := range append(e.Texts, e.Text) {
		if text != "" {
			blocks = append(blocks, map[string]any{"paragraph": map[string]any{"text": map[string]any{"spans": []any{map[string]any{"text": text}}}}})
		}
	}
	fields["blocks"] = blocks
	decode(t, fields, m.Content)
	for i, b := range m.Content.GetBlocks() {
		if b.GetId() == "" {
			b.Id = "b" + string(rune('0'+i))
		}
	}
	for _, p := range article.Placements(m.Content) {
		photo := &mediav1.Photo{}
		decode(t, e.Photos[p.GetPhoto()], photo)
		if photo.GetRights() == nil {
			photo.Rights = &mediav1.Rights{Cleared: true}
		}
		m.Photos[p.GetPhoto()] = photo
	}
	return m
}

func decode(t *testing.T, value any, into proto.Message) {
	t.Helper()
	if value == nil {
		return
	}
	text, err := json.Marshal(value)
	if err == nil {
		err = protojson.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatalf("%v: %v", value, err)
	}
}

// of returns the findings of one rule.
func of(rule string, findings []*articlev1.Finding) []*articlev1.Finding {
	var some []*articlev1.Finding
	for _, f := range findings {
		if f.GetRule() == rule {
			some = append(some, f)
		}
	}
	return some
}

// exampleFiles returns the files of testdata/rules by rule.
func exampleFiles(t *testing.T) map[string]string {
	t.Helper()
	found, err := filepath.Glob("testdata/rules/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]string)
	for _, file := range found {
		files[strings.TrimSuffix(filepath.Base(file), ".yaml")] = file
	}
	return files
}

func newChecker(tb testing.TB) *check.Checker {
	tb.Helper()
	c, err := check.New()
	if err != nil {
		tb.Fatal(err)
	}
	return c
}
