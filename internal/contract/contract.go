// Package contract reads the compiled protos of the suite, so that its tests
// can hold every service, method, message and field against the rules of the
// contract: those of Google's API Improvement Proposals (https://aip.dev) and
// our own. Deviations are few and written down twice, in the comment that
// Google's API linter reads and in the test that would fail.
package contract

import (
	"slices"
	"strings"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// packages is what all packages of the contract begin with.
const packages = "skaitykla."

// Services returns the services of the contract.
func Services() []protoreflect.ServiceDescriptor {
	return []protoreflect.ServiceDescriptor{
		articlev1.File_skaitykla_article_v1_article_service_proto.Services().ByName("ArticleService"),
		mediav1.File_skaitykla_media_v1_media_service_proto.Services().ByName("MediaService"),
		sharingv1.File_skaitykla_sharing_v1_sharing_service_proto.Services().ByName("SharingService"),
	}
}

// Methods returns all methods, service by service.
func Methods() []protoreflect.MethodDescriptor {
	var all []protoreflect.MethodDescriptor
	for _, s := range Services() {
		for i := range s.Methods().Len() {
			all = append(all, s.Methods().Get(i))
		}
	}
	return all
}

// Requests returns the messages that a caller can send, and every message of
// the contract in them.
func Requests() []protoreflect.MessageDescriptor {
	var all []protoreflect.MessageDescriptor
	for _, m := range Methods() {
		all = within(all, m.Input())
	}
	return all
}

// Messages returns every message that can be sent or answered.
func Messages() []protoreflect.MessageDescriptor {
	all := Requests()
	for _, m := range Methods() {
		all = within(all, m.Output())
	}
	return all
}

// Resources returns the messages that have a name of their own.
func Resources() []protoreflect.MessageDescriptor {
	return slices.DeleteFunc(Messages(), func(m protoreflect.MessageDescriptor) bool { return Resource(m) == nil })
}

// Fields returns the fields of the messages.
func Fields(messages []protoreflect.MessageDescriptor) []protoreflect.FieldDescriptor {
	var all []protoreflect.FieldDescriptor
	for _, m := range messages {
		for i := range m.Fields().Len() {
			all = append(all, m.Fields().Get(i))
		}
	}
	return all
}

// within adds m and the messages of the contract in it, each once.
func within(all []protoreflect.MessageDescriptor, m protoreflect.MessageDescriptor) []protoreflect.MessageDescriptor {
	if m.IsMapEntry() || !strings.HasPrefix(string(m.FullName()), packages) || slices.Contains(all, m) {
		return all
	}
	all = append(all, m)
	for i := range m.Fields().Len() {
		if sub := m.Fields().Get(i).Message(); sub != nil {
			all = within(all, sub)
		}
	}
	return all
}

// Resource returns what m says about itself as a resource, nil if it is none.
func Resource(m protoreflect.MessageDescriptor) *annotations.ResourceDescriptor {
	r, _ := proto.GetExtension(m.Options(), annotations.E_Resource).(*annotations.ResourceDescriptor)
	return r
}

// Behavior returns the field_behavior of a field.
func Behavior(f protoreflect.FieldDescriptor) []annotations.FieldBehavior {
	b, _ := proto.GetExtension(f.Options(), annotations.E_FieldBehavior).([]annotations.FieldBehavior)
	return b
}

// Format returns the format that field_info gives a field.
func Format(f protoreflect.FieldDescriptor) annotations.FieldInfo_Format {
	info, _ := proto.GetExtension(f.Options(), annotations.E_FieldInfo).(*annotations.FieldInfo)
	return info.GetFormat()
}

// Reference returns the resource type that a field names, "" for none, and
// whether the field names the parent of one.
func Reference(f protoreflect.FieldDescriptor) (kind string, parent bool) {
	r, _ := proto.GetExtension(f.Options(), annotations.E_ResourceReference).(*annotations.ResourceReference)
	if r.GetChildType() != "" {
		return r.GetChildType(), true
	}
	return r.GetType(), false
}

// HTTP returns the verb, path and body of a method, all "" without an
// annotation.
func HTTP(m protoreflect.MethodDescriptor) (verb, path, body string) {
	rule, _ := proto.GetExtension(m.Options(), annotations.E_Http).(*annotations.HttpRule)
	switch pattern := rule.GetPattern().(type) {
	case *annotations.HttpRule_Get:
		return "GET", pattern.Get, rule.GetBody()
	case *annotations.HttpRule_Post:
		return "POST", pattern.Post, rule.GetBody()
	case *annotations.HttpRule_Patch:
		return "PATCH", pattern.Patch, rule.GetBody()
	case *annotations.HttpRule_Delete:
		return "DELETE", pattern.Delete, rule.GetBody()
	case *annotations.HttpRule_Put:
		return "PUT", pattern.Put, rule.GetBody()
	}
	return "", "", ""
}
