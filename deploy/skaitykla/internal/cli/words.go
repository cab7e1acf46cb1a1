package cli

import (
	"fmt"
	"path"
	"strings"

	"google.golang.org/grpc/status"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// id is the last part of a resource name.
func id(name string) string { return path.Base(name) }

// stateWord is a state as people read it: "in review".
func stateWord(s fmt.Stringer) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(s.String(), "STATE_")), "_", " ")
}

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
