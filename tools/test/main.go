// Command test runs `go test` with the given words and prints what it prints,
// and at the end every test that was skipped, with its reason: without -v
// nobody would see them.
//
//	go run ./tools/test -race ./...
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// event is one line of `go test -json` (see `go doc test2json`).
type event struct {
	Action, Package, Test, Output string
}

func main() {
	code, err := run(os.Args[1:], os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "test:", err)
	}
	os.Exit(code)
}

func run(words []string, out io.Writer) (code int, err error) {
	cmd := exec.Command("go", append([]string{"test", "-json"}, words...)...)
	cmd.Stderr = os.Stderr
	events, err := cmd.StdoutPipe()
	if err != nil {
		return 1, err
	}
	if err := cmd.Start(); err != nil {
		return 1, err
	}
	skipped := report(events, out)
	err = cmd.Wait()
	if len(skipped) > 0 {
		fmt.Fprintf(out, "\n%d tests were skipped:\n%s", len(skipped), strings.Join(skipped, ""))
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return max(exit.ExitCode(), 1), nil
	}
	if err != nil {
		return 1, err
	}
	return 0, nil
}

// report prints packages at once, tests only when they fail, and returns what
// was skipped.
func report(events io.Reader, out io.Writer) (skipped []string) {
	held := map[string][]string{}
	lines := bufio.NewReader(events)
	for {
		line, err := lines.ReadString('\n')
		var e event
		if json.Unmarshal([]byte(line), &e) != nil {
			fmt.Fprint(out, line) // not an event: better shown than lost
		}
		key := e.Package + " " + e.Test
		switch {
		case e.Output != "" && e.Test != "":
			held[key] = append(held[key], e.Output)
		case e.Output != "" && e.Output != "PASS\n":
			fmt.Fprint(out, e.Output)
		case e.Action == "skip" && e.Test != "":
			skipped = append(skipped, fmt.Sprintf("  %s.%s: %s\n", e.Package, e.Test, reason(held[key])))
		case e.Action == "fail" && e.Test != "":
			fmt.Fprint(out, strings.Join(held[key], ""))
		}
		if e.Test != "" && (e.Action == "pass" || e.Action == "skip" || e.Action == "fail") {
			delete(held, key)
		}
		if err != nil {
			break
		}
	}
	for _, output := range held { // of tests that never ended
		fmt.Fprint(out, strings.Join(output, ""))
	}
	return skipped
}

// reason is what a test said when it was skipped.
func reason(output []string) string {
	for _, line := range output {
		if text := strings.TrimSpace(line); !strings.HasPrefix(text, "===") && !strings.HasPrefix(text, "---") {
			return text
		}
	}
	return "it gives no reason"
}
