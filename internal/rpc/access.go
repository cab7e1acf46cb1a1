package rpc

import (
	"errors"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/skaitykla/skaitykla/internal/auth"
	authv1 "github.com/skaitykla/skaitykla/proto/skaitykla/auth/v1"
)

// access is what one method needs, from its proto option.
type access struct {
	permission auth.Permission
	working    auth.Permission // when more than the public part is asked for
	scope      scopeFinder
	// The fields by which a request asks for more, nil where it has none.
	showDeleted, view, readTime protoreflect.FieldDescriptor
	workingView                 protoreflect.EnumNumber
}

// newAccessTable reads the option of every method of the services. The error
// names every method whose option is missing or names an unknown permission.
func newAccessTable(services []string) (map[string]*access, error) {
	table := make(map[string]*access)
	var problems []error
	for method, err := range methodsOf(services) {
		if err != nil {
			return nil, err
		}
		a, err := AccessOf(method)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		table[fullMethod(method)] = newAccess(method.Input(), a)
	}
	return table, errors.Join(problems...)
}

func newAccess(request protoreflect.MessageDescriptor, option *authv1.Access) *access {
	a := &access{
		permission: auth.Permission(option.GetPermission()),
		working:    auth.Permission(option.GetWorkingPermission()),
		scope:      newScopeFinder(request),
	}
	if f := request.Fields().ByName("show_deleted"); f != nil && f.Kind() == protoreflect.BoolKind {
		a.showDeleted = f
	}
	a.readTime = request.Fields().ByName("read_time")
	f := request.Fields().ByName("view")
	if f == nil || f.Kind() != protoreflect.EnumKind {
		return a
	}
	for i := range f.Enum().Values().Len() {
		if value := f.Enum().Values().Get(i); strings.HasSuffix(string(value.Name()), "_WORKING") {
			a.view, a.workingView = f, value.Number()
		}
	}
	return a
}

// AccessOf returns the access option of a method. It fails when the option is
// missing or names a permission that the matrix does not have.
func AccessOf(method protoreflect.MethodDescriptor) (*authv1.Access, error) {
	a, _ := proto.GetExtension(method.Options(), authv1.E_Access).(*authv1.Access)
	if a.GetPermission() == "" {
		return nil, fmt.Errorf("method %s names no permission: set the option skaitykla.auth.v1.access", method.FullName())
	}
	for _, p := range []string{a.GetPermission(), a.GetWorkingPermission()} {
		if p != "" && !auth.Known(auth.Permission(p)) {
			return nil, fmt.Errorf("method %s names the permission %q, which docs/permissions.md does not have", method.FullName(), p)
		}
	}
	return a, nil
}

// needs returns the permission for this very request.
func (a *access) needs(m protoreflect.Message) auth.Permission {
	if a.working != "" && a.asksForWorking(m) {
		return a.working
	}
	return a.permission
}

// asksForWorking reports whether the request's view is WORKING, or show_deleted
// or read_time is set.
func (a *access) asksForWorking(m protoreflect.Message) bool {
	return a.showDeleted != nil && m.Get(a.showDeleted).Bool() ||
		a.readTime != nil && m.Has(a.readTime) ||
		a.view != nil && m.Get(a.view).Enum() == a.workingView
}
