package webhook_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

// verification is one call of the code in docs/webhooks.md; now is in seconds.
type verification struct {
	Secret  string            `json:"secret"`
	Headers map[string]string `json:"headers"`
	Body    []byte            `json:"body"`
	Now     int64             `json:"now"`
	Good    bool              `json:"-"`
}

func verifications() []verification {
	at := time.Unix(1_795_359_600, 0)
	key, former := webhook.NewSecret(), webhook.NewSecret()
	body := []byte(`{"type":"article.published","data":{"title":"Ąžuolas"}}`)
	v := func(signed, checked []byte, body []byte, age time.Duration, good bool, keys ...[]byte) verification {
		header := webhook.Sign(append(keys, signed), "000cs2m4b8g1o-6q0v3n5t8k2h4d1s", at, []byte(`{"type":"article.published","data":{"title":"Ąžuolas"}}`))
		return verification{
			Secret: webhook.SecretText(checked), Body: body, Now: at.Add(age).Unix(), Good: good,
			Headers: map[string]string{
				"webhook-id": header.Get(webhook.HeaderID), "webhook-timestamp": header.Get(webhook.HeaderTimestamp),
				"webhook-signature": header.Get(webhook.HeaderSignature),
			},
		}
	}
	torn := v(key, key, body, 0, false)
	torn.Headers["webhook-timestamp"] = "soon"
	return []verification{
		v(key, key, body, 0, true),
		v(key, former, body, time.Minute, true, former),
		v(key, key, body, 5*time.Minute, true, former),
		v(key, former, body, 0, false),
		v(key, key, append(body, ' '), 0, false),
		v(key, key, body, 6*time.Minute, false),
		v(key, key, body, -6*time.Minute, false),
		torn,
	}
}

// block returns the code in a language from docs/webhooks.md.
func block(t *testing.T, language string) []byte {
	t.Helper()
	text, err := os.ReadFile("../../../../docs/webhooks.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindSubmatch(text)
	if found == nil {
		t.Fatalf("docs/webhooks.md has no %s", language)
	}
	return found[1]
}

// try runs a program over the verifications, which prints a list of booleans.
func try(t *testing.T, files map[string]string, command ...string) {
	t.Helper()
	dir := t.TempDir()
	cases := verifications()
	data, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	files["cases.json"] = string(data)
	var want, got []bool
	for _, c := range cases {
		want = append(want, c.Good)
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	cmd.Dir, cmd.Stderr, cmd.Env = dir, t.Output(), append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v", command, err)
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("printed %q: %v", out, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("verified (-want +got):\n%s", diff)
	}
}

// TestDocsInGo has the code of docs/webhooks.md verify what we sign.
func TestDocsInGo(t *testing.T) {
	try(t, map[string]string{
		"go.mod":             "module receiver\n\ngo 1.26\n",
		"webhooks/verify.go": string(block(t, "go")),
		"main.go": `package main

import (
	"encoding/json"
	"net/http"
	"os"
	"time"

	"receiver/webhooks"
)

func main() {
	var cases []struct {
		Secret  string
		Headers map[string]string
		Body    []byte
		Now     int64
	}
	data, err := os.ReadFile("cases.json")
	if err == nil {
		err = json.Unmarshal(data, &cases)
	}
	if err != nil {
		os.Exit(1)
	}
	var good []bool
	for _, c := range cases {
		header := http.Header{}
		for name, value := range c.Headers {
			header.Set(name, value)
		}
		good = append(good, webhooks.Verify(c.Secret, header, c.Body, time.Unix(c.Now, 0)) == nil)
	}
	_ = json.NewEncoder(os.Stdout).Encode(good)
}
`,
	}, "go", "run", ".")
}

// TestDocsInJavaScript is the same in Node.
func TestDocsInJavaScript(t *testing.T) {
	try(t, map[string]string{
		"verify.mjs": string(block(t, "js")),
		"main.mjs": `import { readFileSync } from 'node:fs'
import { verify } from './verify.mjs'

const good = JSON.parse(readFileSync('cases.json')).map(({ secret, headers, body, now }) => {
  try {
    verify(secret, headers, Buffer.from(body, 'base64'), now * 1000)
    return true
  } catch {
    return false
  }
})
console.log(JSON.stringify(good))
`,
	}, "node", "main.mjs")
}
