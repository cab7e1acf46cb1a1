// Command check runs everything that guards the tree, in the order in which a
// failure is cheapest to learn, and prints the time of each step.
//
//	go run ./tools/check
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// step is one guard. An outcome other than "" is printed beside its time.
type step struct {
	name string
	run  func(out io.Writer) (outcome string, err error)
}

func steps() []step {
	return []step{
		{"install what is missing", command("go", "run", "./tools/setup", "test")},
		{"build the tools", command("make", "tools")},
		{"generated code is current", generated},
		{"buf lint", command(".bin/buf", "lint")},
		{"buf format", command(".bin/buf", "format", "--diff", "--exit-code", "--path", "proto/skaitykla")},
		{"buf format records", command(".bin/buf", "format", "services", "--diff", "--exit-code")},
		{"the contract is kept", kept},
		{"go mod tidy", tidy},
		{"build without the workspace", inModules([]string{".", "proto", "docs/examples/tool"}, "go", "build", "./...")},
		{"golangci-lint", command(".bin/golangci-lint", "run", "./...")},
		{"make test", command("make", "test")},
		{"govulncheck", vulnerabilities},
	}
}

func main() {
	began := time.Now()
	var summary strings.Builder
	for _, s := range steps() {
		fmt.Fprintf(os.Stdout, "\n==> %s\n", s.name)
		start := time.Now()
		outcome, err := s.run(os.Stdout)
		line := fmt.Sprintf("%7.1f s  %s  %s\n", time.Since(start).Seconds(), s.name, outcome)
		fmt.Fprintf(&summary, "%s", line)
		fmt.Fprintf(os.Stdout, "<== %s", line)
		if err != nil {
			fmt.Fprintf(os.Stderr, "\ncheck: %s: %v\n", s.name, err)
			os.Exit(1)
		}
	}
	fmt.Fprintf(os.Stdout, "\nTime of each step:\n%s%7.1f s  in all\n", summary.String(), time.Since(began).Seconds())
}

func command(words ...string) func(io.Writer) (string, error) {
	return inModules([]string{"."}, words...)
}

// inModules runs the words in each module as its users would: without the
// workspace, which hides a missing requirement.
func inModules(dirs []string, words ...string) func(io.Writer) (string, error) {
	return func(out io.Writer) (string, error) {
		for _, dir := range dirs {
			cmd := exec.Command(words[0], words[1:]...)
			cmd.Dir = dir
			cmd.Env = os.Environ()
			if words[0] == "go" && words[1] != "run" {
				cmd.Env = append(cmd.Env, "GOWORK=off")
			}
			cmd.Stdout, cmd.Stderr = out, out
			if err := cmd.Run(); err != nil {
				return "", fmt.Errorf("%s in %s: %w", strings.Join(words, " "), dir, err)
			}
		}
		return "", nil
	}
}

func tidy(out io.Writer) (string, error) {
	modules := []string{".", "proto", "tools/buf", "tools/gen", "tools/lint", "deploy/minio", "deploy/versitygw", "docs/examples/tool"}
	return inModules(modules, "go", "mod", "tidy", "-diff")(out)
}

// generated makes everything anew and wants no byte to change.
func generated(out io.Writer) (string, error) {
	before, err := status()
	if err != nil {
		return "", err
	}
	if _, err := command("make", "generate")(out); err != nil {
		return "", err
	}
	after, err := status()
	if err != nil {
		return "", err
	}
	if !bytes.Equal(before, after) {
		return "", fmt.Errorf("`make generate` changed the tree; commit what it makes:\n%s", after)
	}
	return "", nil
}

func status() ([]byte, error) {
	names, err := exec.Command("git", "status", "--porcelain").Output()
	if err != nil {
		return nil, fmt.Errorf("git status: %w", err)
	}
	diff, err := exec.Command("git", "diff").Output()
	if err != nil {
		return nil, fmt.Errorf("git diff: %w", err)
	}
	return append(names, diff...), nil
}

// vulnerabilities fails on a known one; where the database cannot be reached
// it says so, for then nothing was checked.
func vulnerabilities(out io.Writer) (string, error) {
	const found = 3 // govulncheck's exit code for "your code calls it"
	text, err := exec.Command(".bin/govulncheck", "./...").CombinedOutput()
	exit, failed := errors.AsType[*exec.ExitError](err)
	switch {
	case err == nil:
		return "no known vulnerability", nil
	case failed && exit.ExitCode() == found:
		_, _ = out.Write(text)
		return "", errors.New("known vulnerabilities")
	case bytes.Contains(text, []byte("fetching vulnerabilities")) || bytes.Contains(text, []byte("vuln.go.dev")):
		return "NOT CHECKED: the database cannot be reached from here", nil
	default:
		_, _ = out.Write(text)
		return "", fmt.Errorf("govulncheck: %w", err)
	}
}
