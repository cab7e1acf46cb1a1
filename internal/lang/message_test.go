package lang_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/skaitykla/skaitykla/internal/lang"
)

// pluralForms are the forms each language has for whole numbers.
func pluralForms() map[string][]string {
	return map[string][]string{"lt": {"few", "one", "other"}, "en": {"one", "other"}, "da": {"one", "other"}}
}

// messages reads a messages.yaml as it lies in the folder.
func messages(t *testing.T, tables fs.FS, code string) map[string]string {
	t.Helper()
	raw, err := fs.ReadFile(tables, code+"/messages.yaml")
	if err != nil {
		t.Fatal(err)
	}
	table := map[string]string{}
	if err := yaml.Unmarshal(raw, &table); err != nil {
		t.Fatal(err)
	}
	return table
}

func TestMessagesAreTheSameInAllLanguages(t *testing.T) {
	placeholder := regexp.MustCompile(`\{[a-z_]+\}`)
	plural := regexp.MustCompile(`\.(one|few|other)$`)
	shape := func(code string) map[string]string {
		shape := map[string]string{}
		forms := map[string][]string{}
		for key, text := range messages(t, os.DirFS("tables"), code) {
			if strings.TrimSpace(text) != text && !strings.HasSuffix(key, ".body") || text == "" {
				t.Errorf("%s: %s: empty or with spaces around", code, key)
			}
			found := placeholder.FindAllString(text, -1)
			slices.Sort(found)
			base := plural.ReplaceAllString(key, "")
			if base != key {
				forms[base] = append(forms[base], strings.TrimPrefix(key, base+"."))
			}
			if others, ok := shape[base]; ok && others != fmt.Sprint(found) {
				t.Errorf("%s: %s: placeholders %v, in another form %s", code, key, found, others)
			}
			shape[base] = fmt.Sprint(found)
		}
		for base, have := range forms {
			slices.Sort(have)
			if diff := cmp.Diff(pluralForms()[code], have); diff != "" {
				t.Errorf("%s: plural forms of %s (-want +got):\n%s", code, base, diff)
			}
		}
		return shape
	}
	want := shape("lt")
	if len(want) < 100 {
		t.Fatalf("only %d messages", len(want))
	}
	for _, code := range lang.Codes() {
		if diff := cmp.Diff(want, shape(code)); diff != "" {
			t.Errorf("messages of lt and %s (-lt +%s):\n%s", code, code, diff)
		}
	}
}

// TestMessagesFollowTheirOwnTypography holds our own Lithuanian to the rules
// that the checker applies to others.
func TestMessagesFollowTheirOwnTypography(t *testing.T) {
	wrong := map[string]string{"lt": `["”…]| - |  |t\.t\.`, "en": `["„]| - |  `, "da": `["„]| - |  `}
	for _, code := range lang.Codes() {
		l := language(t, code)
		opening, closing := l.QuoteMarks()
		for key, text := range messages(t, os.DirFS("tables"), code) {
			if found := regexp.MustCompile(wrong[code]).FindString(text); found != "" {
				t.Errorf("%s: %s: %q in %q", code, key, found, text)
			}
			if strings.Count(text, opening) != strings.Count(text, closing) {
				t.Errorf("%s: %s: quotation marks do not match in %q", code, key, text)
			}
		}
	}
}

func TestMessage(t *testing.T) {
	lt := language(t, "lt")
	cases := []struct {
		name, got, want string
	}{
		{"plain", lt.Message("gallery.heading"), "Nuotraukų galerija"},
		{"share heading", lt.Message("share.heading"), "Dalintis"},
		{"accessible name", lt.Message("share.facebook.label"), "Dalintis „Facebook“ (atveria facebook.com)"},
		{"arguments", lt.Message("photo.position", "n", "1", "total", "9"), "1 nuotrauka iš 9"},
		{"argument not searched", lt.Message("photo.position", "n", "{total}", "total", "9"), "{total} nuotrauka iš 9"},
		{"odd argument ignored", lt.Message("photo.credit", "credit", "J. Jonaitis", "rest"), "Nuotrauka: J. Jonaitis"},
		{"missing argument stays visible", lt.Message("photo.credit"), "Nuotrauka: {credit}"},
		{"line breaks", lt.Message("share.email.body", "text", "Mugė\nhttps://b.lt/a"), "Sveiki,\n\nsiūlau perskaityti:\n\nMugė\nhttps://b.lt/a\n"},
		{"unknown key", lt.Message("no.such.key"), "no.such.key"},
		{"lt 1", lt.Count("gallery.photos", 1), "1 nuotrauka"},
		{"lt 2", lt.Count("gallery.photos", 2), "2 nuotraukos"},
		{"lt 0", lt.Count("gallery.photos", 0), "0 nuotraukų"},
		{"lt 10", lt.Count("gallery.photos", 10), "10 nuotraukų"},
		{"lt 11", lt.Count("gallery.photos", 11), "11 nuotraukų"},
		{"lt 21", lt.Count("gallery.photos", 21), "21 nuotrauka"},
		{"lt 122", lt.Count("gallery.photos", 122), "122 nuotraukos"},
		{"en 1", language(t, "en").Count("gallery.photos", 1), "1 photo"},
		{"en 2", language(t, "en").Count("gallery.photos", 2), "2 photos"},
		{"da 1", language(t, "da").Count("list.articles", 1), "1 artikel"},
		{"unknown count", lt.Count("no.such", 3), "no.such"},
	}
	for _, c := range cases {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

// copyTables copies the tables of this folder so that a test can change them.
func copyTables(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "tables")
	if err := os.CopyFS(dir, os.DirFS("tables")); err != nil {
		t.Fatal(err)
	}
	return dir
}
