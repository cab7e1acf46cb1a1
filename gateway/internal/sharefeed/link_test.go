package sharefeed

import "testing"

// TestLocations wants no address but one of a page in a header.
func TestLocations(t *testing.T) {
	for uri, want := range map[string]string{
		"https://biblioteka.example/kelione":      "https://biblioteka.example/kelione",
		"http://127.0.0.1:8080/kelione":           "http://127.0.0.1:8080/kelione",
		"/kelione":                                "/kelione",
		"https://biblioteka.example/žuvis":        "https://biblioteka.example/%C5%BEuvis",
		"":                                        "",
		"//evil.example/":                         "",
		`/\evil.example`:                          "",
		"javascript:alert(1)":                     "",
		"data:text/html,x":                        "",
		"https://user@evil.example/":              "",
		"https:evil.example":                      "",
		"https:///evil.example":                   "",
		"kelione":                                 "",
		"https://biblioteka.example/a\r\nX-Evil:": "",
	} {
		if got, _ := location(uri); got != want {
			t.Errorf("%q: %q, want %q", uri, got, want)
		}
	}
}
