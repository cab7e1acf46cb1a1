// Command generate makes tables/<code>/pairs.yaml of internal/lang from the texts
// in testdata/corpus/<code> and the keyboard in tables/<code>/letters.yaml.
//
//	go run ./internal/lang/internal/letterpair/generate -lang internal/lang
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"

	"github.com/skaitykla/skaitykla/internal/lang/internal/letterpair"
)

func main() {
	dir := flag.String("lang", "internal/lang", "the folder that holds tables and testdata")
	flag.Parse()
	if err := run(*dir); err != nil {
		fmt.Fprintln(os.Stderr, "generate pairs:", err)
		os.Exit(1)
	}
}

func run(dir string) error {
	folders, err := filepath.Glob(filepath.Join(dir, "testdata", "corpus", "*"))
	if err != nil || len(folders) == 0 {
		return fmt.Errorf("no corpus under %s: %w", dir, err)
	}
	for _, folder := range folders {
		tables := filepath.Join(dir, "tables", filepath.Base(folder))
		raw, err := os.ReadFile(filepath.Join(tables, "letters.yaml"))
		if err != nil {
			return err
		}
		var letters struct {
			Keyboard []string `yaml:"keyboard"`
		}
		if err := yaml.Unmarshal(raw, &letters); err != nil {
			return fmt.Errorf("%s: letters.yaml: %w", tables, err)
		}
		made, err := letterpair.Generate(os.DirFS(folder), letters.Keyboard)
		if err != nil {
			return fmt.Errorf("%s: %w", folder, err)
		}
		if err := os.WriteFile(filepath.Join(tables, "pairs.yaml"), made, 0o644); err != nil { //nolint:gosec // a source file like the others
			return err
		}
	}
	return nil
}
