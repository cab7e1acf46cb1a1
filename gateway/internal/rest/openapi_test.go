package rest

import (
	"encoding/json"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// apiDocument is what the tests read of the document.
type apiDocument struct {
	OpenAPI string
	Info    struct{ Title, Version string }
	Paths   map[string]map[string]struct {
		OperationID string
		Parameters  []struct{ Name, In string }
	}
	Components struct{ Schemas, SecuritySchemes map[string]any }
}

func parseDocument(t *testing.T) apiDocument {
	t.Helper()
	w := httptest.NewRecorder()
	OpenAPI(w, httptest.NewRequestWithContext(t.Context(), "GET", "/openapi.json", nil))
	var doc apiDocument
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestDocumentHead(t *testing.T) {
	doc := parseDocument(t)
	if !strings.HasPrefix(doc.OpenAPI, "3.1.") || doc.Info.Title != "Skaitykla" || doc.Info.Version != "v1" {
		t.Errorf("OpenAPI %q of %+v", doc.OpenAPI, doc.Info)
	}
	if doc.Components.SecuritySchemes["bearer"] == nil {
		t.Error("no bearer tokens")
	}
}

// TestDocumentHasEveryMethod compares the document with the contract: a method
// with an http annotation that it lacks means that it was not generated anew.
func TestDocumentHasEveryMethod(t *testing.T) {
	doc := parseDocument(t)
	ids := map[string]string{}
	for path, item := range doc.Paths {
		for method, operation := range item {
			ids[operation.OperationID] = strings.ToUpper(method) + " " + path
		}
	}
	for _, file := range []protoreflect.FileDescriptor{
		articlev1.File_skaitykla_article_v1_article_service_proto,
		mediav1.File_skaitykla_media_v1_media_service_proto,
		sharingv1.File_skaitykla_sharing_v1_sharing_service_proto,
	} {
		service := file.Services().Get(0)
		for i := range service.Methods().Len() {
			method := service.Methods().Get(i)
			id := string(service.Name()) + "_" + string(method.Name())
			rule, _ := proto.GetExtension(method.Options(), annotations.E_Http).(*annotations.HttpRule)
			if got, want := ids[id], address(rule); want != "" && got != want {
				t.Errorf("%s is at %q, want %q; run make generate", id, got, want)
			}
		}
	}
}

// address returns what an annotation says in the form of the document.
func address(rule *annotations.HttpRule) string {
	var method, path string
	switch p := rule.GetPattern().(type) {
	case *annotations.HttpRule_Get:
		method, path = "GET", p.Get
	case *annotations.HttpRule_Post:
		method, path = "POST", p.Post
	case *annotations.HttpRule_Patch:
		method, path = "PATCH", p.Patch
	case *annotations.HttpRule_Delete:
		method, path = "DELETE", p.Delete
	default:
		return ""
	}
	path = regexp.MustCompile(`\{[\w.]+=([^}]+)\}`).ReplaceAllString(path, "$1")
	for collection, id := range map[string]string{
		"sites": "site", "articles": "article", "photos": "photo",
		"revisions": "revision", "schedules": "schedule", "previewTokens": "previewToken",
		"uploads": "upload", "socialCards": "socialCard", "operations": "operation",
		"shareLinks": "shareLink", "webhookEndpoints": "webhookEndpoint", "deliveries": "delivery",
	} {
		path = strings.ReplaceAll(path, collection+"/*", collection+"/{"+id+"}")
	}
	return method + " " + path
}

// TestDocumentPaths: each parameter of a path is declared, and no two paths
// differ in the names of their parameters only, which OpenAPI forbids.
func TestDocumentPaths(t *testing.T) {
	doc := parseDocument(t)
	parameter := regexp.MustCompile(`\{([^}]+)\}`)
	seen := map[string]string{}
	for path, item := range doc.Paths {
		shape := parameter.ReplaceAllString(path, "{}")
		if other, ok := seen[shape]; ok {
			t.Errorf("%s and %s are the same", path, other)
		}
		seen[shape] = path
		for method, operation := range item {
			var declared, used []string
			for _, p := range operation.Parameters {
				if p.In == "path" {
					declared = append(declared, p.Name)
				}
			}
			for _, m := range parameter.FindAllStringSubmatch(path, -1) {
				used = append(used, m[1])
			}
			if !slices.Equal(declared, used) {
				t.Errorf("%s %s declares %q", method, path, declared)
			}
		}
	}
}

func TestDocumentReferences(t *testing.T) {
	doc := parseDocument(t)
	for _, m := range regexp.MustCompile(`"#/components/schemas/([^"]+)"`).FindAllStringSubmatch(string(openAPI), -1) {
		if doc.Components.Schemas[m[1]] == nil {
			t.Errorf("no schema %s", m[1])
		}
	}
}
