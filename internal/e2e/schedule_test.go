package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/e2e"
)

// TestSchedule has articles published by the program's own clock: by command, by
// REST, and when the machine was off at the time.
func TestSchedule(t *testing.T) {
	data := t.TempDir()
	suite := e2e.Start(t, program, data)
	createSite(t, suite)
	draft := func(title string) {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "index.md"), "---\ntitle: "+title+"\n---\nTekstas, kurį skaitys rytoj.\n")
		expect(t, suite, 0, []string{"created"}, "import", dir)
	}
	for _, title := range []string{"Rytas", "Vakaras", "Naktis"} {
		draft(title)
	}
	expect(t, suite, 0, []string{"is in review"}, "article", "submit", "rytas", "--note", "Ar gerai?")
	expect(t, suite, 1, []string{"note"}, "article", "return", "rytas")
	expect(t, suite, 0, []string{"is draft"}, "article", "return", "rytas", "--note", "Trūksta datos.")

	soon := time.Now().Add(time.Second).UTC().Format("2006-01-02T15:04:05")
	expect(t, suite, 0, []string{"will publish revision 1 at " + strings.Replace(soon, "T", " ", 1)}, "article", "schedule", "rytas", "--at", soon, "--zone", "UTC")
	// The wall clock of the night when clocks go forward does not have this time.
	expect(t, suite, 0, []string{"will unpublish at 2027-03-28 04:30 Europe/Vilnius"},
		"article", "schedule", "vakaras", "--at", "2027-03-28T03:30", "--zone", "Europe/Vilnius", "--unpublish")
	expect(t, suite, 0, []string{"will unpublish at 2099-01-01 09:00 Europe/Vilnius"},
		"article", "schedule", "rytas", "--at", "2099-01-01T09:00", "--zone", "Europe/Vilnius", "--unpublish", "--note", "Konkursas baigiasi")
	expect(t, suite, 1, []string{"is in the past"}, "article", "schedule", "rytas", "--at", "2001-01-01T09:00")
	awaitPage(t, suite.HTTP+"/rytas")
	expect(t, suite, 0, []string{"pending", "unpublish", "2099-01-01 09:00"}, "schedules", "--site", "kaunas")
	expect(t, suite, 0, []string{"done", "publish revision 1"}, "schedules", "--all")
	if output, exit := suite.Run(t, "schedules", "--late", "--failed"); exit != 0 || output != "" {
		t.Errorf("exit %d, late or failed are:\n%s", exit, output)
	}
	overREST(t, suite)

	expect(t, suite, 0, []string{"will publish"}, "article", "schedule", "naktis", "--zone", "UTC",
		"--at", time.Now().Add(2*time.Second).UTC().Format("2006-01-02T15:04:05"))
	suite.Kill(t)
	again := e2e.Start(t, program, data)
	awaitPage(t, again.HTTP+"/naktis")
}

// overREST makes, lists and calls off schedules.
func overREST(t *testing.T, suite *e2e.Suite) {
	t.Helper()
	token, exit := tokenFor(t, suite, "rasa@example.lt", "editor")
	if exit != 0 {
		t.Fatalf("token: %s", token)
	}
	const article = "/v1/sites/kaunas/articles/vakaras"
	type schedule struct {
		Name, State, FireTime, WallClock, TimeZone, Creator, Etag string
	}
	var made schedule
	send(t, token, http.MethodPost, suite.HTTP+article+"/schedules?scheduleId=sventei", http.StatusOK,
		`{"action": "ACTION_PUBLISH", "revision": 1, "wallClock": "2099-03-29T03:30", "timeZone": "Europe/Vilnius"}`, &made)
	want := schedule{
		Name: article[len("/v1/"):] + "/schedules/sventei", State: "STATE_PENDING", FireTime: "2099-03-29T01:30:00Z",
		WallClock: "2099-03-29T03:30", TimeZone: "Europe/Vilnius", Creator: "rasa@example.lt", Etag: made.Etag,
	}
	if made != want {
		t.Errorf("got %v, want %v", made, want)
	}
	send(t, token, http.MethodPost, suite.HTTP+article+"/schedules", http.StatusBadRequest,
		`{"action": "ACTION_PUBLISH", "revision": 1, "wallClock": "tomorrow"}`, nil)
	var list struct{ Schedules []schedule }
	for _, parent := range []string{article, "/v1/sites/kaunas/articles/-"} {
		send(t, token, http.MethodGet, suite.HTTP+parent+"/schedules?filter=action%3DPUBLISH+AND+state%3DPENDING", http.StatusOK, "", &list)
		if len(list.Schedules) != 1 || list.Schedules[0] != want {
			t.Errorf("%s: got %v", parent, list)
		}
	}
	send(t, token, http.MethodGet, suite.HTTP+"/v1/sites/-/articles/-/schedules", http.StatusForbidden, "", nil)
	send(t, token, http.MethodDelete, suite.HTTP+"/v1/"+made.Name+"?etag="+made.Etag, http.StatusOK, "", nil)
	send(t, token, http.MethodGet, suite.HTTP+"/v1/"+made.Name, http.StatusNotFound, "", nil)
}

// send sends a request with a token and reads the answer into v, which may be
// nil.
func send(t *testing.T, token, method, address string, status int, body string, v any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err == nil && v != nil && reply.StatusCode == status {
		err = json.Unmarshal(text, v)
	}
	if err != nil || reply.StatusCode != status {
		t.Fatal(fmt.Errorf("%s %s: status %d, want %d, %w\n%s", method, address, reply.StatusCode, status, err, text))
	}
}

// awaitPage waits until a page is there.
func awaitPage(t *testing.T, address string) {
	t.Helper()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	end := time.After(30 * time.Second)
	for {
		if status, _ := get(t, address); status == http.StatusOK {
			return
		}
		select {
		case <-look.C:
		case <-end:
			t.Fatalf("%s did not come", address)
		}
	}
}
