package targets

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed texts/*.yaml
var embedded embed.FS

// Words are what a share sheet says in one language.
type Words struct {
	// Heading stands above the links.
	Heading string `yaml:"heading"`
	// Targets has the words of each target by its id.
	Targets map[string]TargetWords `yaml:"targets"`
}

// TargetWords are what is said about one target.
type TargetWords struct {
	// Title is its name.
	Title string `yaml:"title"`
	// Label is the accessible name; it begins with Title and says what
	// pressing does.
	Label string `yaml:"label"`
	// Disclosure says who learns what from pressing.
	Disclosure string `yaml:"disclosure"`
}

// Texts are the words of all languages. They never change after Load.
type Texts struct {
	byCode map[string]Words
}

// Load reads the words that are part of the program: one file for each
// language, named by its code. A file that lacks a word of a target in All, or
// has one of none, is an error.
func Load() (*Texts, error) { return load(embedded) }

func load(files fs.FS) (*Texts, error) {
	entries, err := fs.ReadDir(files, "texts")
	if err != nil {
		return nil, fmt.Errorf("list the words of share targets: %w", err)
	}
	texts := &Texts{byCode: make(map[string]Words, len(entries))}
	for _, entry := range entries {
		words, err := decode(files, path.Join("texts", entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("words of share targets: %s: %w", entry.Name(), err)
		}
		texts.byCode[strings.TrimSuffix(entry.Name(), ".yaml")] = words
	}
	return texts, nil
}

// In returns the words in the language of a code as internal/lang writes it;
// false when there are none.
func (t *Texts) In(code string) (Words, bool) {
	words, ok := t.byCode[code]
	return words, ok
}

func decode(files fs.FS, name string) (Words, error) {
	var words Words
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return words, err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	decoder.KnownFields(true)
	if err := decoder.Decode(&words); err != nil {
		return words, err
	}
	return words, words.check()
}

// check refuses words that do not cover exactly the targets.
func (w Words) check() error {
	if w.Heading == "" {
		return errors.New("heading is missing")
	}
	for _, target := range All() {
		words := w.Targets[target.ID]
		if words.Title == "" || words.Disclosure == "" {
			return fmt.Errorf("%s: title or disclosure is missing", target.ID)
		}
		// WCAG 2.2, 2.5.3: who speaks the visible name must reach the link.
		if !strings.HasPrefix(words.Label, words.Title) {
			return fmt.Errorf("%s: label does not begin with the title", target.ID)
		}
	}
	if len(w.Targets) != len(All()) {
		return fmt.Errorf("%d targets have words, but there are %d", len(w.Targets), len(All()))
	}
	return nil
}
