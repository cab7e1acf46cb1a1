package run

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/caarlos0/env/v11"
)

// Prefix begins the name of every variable.
const Prefix = "SKAITYKLA_"

// ConfigError is everything that is wrong with the configuration at once.
type ConfigError struct {
	Problems []error
}

// Error returns the problems, each naming its variable.
func (e *ConfigError) Error() string {
	texts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		texts[i] = p.Error()
	}
	return "configuration: " + strings.Join(texts, "; ")
}

// Unwrap returns the problems.
func (e *ConfigError) Unwrap() []error { return e.Problems }

// Load fills a config struct from variables named SKAITYKLA_<tag>, by the
// struct tags of caarlos0/env: `env:"ADDR" envDefault:"127.0.0.1:7001"`,
// `env:"STORE,required"`, `env:"PAGE_KEY_FILE,file"` for the content of a file
// as a [Secret]. Any other field of type Secret may be given as the content of
// a file, too: the variable NAME_FILE has its path. An empty variable counts
// as absent. If the config has a method
// Check() error, that is called too. The error is a *ConfigError with every
// problem.
func Load[T any](getenv func(string) string) (T, error) {
	var config T
	opts := env.Options{Prefix: Prefix, Environment: map[string]string{}}
	params, err := env.GetFieldParamsWithOptions(&config, opts)
	if err != nil {
		return config, &ConfigError{Problems: []error{fmt.Errorf("read the fields of %T: %w", config, err)}}
	}
	for _, p := range params {
		if value := getenv(p.Key); value != "" {
			opts.Environment[p.Key] = value
		}
	}
	problems := readSecrets(reflect.TypeFor[T](), opts.Environment, getenv)
	if err := env.ParseWithOptions(&config, opts); err != nil {
		problems = append(problems, split(err)...)
	}
	if c, ok := any(&config).(interface{ Check() error }); ok && len(problems) == 0 {
		problems = append(problems, split(c.Check())...)
	}
	if len(problems) > 0 {
		return config, &ConfigError{Problems: problems}
	}
	return config, nil
}

// split returns the parts of a joined error.
func split(err error) []error {
	if err == nil {
		return nil
	}
	if several, ok := errors.AsType[env.AggregateError](err); ok {
		return several.Errors
	}
	if several, ok := err.(interface{ Unwrap() []error }); ok { // only the outermost join is taken apart
		return several.Unwrap()
	}
	return []error{err}
}

// oneLine keeps a log or terminal line one line.
func oneLine(err error) string {
	return strings.Join(strings.Fields(err.Error()), " ")
}
