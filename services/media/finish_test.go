package media_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/grpc/metadata"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// TestUploadSurvivesKill kills the service while an upload in pieces arrives and
// while it is finished, at moments that a seed chooses: what was told to be
// safe is, and there is one photo in the end.
func TestUploadSurvivesKill(t *testing.T) {
	const rounds = 3
	env := environment(t)
	ctx := metadata.AppendToOutgoingContext(t.Context(), rpc.HeaderAuthorization, "Bearer "+env.token)
	chance := rand.New(rand.NewPCG(4, 4))
	p := launch(t, env.variables)
	for round := range rounds {
		data := pictureOf(t, uint8(round))
		u, err := p.client.CreateUpload(ctx, &mediav1.CreateUploadRequest{
			Parent: testkit.Site, Upload: &mediav1.Upload{SizeBytes: int64(len(data))},
		})
		must(t, err)
		half := len(data) / 2
		must(t, appendTo(ctx, p.client, u.GetName(), 0, data[:half]))
		kill(t, p)
		p = launch(t, env.variables)
		got, err := p.client.GetUpload(ctx, &mediav1.GetUploadRequest{Name: u.GetName()})
		must(t, err)
		if got.GetOffsetBytes() != int64(half) {
			t.Fatalf("round %d: %d bytes are there, %d were told to be", round, got.GetOffsetBytes(), half)
		}
		must(t, appendTo(ctx, p.client, u.GetName(), half, data[half:]))
		finishing := make(chan struct{})
		go func(client mediav1.MediaServiceClient) {
			defer close(finishing)
			_, _ = client.FinishUpload(ctx, &mediav1.FinishUploadRequest{Name: u.GetName()}) // it may be killed
		}(p.client)
		select {
		case <-time.After(time.Duration(chance.IntN(600)) * time.Millisecond):
		case <-finishing:
		}
		kill(t, p)
		p = launch(t, env.variables)
		photo, err := p.client.FinishUpload(ctx, &mediav1.FinishUploadRequest{Name: u.GetName()})
		must(t, err)
		list, err := p.client.ListPhotos(ctx, &mediav1.ListPhotosRequest{
			Parent: testkit.Site, View: mediav1.PhotoView_PHOTO_VIEW_WORKING, Filter: `sha256 = "` + photo.GetSha256() + `"`,
		})
		must(t, err)
		if len(list.GetPhotos()) != 1 {
			t.Errorf("round %d: %d photos", round, len(list.GetPhotos()))
		}
	}
}

// installation is where a service runs and who calls it.
type installation struct {
	variables map[string]string
	token     string
}

func environment(t *testing.T) installation {
	t.Helper()
	variables := environ(t, miniotest.Start(t))
	dir := t.TempDir()
	key, keys := filepath.Join(dir, "issuer.pem"), filepath.Join(dir, "keys.json")
	must(t, auth.GenerateKey(key))
	issuer, err := auth.LoadIssuer(key, "skaitykla", "skaitykla")
	must(t, err)
	must(t, auth.PublishKey(keys, issuer))
	token, err := issuer.Issue(testkit.PrincipalOf(auth.Author), time.Hour)
	must(t, err)
	variables["SKAITYKLA_TOKEN_KEYS"], variables["SKAITYKLA_MEDIA_ADDR"] = keys, "127.0.0.1:0"
	return installation{variables, token.Text}
}

func kill(t *testing.T, p *process) {
	t.Helper()
	must(t, p.command.Process.Kill())
	_ = p.command.Wait() // it was killed
}

// pictureOf is a photo that differs with the round.
func pictureOf(t *testing.T, round uint8) []byte {
	t.Helper()
	data := picture(t)
	// A comment segment after the start of the file changes nothing one sees.
	return bytes.Join([][]byte{data[:2], {0xff, 0xfe, 0, 3, round}, data[2:]}, nil)
}

func appendTo(ctx context.Context, client mediav1.MediaServiceClient, name string, at int, data []byte) error {
	stream, err := client.AppendUpload(ctx)
	if err != nil {
		return err
	}
	for _, m := range []*mediav1.AppendUploadRequest{
		{Data: &mediav1.AppendUploadRequest_Target{Target: &mediav1.AppendTarget{Name: name, OffsetBytes: int64(at)}}},
		{Data: &mediav1.AppendUploadRequest_Chunk{Chunk: data}},
	} {
		if stream.Send(m) != nil {
			break // the answer says why
		}
	}
	_, err = stream.CloseAndRecv()
	return err
}
