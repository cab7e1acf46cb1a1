package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// extra holds what no RPC says: the title, the security scheme, uploads and
// files.
//
//go:embed extra.json
var extra []byte

// object is a JSON object.
type object = map[string]any

// finish changes doc in place.
func finish(doc object) error {
	paths, ok := doc["paths"].(object)
	if !ok {
		return fmt.Errorf("the document has no paths")
	}
	renamed := object{}
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		item, ok := paths[path].(object)
		if !ok {
			return fmt.Errorf("path %s is not an object", path)
		}
		if err := addItem(renamed, path, item); err != nil {
			return err
		}
	}
	doc["paths"] = renamed
	var more object
	if err := json.Unmarshal(extra, &more); err != nil {
		return fmt.Errorf("read extra.json: %w", err)
	}
	merge(doc, more)
	return nil
}

// addItem adds the operations of a path under the path with resource ids as
// parameters. The generators name parameters after request fields, so that one
// address has several names, which OpenAPI forbids.
func addItem(paths object, path string, item object) error {
	clean, names := rename(path)
	target, ok := paths[clean].(object)
	if !ok {
		target = object{}
		paths[clean] = target
	}
	for method, value := range item {
		operation, ok := value.(object)
		if !ok {
			return fmt.Errorf("%s %s is not an object", method, path)
		}
		if _, taken := target[method]; taken {
			return fmt.Errorf("%s %s is there twice", method, clean)
		}
		operation["parameters"] = parameters(operation["parameters"], names)
		if strings.HasSuffix(path, ":watch") {
			streamTypes(operation)
		}
		target[method] = operation
	}
	return nil
}

// rename returns a path whose parameters are named after the collection before
// them, and these names in order.
func rename(path string) (string, []string) {
	var names []string
	clean := regexp.MustCompile(`(\w+)/\{[^}]+\}`).ReplaceAllStringFunc(path, func(m string) string {
		collection, _, _ := strings.Cut(m, "/")
		name := strings.TrimSuffix(collection, "s")
		if stem, ok := strings.CutSuffix(collection, "ies"); ok {
			name = stem + "y"
		}
		names = append(names, name)
		return collection + "/{" + name + "}"
	})
	return clean, names
}

// parameters replaces the path parameters by those of the names.
func parameters(given any, names []string) []any {
	var all []any
	for _, name := range names {
		all = append(all, object{
			"name": name, "in": "path", "required": true, "description": "The id of the " + name + ".",
			"schema": object{"type": "string", "pattern": "^[0-9A-Za-z-]{1,64}$"},
		})
	}
	list, _ := given.([]any)
	for _, value := range list {
		if p, ok := value.(object); !ok || p["in"] != "path" {
			all = append(all, value)
		}
	}
	return all
}

// streamTypes gives the answer of a watch the media types that it has.
func streamTypes(operation object) {
	responses, _ := operation["responses"].(object)
	ok200, _ := responses["200"].(object)
	content, _ := ok200["content"].(object)
	if lines, ok := content["application/json"]; ok {
		delete(content, "application/json")
		content["application/x-ndjson"] = lines
		content["text/event-stream"] = object{"schema": object{
			"type": "string", "description": "Events whose data is the result in JSON and whose id is the resume token.",
		}}
	}
}

// merge adds more to doc; where both have something, more wins, except that
// objects are merged.
func merge(doc, more object) {
	for key, value := range more {
		inner, isObject := value.(object)
		own, hasObject := doc[key].(object)
		if isObject && hasObject {
			merge(own, inner)
			continue
		}
		doc[key] = value
	}
}
