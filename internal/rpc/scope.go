package rpc

import (
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/skaitykla/skaitykla/internal/auth"
)

// scopeFinder finds the site that a request is about.
type scopeFinder struct {
	direct []protoreflect.FieldDescriptor // string fields that hold resource names
	nested []nestedScope                  // where there are none: those of sub-messages
}

type nestedScope struct {
	message protoreflect.FieldDescriptor
	name    []protoreflect.FieldDescriptor
}

// newScopeFinder looks at the fields name, parent, site, article, photo,
// share_link, webhook_endpoint and names; when the request has none of them, as Update requests and the first
// message of an upload, at name and parent of its messages.
func newScopeFinder(d protoreflect.MessageDescriptor) scopeFinder {
	s := scopeFinder{direct: nameFields(d, "name", "parent", "site", "article", "photo", "share_link", "webhook_endpoint", "names")}
	if len(s.direct) > 0 {
		return s
	}
	for i := range d.Fields().Len() {
		f := d.Fields().Get(i)
		if f.Message() == nil || f.IsList() || f.IsMap() {
			continue
		}
		if names := nameFields(f.Message(), "name", "parent"); len(names) > 0 {
			s.nested = append(s.nested, nestedScope{f, names})
		}
	}
	return s
}

func nameFields(d protoreflect.MessageDescriptor, candidates ...protoreflect.Name) []protoreflect.FieldDescriptor {
	var found []protoreflect.FieldDescriptor
	for _, name := range candidates {
		f := d.Fields().ByName(name)
		if f != nil && f.Kind() == protoreflect.StringKind && !f.IsMap() {
			found = append(found, f)
		}
	}
	return found
}

// find returns the site, auth.EverySite for "sites/-", and whether there is
// exactly one: a request that names two sites has no scope.
func (s scopeFinder) find(m protoreflect.Message) (site string, ok bool) {
	for _, name := range s.names(m) {
		found, valid := SiteOf(name)
		if !valid || (site != "" && site != found) {
			return "", false
		}
		site = found
	}
	return site, site != ""
}

// names returns the resource names that decide about the scope.
func (s scopeFinder) names(m protoreflect.Message) []string {
	var names []string
	for _, f := range s.direct {
		names = appendNames(names, m, f)
	}
	for _, n := range s.nested {
		if !m.Has(n.message) {
			continue
		}
		for _, f := range n.name {
			names = appendNames(names, m.Get(n.message).Message(), f)
		}
	}
	return names
}

func appendNames(names []string, m protoreflect.Message, f protoreflect.FieldDescriptor) []string {
	if !f.IsList() {
		if name := m.Get(f).String(); name != "" {
			names = append(names, name)
		}
		return names
	}
	list := m.Get(f).List()
	for i := range list.Len() {
		names = append(names, list.Get(i).String())
	}
	return names
}

// SiteOf returns the site in a resource name: "sites/x" for "sites/x/articles/y",
// auth.EverySite for "sites/-". It reports false when name is not below a site.
func SiteOf(name string) (string, bool) {
	rest, ok := strings.CutPrefix(name, "sites/")
	if !ok {
		return "", false
	}
	id, _, _ := strings.Cut(rest, "/")
	switch id {
	case "", auth.EverySite:
		return "", false
	case "-":
		return auth.EverySite, true
	}
	return "sites/" + id, true
}
