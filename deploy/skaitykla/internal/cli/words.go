package cli

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// id is the last part of a resource name.
func id(name string) string { return path.Base(name) }

// word is the value of an enum as people read it: "mail scanner".
func word(value fmt.Stringer, prefix string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(value.String(), prefix)), "_", " ")
}

// stateWord is a state as people read it: "in review".
func stateWord(s fmt.Stringer) string { return word(s, "STATE_") }

// day and minute are a time as people read it.

func day(t *timestamppb.Timestamp) string { return written(t, time.DateOnly) }

func minute(t *timestamppb.Timestamp) string { return written(t, "2006-01-02T15:04Z") }

func written(t *timestamppb.Timestamp, layout string) string {
	if t == nil {
		return "-"
	}
	return t.AsTime().Format(layout)
}

// count is a number of clicks as people read it, which is not told when it is
// small.
func count(n *int64) string {
	if n == nil {
		return "<5"
	}
	return strconv.FormatInt(*n, 10)
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func checkFailure(err error) *articlev1.CheckFailure {
	if err == nil {
		return nil
	}
	for _, d := range status.Convert(err).Details() {
		if failure, ok := d.(*articlev1.CheckFailure); ok {
			return failure
		}
	}
	return nil
}
