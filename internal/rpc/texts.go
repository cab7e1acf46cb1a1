package rpc

import (
	"embed"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed texts/*.yaml
var textFiles embed.FS

// embeddedTexts returns the texts that a server uses when its Config brings
// none, in every language of internal/lang.
func embeddedTexts() (Messages, error) {
	entries, err := textFiles.ReadDir("texts")
	if err != nil {
		return nil, fmt.Errorf("read the texts of errors: %w", err)
	}
	languages := make(map[string]map[string]string, len(entries))
	for _, entry := range entries {
		content, err := textFiles.ReadFile("texts/" + entry.Name())
		if err != nil {
			return nil, fmt.Errorf("read the texts of errors: %w", err)
		}
		texts := make(map[string]string)
		if err := yaml.Unmarshal(content, &texts); err != nil {
			return nil, fmt.Errorf("parse the texts of errors in %s: %w", entry.Name(), err)
		}
		languages[strings.TrimSuffix(entry.Name(), ".yaml")] = texts
	}
	return func(language, key string, pairs ...string) string {
		text := languages[language][key]
		if !strings.Contains(text, "{") {
			return text
		}
		replace := make([]string, 0, len(pairs))
		for i := 0; i+1 < len(pairs); i += 2 {
			replace = append(replace, "{"+pairs[i]+"}", pairs[i+1])
		}
		return strings.NewReplacer(replace...).Replace(text)
	}, nil
}
