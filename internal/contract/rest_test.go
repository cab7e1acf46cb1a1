package contract_test

import (
	"regexp"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/skaitykla/skaitykla/internal/contract"
)

// TestREST asks that the address of every method is the one its kind has:
// standard methods by AIP-131 to 135 and 231, custom ones by AIP-136.
func TestREST(t *testing.T) {
	for _, m := range contract.Methods() {
		verb, path, body := contract.HTTP(m)
		if withoutREST[m.FullName()] {
			if verb != "" {
				t.Errorf("%s is no longer an exception", m.FullName())
			}
			continue
		}
		if foreign(m) {
			continue
		}
		wantVerb, wantPath, wantBody := address(t, m, verb, path)
		if verb != wantVerb || path != wantPath || body != wantBody {
			t.Errorf("%s is %s %s with body %q, want %s %s with body %q",
				m.FullName(), verb, path, body, wantVerb, wantPath, wantBody)
		}
	}
}

// address returns where a method belongs. Of a custom method it takes over
// whether it is asked by GET, which must fit its effect, and which resource it
// is about.
func address(t *testing.T, m protoreflect.MethodDescriptor, verb, path string) (wantVerb, wantPath, wantBody string) {
	t.Helper()
	kind, noun := split(m)
	switch kind {
	case "Get":
		return "GET", "/v1/{name=" + stars(t, noun) + "}", ""
	case "Delete":
		return "DELETE", "/v1/{name=" + stars(t, noun) + "}", ""
	case "Update":
		return "PATCH", "/v1/{" + snake(noun) + ".name=" + stars(t, noun) + "}", snake(noun)
	case "Create":
		return "POST", collection(t, noun), snake(noun)
	case "List":
		return "GET", collection(t, singular(t, noun)), ""
	case "BatchGet":
		return "GET", collection(t, singular(t, noun)) + ":batchGet", ""
	}
	wantVerb, wantBody = "GET", ""
	if verb == "POST" {
		wantVerb, wantBody = "POST", "*"
	}
	suffix := ":" + strings.ToLower(kind[:1]) + kind[1:]
	if one := singular(t, noun); one != noun {
		return wantVerb, collection(t, one) + suffix, wantBody // on a collection
	}
	if pattern(noun) != "" {
		return wantVerb, "/v1/{name=" + stars(t, noun) + "}" + suffix, wantBody // on the resource itself
	}
	// What it is about is not what it is called after: it has the field of that
	// resource, and its whole name stands behind the colon.
	about := regexp.MustCompile(`^/v1/\{([a-z_]+)=`).FindStringSubmatch(path)
	if about == nil {
		t.Errorf("%s: the path %s begins with no resource", m.FullName(), path)
		return wantVerb, "", wantBody
	}
	return wantVerb, "/v1/{" + about[1] + "=" + stars(t, camel(about[1])) + "}" + suffix + noun, wantBody
}

// pattern returns the pattern of the names of a resource, "" for what is none.
func pattern(noun string) string {
	for _, r := range contract.Resources() {
		if string(r.Name()) == noun {
			return contract.Resource(r).GetPattern()[0]
		}
	}
	return ""
}

// stars returns the pattern of a resource as it stands in an address.
func stars(t *testing.T, noun string) string {
	t.Helper()
	if pattern(noun) == "" {
		t.Errorf("%s is not a resource", noun)
	}
	return regexp.MustCompile(`\{[^}]+\}`).ReplaceAllString(pattern(noun), "*")
}

// collection returns the address of the collection of a resource.
func collection(t *testing.T, noun string) string {
	t.Helper()
	path := strings.TrimSuffix(stars(t, noun), "/*")
	at := strings.LastIndex(path, "/")
	if at < 0 {
		return "/v1/" + path
	}
	return "/v1/{parent=" + path[:at] + "}" + path[at:]
}

// singular returns the name of the resource that plural is the plural of, and
// plural itself if there is none.
func singular(t *testing.T, plural string) string {
	t.Helper()
	for _, r := range contract.Resources() {
		if contract.Resource(r).GetPlural() == strings.ToLower(plural[:1])+plural[1:] {
			return string(r.Name())
		}
	}
	return plural
}

// camel returns a snake-case name in camel case.
func camel(name string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(name, "_") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}
