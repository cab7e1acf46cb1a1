package lang

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"reflect"

	"go.yaml.in/yaml/v3"
)

// aboutTable is language.yaml.
type aboutTable struct {
	Code   string `yaml:"code"`
	Locale string `yaml:"locale"`
	Name   string `yaml:"name"`
}

// commonTable is the letters.yaml beside the folders: letters of all languages
// that no Unicode decomposition brings to ASCII.
type commonTable struct {
	Folds map[string]string `yaml:"folds"`
}

// lettersTable is letters.yaml: folds that differ from the common ones, and the
// rows of letters on the keyboard.
type lettersTable struct {
	Folds    map[string]string `yaml:"folds"`
	Keyboard []string          `yaml:"keyboard"`
}

// datesTable is dates.yaml. Patterns hold {year} {month} {day} {weekday} {mon} {mm}
// {dd} {hour} {minute}; {month} is the form used beside a day.
type datesTable struct {
	Long       string   `yaml:"long"`
	Full       string   `yaml:"full"`
	Short      string   `yaml:"short"`
	Time       string   `yaml:"time"`
	DateTime   string   `yaml:"date_time"`   // {date} {time}
	Month      string   `yaml:"month"`       // {year} {standalone}
	DayRange   string   `yaml:"day_range"`   // within a month; {to_day}
	MonthRange string   `yaml:"month_range"` // within a year; {to_month} {to_day}
	Months     []string `yaml:"months"`      // beside a day
	Standalone []string `yaml:"standalone"`  // alone, or with a year
	Weekdays   []string `yaml:"weekdays"`    // Monday first
	// Read only when parsing:
	Abbrs    []string `yaml:"abbreviations"` // of months
	Fillers  []string `yaml:"fillers"`       // words without meaning for the parser
	DayFirst string   `yaml:"day_first"`     // separators that allow day-month-year, such as "./"
}

// typographyTable is typography.yaml.
type typographyTable struct {
	Decimal      string   `yaml:"decimal"` // between the ones and the tenths
	Open         string   `yaml:"open"`
	Close        string   `yaml:"close"`
	InnerOpen    string   `yaml:"inner_open"`
	InnerClose   string   `yaml:"inner_close"`
	AfterNumber  []string `yaml:"after_number"`  // words kept with the number before them
	BeforeNumber []string `yaml:"before_number"` // words kept with the number after them
	Together     []string `yaml:"together"`      // abbreviations of several parts, kept whole
}

// wordsTable is words.yaml.
type wordsTable struct {
	Placeholders  []string `yaml:"placeholders"`
	Redundant     []string `yaml:"redundant"`
	VagueLinks    []string `yaml:"vague_links"`
	Abbreviations []string `yaml:"abbreviations"`
	Known         []string `yaml:"known"`
}

// errTableField says that a table lacks a field.
var errTableField = errors.New("missing or empty field")

// decodeFile decodes one YAML file strictly: fields unknown to the table, a
// second document and missing required strings and lists are errors. Maps may
// be empty, for not every language needs its own folds.
func decodeFile(tables fs.FS, name string, into any) error {
	raw, err := fs.ReadFile(tables, name)
	if err != nil {
		return fmt.Errorf("read table: %w", err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("decode %s: %w", name, err)
	}
	if err := decoder.Decode(new(any)); !errors.Is(err, io.EOF) {
		return fmt.Errorf("decode %s: more than one document", name)
	}
	table := reflect.ValueOf(into).Elem()
	if table.Kind() != reflect.Struct {
		return nil
	}
	for field, value := range table.Fields() {
		if value.Kind() != reflect.Map && value.IsZero() {
			return fmt.Errorf("%s: %s: %w", name, field.Tag.Get("yaml"), errTableField)
		}
	}
	return nil
}
