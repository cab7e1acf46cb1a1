package e2e_test

import (
	"fmt"
	"image/color"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/e2e"
)

// cells says what is behind every door to a photo, for each state it can be in,
// for the four of callers in their order: 2 for 200 or 206, = for 304, 1 for
// 401, 3 for 403, 4 for 404, G for 410; where an answer is read, y when it shows
// the photo and n when it does not. The state that has no such door has ----.
const cells = `
door            unused draft published unpublished expired deleted withdrawn purged
record            4444  4444      2222        4444    4444    4444      GGGG   GGGG
batch             4444  4444      2222        4444    4444    4444      GGGG   GGGG
working           1yy3  1yy3      1yy3        1yy3    1yy3    1yy3      1nn3   1nn3
list              nnnn  nnnn      yyyy        nnnn    nnnn    nnnn      nnnn   nnnn
search            nnnn  nnnn      yyyy        nnnn    nnnn    nnnn      nnnn   nnnn
working-list      1yy3  1yy3      1yy3        1yy3    1yy3    1nn3      1nn3   1nn3
working-search    1yy3  1yy3      1yy3        1yy3    1yy3    1nn3      1nn3   1nn3
watch             1yy3  1yy3      1yy3        1yy3    1yy3    1yy3      1nn3   1nn3

file              4224  4224      2222        4224    4224    4224      GGGG   GGGG
head              4224  4224      2222        4224    4224    4224      GGGG   GGGG
range             4224  4224      2222        4224    4224    4224      GGGG   GGGG
revalidate        4==4  4==4      ====        4==4    4==4    4==4      GGGG   GGGG
signed            2222  2222      2222        2222    2222    2222      GGGG   GGGG
old-file          4224  4224      2222        4224    4224    4224      GGGG   GGGG
old-signed        2222  2222      2222        2222    2222    2222      GGGG   GGGG
old-revalidate    4==4  4==4      ====        4==4    4==4    4==4      GGGG   GGGG

article           ----  4444      yyyy        4444    nnnn    4444      nnnn   nnnn
article-then      ----  1443      1yy3        1yy3    1yy3    1443      1nn3   1nn3
articles-batch    ----  4444      yyyy        4444    nnnn    4444      nnnn   nnnn
revision          ----  1yy3      1yy3        1yy3    1yy3    1yy3      1nn3   1nn3
article-working   ----  1yy3      1yy3        1yy3    1yy3    1yy3      1nn3   1nn3
articles          ----  nnnn      yyyy        nnnn    nnnn    nnnn      nnnn   nnnn
articles-search   ----  nnnn      yyyy        nnnn    nnnn    nnnn      nnnn   nnnn
articles-watch    ----  nnnn      yyyy        nnnn    nnnn    nnnn      nnnn   nnnn
articles-export   ----  1333      1333        1333    1333    1333      1333   1333
preview           ----  yyyy      yyyy        yyyy    yyyy    yyyy      nnnn   nnnn
preview-page      ----  yyyy      yyyy        yyyy    yyyy    yyyy      nnnn   nnnn

page              ----  4444      yyyy        GGGG    nnnn    4444      nnnn   nnnn
front-page        ----  nnnn      yyyy        nnnn    nnnn    nnnn      nnnn   nnnn
feed              ----  nnnn      yyyy        nnnn    nnnn    nnnn      nnnn   nnnn
feed-atom         ----  nnnn      yyyy        nnnn    nnnn    nnnn      nnnn   nnnn
feed-json         ----  nnnn      yyyy        nnnn    nnnn    nnnn      nnnn   nnnn
feed-archive      ----  nnnn      yyyy        nnnn    nnnn    nnnn      nnnn   nnnn
sitemap           ----  nnnn      yyyy        nnnn    yyyy    nnnn      yyyy   yyyy
news-sitemap      ----  nnnn      yyyy        nnnn    yyyy    nnnn      yyyy   yyyy
feed-rest         ----  nnnn      yyyy        nnnn    nnnn    nnnn      nnnn   nnnn
link-preview      ----  4444      yyyy        GGGG    nnnn    4444      nnnn   nnnn
card              ----  4444      yyyy        4444    nnnn    4444      nnnn   nnnn
card-file         ----  4444      2222        4444    >>>>    4444      >>>>   >>>>
`

// noDoor is the cell of a state that has no such door.
const noDoor = "----"

// patience is how long a door may take to follow a change, on a busy machine;
// TestWithdraw holds the promise of [withdrawnWithin].
const patience = 20 * time.Second

// callers are those who try the doors.
func callers() []string { return []string{"anonymous", "author", "editor", "editor of another site"} }

// TestEveryDoor asks every way to a photo over HTTP, in every state of it, as
// everybody, and tries to get in with false signatures.
func TestEveryDoor(t *testing.T) {
	suite := e2e.Start(t, program, t.TempDir())
	createSite(t, suite)
	h := house{suite: suite, tokens: make([]string, len(callers()))}
	for i, to := range []struct{ role, site string }{1: {"author", "kaunas"}, 2: {"editor", "kaunas"}, 3: {"editor", "kita"}} {
		if i > 0 {
			output, _ := suite.Run(t, "token", "create", "--for", fmt.Sprintf("p%d@example.lt", i), "--role", to.role, "--site", to.site)
			lines := strings.Split(strings.TrimSpace(output), "\n")
			h.tokens[i] = lines[len(lines)-1]
		}
	}
	h.other = h.display(t, "unused", color.RGBA{R: 250, G: 90, B: 200, A: 255}).signed
	wanted := table(t)
	for i, state := range []string{"unused", "draft", "published", "unpublished", "expired", "deleted", "withdrawn", "purged"} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			p := h.display(t, state, color.RGBA{R: uint8(20 * i), G: 90, B: 200, A: 255})
			there := p.doors()
			for name, want := range wanted[state] {
				if d, ok := there[name]; ok != (want != noDoor) {
					t.Errorf("%s: there is a door: %v, want %s", name, ok, want)
				} else if ok {
					h.await(t, name, d, want)
				}
			}
			h.headers(t, p, state)
			h.export(t, p)
			if wanted[state]["file"] == wanted["unused"]["file"] { // nobody may see it
				h.forge(t, p)
			}
		})
	}
}

// table reads cells: by state and door.
func table(t *testing.T) map[string]map[string]string {
	t.Helper()
	var states []string
	wanted := make(map[string]map[string]string)
	for line := range strings.Lines(strings.TrimSpace(cells)) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case states == nil:
			states = words[1:]
			for _, state := range states {
				wanted[state] = make(map[string]string)
			}
		case len(words) != 1+len(states):
			t.Fatalf("%q has %d cells, want %d", line, len(words)-1, len(states))
		default:
			for i, state := range states {
				wanted[state][words[0]] = words[1+i]
			}
		}
	}
	for name := range (&displayed{article: "x"}).doors() {
		if _, ok := wanted["draft"][name]; !ok {
			t.Errorf("nothing is said of the door %s", name)
		}
	}
	return wanted
}

// await waits until a door answers as wanted: pages follow within moments.
func (h house) await(t *testing.T, name string, d door, want string) {
	t.Helper()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for end := time.After(patience); ; {
		var got strings.Builder
		for _, token := range h.tokens {
			got.WriteString(h.knock(t, token, d))
		}
		if got.String() == want {
			return
		}
		select {
		case <-look.C:
		case <-end:
			t.Errorf("%s: %s, want %s for %v", name, &got, want, callers())
			return
		}
	}
}

// house is the suite and those who stand before it: the bearers of tokens, in
// the order of callers.
type house struct {
	suite  *e2e.Suite
	tokens []string
	other  string // the signed address of a photo that no article uses
}

func (h house) editor() string { return h.tokens[slices.Index(callers(), "editor")] }
