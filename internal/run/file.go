package run

import (
	"fmt"
	"os"
	"reflect"
	"strings"
)

// fileSuffix is what the variable of a secret's file ends with.
const fileSuffix = "_FILE"

// readSecrets puts the secrets that are given as files into environment, and
// returns what is wrong with them.
func readSecrets(config reflect.Type, environment map[string]string, getenv func(string) string) []error {
	var problems []error
	for _, name := range secrets(config, Prefix) {
		path := getenv(name + fileSuffix)
		if path == "" {
			continue
		}
		if environment[name] != "" {
			problems = append(problems, fmt.Errorf("use %s or %s%s, not both", name, name, fileSuffix))
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s%s: %w", name, fileSuffix, err))
		} else if strings.TrimSpace(string(text)) == "" {
			problems = append(problems, fmt.Errorf("%s%s: %s is empty", name, fileSuffix, path))
		}
		environment[name] = string(text)
	}
	return problems
}

// secrets returns the names of the variables of all secrets in a struct that
// are not files anyway.
func secrets(config reflect.Type, prefix string) []string {
	var names []string
	for field := range config.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("env"), ",")
		switch {
		case field.Type == reflect.TypeFor[Secret]() && name != "" && !strings.HasSuffix(name, fileSuffix):
			names = append(names, prefix+name)
		case field.Type.Kind() == reflect.Struct && name == "":
			names = append(names, secrets(field.Type, prefix+field.Tag.Get("envPrefix"))...)
		}
	}
	return names
}
