package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// TestTokenNeedsTheFolder makes no keys in a folder that was mistyped: their
// tokens would be good nowhere.
func TestTokenNeedsTheFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mistyped")
	for _, args := range [][]string{
		{"token", "create", "--for", "ona", "--role", "operator", "--data", dir},
		{"token", "revoke", "0f0600d8-fa00-42f1-b56c-75b9783cba62", "--data", dir},
	} {
		err := Run(t.Context(), func(string) string { return "" }, args, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), "--data") {
			t.Errorf("%v = %v, want a hint at --data", args, err)
		}
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the folder was made: %v", err)
	}
}

// TestMistypedCommand exits with an error: a script must not go on as if it was
// done.
func TestMistypedCommand(t *testing.T) {
	for _, group := range []string{"article", "links", "photos", "site", "token"} {
		var out strings.Builder
		err := Run(t.Context(), func(string) string { return "" }, []string{group, "verfy"}, &out, io.Discard)
		if err == nil || !strings.Contains(err.Error(), "skaitykla "+group+" verfy") || out.Len() != 0 {
			t.Errorf("%s verfy = %v after %q, want an error that names it", group, err, out.String())
		}
		err = Run(t.Context(), func(string) string { return "" }, []string{group}, &out, io.Discard)
		if err != nil || !strings.Contains(out.String(), "Available Commands") {
			t.Errorf("%s = %v after %q, want its help", group, err, out.String())
		}
	}
}

// TestFlagsAreNotHidden refuses a flag of a command that hides one of the group
// around it: --article would not say any more where the service is.
func TestFlagsAreNotHidden(t *testing.T) {
	flag := regexp.MustCompile(`(?m)^ +(?:-\w, )?--([a-z0-9-]+)`)
	seen := 0
	var walk func(c *cobra.Command, above []*cobra.Command)
	walk = func(c *cobra.Command, above []*cobra.Command) {
		for _, match := range flag.FindAllStringSubmatch(c.Flags().FlagUsages(), -1) {
			seen++
			for _, group := range above {
				if group.PersistentFlags().Lookup(match[1]) != nil {
					t.Errorf("--%s of %q hides that of %q", match[1], c.CommandPath(), group.CommandPath())
				}
			}
		}
		for _, sub := range c.Commands() {
			walk(sub, append(slices.Clone(above), c))
		}
	}
	walk(newRoot(func(string) string { return "" }), nil)
	if seen < 20 {
		t.Errorf("only %d flags were looked at", seen)
	}
}

func TestFailure(t *testing.T) {
	denied := status.Error(codes.PermissionDenied, "you may not")
	for _, tt := range []struct {
		err  error
		want string
	}{
		{errors.New("plain"), "plain"},
		{denied, "you may not"},
		{
			status.Error(codes.Unavailable, `connection error: desc = "refused"`),
			"connection error: desc = \"refused\"; no suite answers there: start it with `skaitykla up`",
		},
		{fmt.Errorf("create a: %w", denied), "create a: you may not"},
		{fmt.Errorf("publish a: %w", fmt.Errorf("again: %w", denied)), "publish a: again: you may not"},
	} {
		if got := failure(tt.err); got != tt.want {
			t.Errorf("failure(%v) = %q, want %q", tt.err, got, tt.want)
		}
	}
}

func TestScheduleFilter(t *testing.T) {
	for _, tt := range []struct {
		late, failed, all bool
		want              string
	}{
		{false, false, false, "state = PENDING OR state = HELD"},
		{false, false, true, ""},
		{true, false, false, "late = true"},
		{false, true, true, "state = FAILED"},
		{true, true, false, "late = true OR state = FAILED"},
	} {
		if got := scheduleFilter(tt.late, tt.failed, tt.all); got != tt.want {
			t.Errorf("late %v, failed %v, all %v: %q, want %q", tt.late, tt.failed, tt.all, got, tt.want)
		}
	}
}
