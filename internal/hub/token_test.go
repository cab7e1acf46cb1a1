package hub

import (
	"fmt"
	"testing"

	"google.golang.org/protobuf/proto"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// TestToken seals once for each audience, and not for another one.
func TestToken(t *testing.T) {
	sealed := 0
	seal := func(version uint64) string {
		sealed++
		return fmt.Sprintf("token %d of %d", sealed, version)
	}
	frame, err := proto.Marshal(&articlev1.WatchArticlesResponse{Name: "sites/s/articles/a"})
	if err != nil {
		t.Fatal(err)
	}
	e := &Event{Frame: frame, Through: 7, field: 4}
	for _, c := range []struct{ audience, want string }{
		{"anyone", "token 1 of 7"}, {"editors", "token 2 of 7"}, {"anyone", "token 1 of 7"},
	} {
		message := &articlev1.WatchArticlesResponse{}
		if err := proto.Unmarshal(append(append([]byte(nil), e.Frame...), e.Token(c.audience, seal)...), message); err != nil {
			t.Fatal(err)
		}
		if message.GetResumeToken() != c.want || message.GetName() != "sites/s/articles/a" {
			t.Errorf("%s: got %v", c.audience, message)
		}
	}
}
