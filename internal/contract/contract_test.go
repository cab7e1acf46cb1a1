package contract_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/skaitykla/skaitykla/internal/contract"
)

// uploads is the one method that makes something and is not called by REST.
const uploads = "skaitykla.media.v1.MediaService.UploadPhoto"

// imports makes a site out of a stream, which REST has no form for.
const imports = "skaitykla.article.v1.ArticleService.ImportArticles"

// counts is told by the gateway alone, so that nobody else can.
const counts = "skaitykla.sharing.v1.SharingService.CountShareClicks"

// withoutREST are the methods that carry bytes or take a stream; the gateway
// has addresses of its own for those that browsers need.
var withoutREST = map[protoreflect.FullName]bool{
	uploads: true,
	imports: true,
	"skaitykla.media.v1.MediaService.ReadRendition":     true,
	"skaitykla.media.v1.MediaService.AppendUpload":      true,
	"skaitykla.media.v1.MediaService.ReadSocialCard":    true,
	"skaitykla.sharing.v1.SharingService.RenderSitemap": true,
	counts: true,
}

// steps are the later steps of an upload in pieces. It is the retry itself:
// its offset does what request ids and etags do elsewhere.
var steps = map[protoreflect.FullName]bool{
	"skaitykla.media.v1.MediaService.AppendUpload": true,
	"skaitykla.media.v1.MediaService.FinishUpload": true,
	"skaitykla.media.v1.MediaService.DeleteUpload": true,
}

// asked are the methods without an effect that are called by POST so that what
// they are given stands in no address.
var asked = map[protoreflect.FullName]bool{
	"skaitykla.article.v1.ArticleService.OpenPreview": true,
	"skaitykla.article.v1.ArticleService.ReadPreview": true,
}

// unchanging are the resources that nobody changes, with the usual fields they
// have no use for.
var unchanging = map[protoreflect.Name][]protoreflect.Name{
	"ArticleRevision": {"uid", "update_time", "etag"},
	"AuditEvent":      {"uid", "update_time", "etag"},
	"PreviewToken":    {"uid", "update_time"},
	"Tag":             {"uid", "create_time", "update_time", "etag"},
	"PhotoUsage":      {"uid", "create_time", "etag"},
	"SocialCard":      {"uid", "create_time", "etag"},
	"Upload":          {"etag"},
}

// foreign reports whether a method is one of google.longrunning.Operations,
// which has rules of its own (AIP-151).
func foreign(m protoreflect.MethodDescriptor) bool {
	return m.Input().ParentFile().Package() == "google.longrunning"
}

// operates reports whether a method begins a long-running operation.
func operates(m protoreflect.MethodDescriptor) bool {
	return !foreign(m) && m.Output().FullName() == "google.longrunning.Operation"
}

// changes reports whether a method has an effect.
func changes(m protoreflect.MethodDescriptor) bool {
	verb, _, _ := contract.HTTP(m)
	return m.FullName() == uploads || m.FullName() == imports || m.FullName() == counts || (verb != "GET" && verb != "" && !asked[m.FullName()] && !steps[m.FullName()] && !foreign(m))
}

// verb returns the first word of a method's name, and noun the rest.
func split(m protoreflect.MethodDescriptor) (verb, noun string) {
	name := string(m.Name())
	at := strings.IndexFunc(name[1:], func(r rune) bool { return r >= 'A' && r <= 'Z' })
	if at < 0 {
		return name, ""
	}
	verb, noun = name[:at+1], name[at+1:]
	if verb == "Batch" {
		return "BatchGet", strings.TrimPrefix(noun, "Get")
	}
	return verb, noun
}

// TestContractIsThere keeps the other tests from passing over nothing.
func TestContractIsThere(t *testing.T) {
	if s, m := len(contract.Services()), len(contract.Methods()); s != 3 || m < 26 {
		t.Errorf("%d services with %d methods", s, m)
	}
	found := make(map[protoreflect.Name]bool)
	for _, r := range contract.Resources() {
		found[r.Name()] = true
	}
	for _, want := range []protoreflect.Name{"Site", "Article", "Photo"} {
		if !found[want] {
			t.Errorf("%s is not a resource", want)
		}
	}
	if got := len(contract.Requests()); got < 50 {
		t.Errorf("only %d messages in requests", got)
	}
}

// sources returns the protos as they are written, by path.
func sources(t *testing.T) map[string]string {
	t.Helper()
	root := filepath.Join("..", "..", "proto", "skaitykla")
	paths, err := filepath.Glob(filepath.Join(root, "*", "v1", "*.proto"))
	if err != nil || len(paths) < 10 {
		t.Fatalf("%d protos in %s: %v", len(paths), root, err)
	}
	texts := make(map[string]string, len(paths))
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[path] = string(text)
	}
	return texts
}

// TestSources holds what only the text shows: the order in a file (AIP-191),
// the Java options, and comments that the linter would refuse (AIP-192).
func TestSources(t *testing.T) {
	enum := regexp.MustCompile(`(?m)^enum `)
	message := regexp.MustCompile(`(?m)^message `)
	service := regexp.MustCompile(`(?m)^service `)
	markup := regexp.MustCompile(`(?m)^\s*//.*(</ *[a-zA-Z-]+>|<[a-zA-Z-]+ */>)|^\s*// #+ |;[ \t]*//`)
	disabled := regexp.MustCompile(`api-linter: ([a-z]+::[0-9]{4}::[a-z-]+)=disabled\n\s*// +aip\.dev/not-precedent: because `)
	for path, text := range sources(t) {
		first, last := func(r *regexp.Regexp) int {
			if at := r.FindStringIndex(text); at != nil {
				return at[0]
			}
			return len(text)
		}, func(r *regexp.Regexp) int {
			at := -1
			for _, found := range r.FindAllStringIndex(text, -1) {
				at = found[0]
			}
			return at
		}
		if last(message) > first(enum) {
			t.Errorf("%s: an enum stands before a message", path)
		}
		if last(service) > first(message) {
			t.Errorf("%s: a message stands before a service", path)
		}
		for _, option := range []string{"go_package", "java_multiple_files", "java_outer_classname", "java_package"} {
			if !strings.Contains(text, "\noption "+option+" = ") {
				t.Errorf("%s: no option %s", path, option)
			}
		}
		for _, found := range markup.FindAllString(text, -1) {
			t.Errorf("%s: a comment the linter refuses: %s", path, strings.TrimSpace(found))
		}
		if all, good := strings.Count(text, "api-linter:"), len(disabled.FindAllString(text, -1)); all != good {
			t.Errorf("%s: %d of %d deviations say which rule and why", path, good, all)
		}
	}
}
