package media_test

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/run"
	"github.com/skaitykla/skaitykla/internal/testkit"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media"
)

// asService makes the test binary the media service.
const asService = "MEDIA_TEST_SERVE"

// process is the media service in a process of its own, as its binary runs it.
type process struct {
	command *exec.Cmd
	client  mediav1.MediaServiceClient
}

// launch starts the service and returns when it serves.
func launch(t *testing.T, env map[string]string) *process {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	p := &process{command: exec.CommandContext(t.Context(), self)}
	p.command.Env = []string{asService + "=1"}
	for name, value := range env {
		p.command.Env = append(p.command.Env, name+"="+value)
	}
	output, err := p.command.StderrPipe()
	must(t, err)
	must(t, p.command.Start())
	t.Cleanup(func() { _ = p.command.Process.Kill(); _ = p.command.Wait() })
	serving := regexp.MustCompile(`msg="media serves" addr=(\S+)`)
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		found := serving.FindStringSubmatch(lines.Text())
		if found == nil {
			continue
		}
		go func() {
			for lines.Scan() { // or the service would block on its log
			}
		}()
		conn, err := grpc.NewClient(found[1], grpc.WithTransportCredentials(insecure.NewCredentials()))
		must(t, err)
		t.Cleanup(func() { must(t, conn.Close()) })
		p.client = mediav1.NewMediaServiceClient(conn)
		return p
	}
	t.Fatal("the service ended before it served")
	return nil
}

// An answered upload survives kill -9 in the moment of the answer: the record,
// the JPEG sizes, and after the next start the others too.
func TestKilledService(t *testing.T) {
	env := environ(t, miniotest.Start(t))
	ctx := asAuthor(t, env)
	first := launch(t, env)
	answered := sendPhoto(ctx, t, first.client, picture(t))
	must(t, first.command.Process.Kill())
	_ = first.command.Wait() // it was killed

	second := launch(t, env)
	p := awaitReady(ctx, t, second.client, answered.GetName())
	if len(p.GetRenditions()) != allRenditions || p.GetEtag() != answered.GetEtag() {
		t.Errorf("%d renditions, want all; etag %s, want %s", len(p.GetRenditions()), p.GetEtag(), answered.GetEtag())
	}
	must(t, second.command.Process.Signal(os.Interrupt))
	if err := second.command.Wait(); err != nil {
		t.Errorf("after an interrupt the service ended with: %v", err)
	}
}

// asAuthor completes the environment of a process and returns a context that
// calls it as an author.
func asAuthor(t *testing.T, env map[string]string) context.Context {
	t.Helper()
	return as(t, env, testkit.PrincipalOf(auth.Author))
}

// as is asAuthor for any principal.
func as(t *testing.T, env map[string]string, principal auth.Principal) context.Context {
	t.Helper()
	dir := t.TempDir()
	keyFile, setFile := filepath.Join(dir, "issuer.pem"), filepath.Join(dir, "keys.json")
	must(t, auth.GenerateKey(keyFile))
	issuer, err := auth.LoadIssuer(keyFile, "skaitykla", "skaitykla")
	must(t, err)
	must(t, auth.PublishKey(setFile, issuer))
	token, err := issuer.Issue(principal, 12*time.Hour)
	must(t, err)
	env["SKAITYKLA_TOKEN_KEYS"], env["SKAITYKLA_MEDIA_ADDR"], env["SKAITYKLA_MEDIA_LEASE"] = setFile, "127.0.0.1:0", "1s"
	return metadata.AppendToOutgoingContext(t.Context(), rpc.HeaderAuthorization, "Bearer "+token.Text)
}

// beService runs the service as its binary does.
func beService() {
	run.Main(media.Start)
}

// sendPhoto uploads a photo.
func sendPhoto(ctx context.Context, tb testing.TB, client mediav1.MediaServiceClient, data []byte) *mediav1.Photo {
	tb.Helper()
	p, err := trySend(ctx, client, data)
	must(tb, err)
	return p
}

// trySend uploads a photo to a service that may refuse it or end meanwhile.
func trySend(ctx context.Context, client mediav1.MediaServiceClient, data []byte) (*mediav1.Photo, error) {
	stream, err := client.UploadPhoto(ctx)
	if err != nil {
		return nil, err
	}
	// Why a message was not taken is the answer to the whole.
	_ = stream.Send(&mediav1.UploadPhotoRequest{Data: &mediav1.UploadPhotoRequest_Description{
		Description: &mediav1.UploadDescription{Parent: testkit.Site},
	}})
	for chunk := range slices.Chunk(data, 256<<10) {
		if stream.Send(&mediav1.UploadPhotoRequest{Data: &mediav1.UploadPhotoRequest_Chunk{Chunk: chunk}}) != nil {
			break
		}
	}
	return stream.CloseAndRecv()
}

// awaitReady polls until a photo is READY.
func awaitReady(ctx context.Context, tb testing.TB, client mediav1.MediaServiceClient, name string) *mediav1.Photo {
	tb.Helper()
	get := &mediav1.GetPhotoRequest{Name: name, View: mediav1.PhotoView_PHOTO_VIEW_WORKING}
	limit := time.After(2 * time.Minute)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		p, err := client.GetPhoto(ctx, get)
		must(tb, err)
		if p.GetState() == mediav1.Photo_STATE_ACTIVE {
			return p
		}
		select {
		case <-tick.C:
		case <-limit:
			tb.Fatalf("the photo stays %v", p.GetState())
		}
	}
}
