// Command soak runs the long drills and writes what they found, with the date,
// into docs/soak.md: kill rounds of the store and of the whole suite, damaged
// photographs, every fuzz target for a while, and all tests several times over.
//
//	go run ./tools/soak -rounds 200 -fuzz 30s
//	go run ./tools/soak -only 'webhook|clicks' -out /tmp/soak.md
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// drill is one long run and what it is to find out.
type drill struct {
	name    string
	args    []string
	bounded bool // each test as long as in `make test`
}

func main() {
	rounds := flag.Int("rounds", 200, "kill rounds of the store, and damaged files of each kind")
	kills := flag.Int("kills", 20, "kill rounds of the whole suite")
	mutations := flag.Int("mutations", 100_000, "damaged photographs in one locked process")
	fuzz := flag.Duration("fuzz", 30*time.Second, "how long each fuzz target runs")
	only := flag.String("only", "", "a regular expression: run no other drills than those it finds in their names")
	out := flag.String("out", "docs/soak.md", "where to write the result; the file is made anew")
	flag.Parse()
	if err := soak(*rounds, *kills, *mutations, *fuzz, *only, *out); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

func soak(rounds, kills, mutations int, fuzz time.Duration, only, path string) error {
	chosen, err := regexp.Compile(only)
	if err != nil {
		return fmt.Errorf("-only: %w", err)
	}
	drills := longDrills(rounds, kills, mutations)
	targets, err := fuzzTargets()
	if err != nil {
		return err
	}
	for _, t := range targets {
		drills = append(drills, drill{
			name: fmt.Sprintf("fuzz %s in %s for %s", t.name, t.dir, fuzz),
			args: []string{"-run", "^$", "-fuzz", "^" + t.name + "$", "-fuzztime", fuzz.String(), "./" + t.dir},
		})
	}
	drills = slices.DeleteFunc(drills, func(d drill) bool { return !chosen.MatchString(d.name) })
	if len(drills) == 0 {
		return fmt.Errorf("no drill is named as %q", only)
	}
	var rows strings.Builder
	failed := 0
	for _, d := range drills {
		fmt.Fprintln(os.Stdout, "==>", d.name)
		row, ok := run(d, rounds, mutations, os.Stdout)
		if !ok {
			failed++
		}
		rows.WriteString(row)
		// After each drill: whoever ends a run of hours keeps what it found.
		if err := write(path, rows.String()); err != nil {
			return err
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d drills failed; see %s", failed, path)
	}
	return nil
}

// longDrills are all but the fuzzing. Their tests are long where SKAITYKLA_SOAK is
// set, and bounded otherwise.
func longDrills(rounds, kills, mutations int) []drill {
	return []drill{
		{name: "kill -9 of a writing store, " + strconv.Itoa(rounds) + " rounds: nothing acknowledged is lost", args: []string{"-run", "Kill", "./internal/kv/..."}},
		{name: "damaged photographs, " + strconv.Itoa(rounds) + " of each kind, each in a process: no crash, no hang", args: []string{"-run", "Mutation", "./services/media/internal/pixels"}},
		{name: "damaged photographs, " + strconv.Itoa(mutations) + " through one locked process: no crash, no hang, no growth of memory", args: []string{"-run", "Mutation", "./services/media/internal/pixels/worker"}},
		{name: "kill -9 of the whole suite, " + strconv.Itoa(kills) + " rounds", args: []string{"-run", "TestKill", "-count", strconv.Itoa(kills), "./internal/e2e"}},
		{name: "kill -9 of the media service amid uploads, 50 rounds: every photo has all renditions, nothing is left over", args: []string{"-run", "TestKillRounds", "./services/media"}},
		{name: "kill -9 of the sharing service while articles are published, 50 rounds: each event has its effect once, each article one code", args: []string{"-run", "TestKillRounds", "./services/sharing"}},
		{name: "kill -9 of the sender between call and record, 50 rounds: every webhook arrives, repeats have the same id", args: []string{"-run", "TestKillDeliveries", "./services/sharing"}},
		{name: "kill -9 of who counts clicks and folds them, 50 rounds: what was acknowledged is counted once", args: []string{"-run", "TestKill$", "./services/sharing/internal/store/crash"}},
		{name: "a million clicks on one link through gateway and sharing service: each is counted, memory and store bounded", args: []string{"-run", "TestManyOpenOneLink", "./internal/e2e/shortlinks"}},
		{name: "receivers of webhooks that answer 500 for a day and for ever, hang, answer slowly or go away, with the race detector, 20 times over", args: []string{"-race", "-count", "20", "./services/sharing/internal/outbox", "./services/sharing/internal/egress"}},
		{name: "32 uploads of 24 million pixels at once, 2 workers: memory bounded", args: []string{"-run", "TestManyUploads", "./services/media"}},
		{name: "two editors race 10,000 random edits through the merge: nothing acknowledged is missing", args: []string{"-run", "TestRace$", "./services/article"}},
		{name: "kill -9 of the article service under 64 writers, 50 rounds: lists, tags, index and feed agree", args: []string{"-run", "TestKillWriters", "./services/article"}},
		{name: "the clock of the scheduler jumps, zones and days on which clocks change, 50 times over", args: []string{"-race", "-count", "50", "-run", "Clock|Zone|Resolve", "./services/article/internal/schedule", "./services/article/internal/scheduler", "./services/article/internal/store"}},
		{name: "articles are purged while others read them, 20 times over", args: []string{"-race", "-count", "20", "-run", "TestPurgeWhileReading", "./services/article"}},
		{name: "all tests, three times over, in random order, with the race detector", args: []string{"-race", "-shuffle=on", "-count=3", "./...", "./proto/..."}, bounded: true},
	}
}

// run runs a drill and returns its row of the table.
func run(d drill, rounds, mutations int, out io.Writer) (row string, ok bool) {
	var printed bytes.Buffer
	cmd := exec.Command("go", append([]string{"test", "-count=1", "-timeout", "60m"}, d.args...)...)
	if !d.bounded {
		cmd.Env = append(os.Environ(), "SKAITYKLA_SOAK="+strconv.Itoa(rounds), "SKAITYKLA_MUTATIONS="+strconv.Itoa(mutations))
	}
	cmd.Stdout = io.MultiWriter(out, &printed)
	cmd.Stderr = cmd.Stdout
	began := time.Now()
	err := cmd.Run()
	result := "passed"
	switch {
	case err != nil:
		result = "FAILED: " + err.Error()
	case !ranTests(printed.String()):
		err = errors.New("no test has that name")
		result = "FAILED: " + err.Error()
	}
	if m := executions().FindAllStringSubmatch(printed.String(), -1); len(m) > 0 {
		result += ", " + m[len(m)-1][1] + " inputs"
	}
	return fmt.Sprintf("| %s | %s | %s |\n", d.name, result, time.Since(began).Round(time.Second)), err == nil
}

// ranTests tells whether a package had something to run: a drill whose test got
// another name passes otherwise.
func ranTests(printed string) bool {
	for line := range strings.Lines(printed) {
		if strings.HasPrefix(line, "ok ") && !strings.Contains(line, "[no tests to run]") {
			return true
		}
	}
	return false
}

func executions() *regexp.Regexp { return regexp.MustCompile(`execs: (\d+)`) }

type target struct{ dir, name string }

// fuzzTargets finds every fuzz test of the root module.
func fuzzTargets() ([]target, error) {
	var targets []target
	declared := regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)
	err := filepath.WalkDir(".", func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != "." {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range declared.FindAllStringSubmatch(string(source), -1) {
			targets = append(targets, target{dir: filepath.ToSlash(filepath.Dir(path)), name: m[1]})
		}
		return nil
	})
	slices.SortFunc(targets, func(a, b target) int { return strings.Compare(a.dir+a.name, b.dir+b.name) })
	return targets, err
}

func write(path, rows string) error {
	text := fmt.Sprintf(`# Soak

What `+"`make soak`"+` found last, on %s (UTC), on a machine of two cores. The same drills run in `+"`make test`"+` in bounded form.

| drill | result | time |
|---|---|---|
%s`, time.Now().UTC().Format("2 January 2006"), rows)
	const mode = 0o644
	return os.WriteFile(path, []byte(text), mode)
}
