package media_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
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

// The test binary is also the worker that decodes photos.
func TestMain(m *testing.M) {
	if exit, handled := media.WorkerMain(os.Args, os.Stdin, os.Stdout, os.Stderr); handled {
		os.Exit(exit)
	}
	if os.Getenv(asService) != "" {
		beService()
	}
	os.Exit(m.Run())
}

// environ is a complete configuration as an operator writes it.
func environ(tb testing.TB, s3 *miniotest.Own) map[string]string {
	tb.Helper()
	return map[string]string{
		"SKAITYKLA_MEDIA_STORE":     "bolt://" + filepath.Join(tb.TempDir(), "media.db"),
		"SKAITYKLA_S3_ENDPOINT":     s3.Endpoint,
		"SKAITYKLA_S3_ACCESS_KEY":   s3.AccessKey,
		"SKAITYKLA_S3_SECRET_KEY":   s3.SecretKey,
		"SKAITYKLA_MEDIA_SPOOL_DIR": tb.TempDir(),
		"SKAITYKLA_ARTICLE_ADDR":    "127.0.0.1:1", // nobody is there, and nobody is needed
	}
}

// serve runs the service until stop is called and returns a client of it. log
// receives what it logs.
func serve(tb testing.TB, kit *testkit.Kit, env map[string]string, log io.Writer) (client mediav1.MediaServiceClient, stop func()) {
	tb.Helper()
	config, err := run.Load[media.Config](func(name string) string { return env[name] })
	must(tb, err)
	config.Log = slog.New(slog.NewTextHandler(log, nil))
	config.Verifier = kit.Verifier()
	config.Listener, err = run.Listen(tb.Context(), "127.0.0.1:0")
	must(tb, err)
	ctx, cancel := context.WithCancel(context.WithoutCancel(tb.Context()))
	ended := make(chan error, 1)
	go func() { ended <- media.Run(ctx, config) }()
	conn, err := grpc.NewClient(config.Listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	must(tb, err)
	return mediav1.NewMediaServiceClient(conn), func() {
		tb.Helper()
		must(tb, conn.Close())
		cancel()
		if err := <-ended; err != nil {
			tb.Errorf("Run ended with: %v", err)
		}
	}
}

// The credentials of the object store come from files, as in containers.
func TestRunKeepsPhotosOverRestarts(t *testing.T) {
	s3 := miniotest.Start(t)
	env, kit := environ(t, s3), testkit.New(t)
	for name, value := range map[string]string{"SKAITYKLA_S3_ACCESS_KEY": s3.AccessKey, "SKAITYKLA_S3_SECRET_KEY": s3.SecretKey} {
		delete(env, name)
		env[name+"_FILE"] = filepath.Join(t.TempDir(), "credential")
		must(t, os.WriteFile(env[name+"_FILE"], []byte(value+"\n"), 0o600))
	}
	token := kit.Token(testkit.PrincipalOf(auth.Author))
	ctx := metadata.AppendToOutgoingContext(t.Context(), rpc.HeaderAuthorization, "Bearer "+token)

	var log bytes.Buffer
	client, stop := serve(t, kit, env, &log)
	p := sendPhoto(ctx, t, client, picture(t))
	// WebP may be in the making when the service stops; then the next run
	// makes it.
	stop()
	if strings.Contains(log.String(), s3.SecretKey) {
		t.Error("the log has the secret key of the object store")
	}

	client, stop = serve(t, kit, env, io.Discard)
	defer stop()
	p = awaitReady(ctx, t, client, p.GetName())
	if len(p.GetRenditions()) != allRenditions {
		t.Errorf("%d renditions, want all", len(p.GetRenditions()))
	}
}

func TestRunStartsWithoutObjectStore(t *testing.T) {
	s3 := miniotest.Start(t)
	env := environ(t, s3)
	s3.Stop(t.Context())
	client, stop := serve(t, testkit.New(t), env, t.Output())
	defer stop()
	photos, err := client.ListPhotos(t.Context(), &mediav1.ListPhotosRequest{Parent: testkit.Site})
	if err != nil || len(photos.GetPhotos()) != 0 {
		t.Errorf("ListPhotos = %v, %v", photos, err)
	}
}

func TestStartNamesEveryProblem(t *testing.T) {
	err := media.Start(t.Context(), func(name string) string {
		return map[string]string{"SKAITYKLA_MEDIA_MAX_BYTES": "many", "SKAITYKLA_S3_ENDPOINT": "127.0.0.1:9000"}[name]
	}, io.Discard)
	for _, want := range []string{"MEDIA_STORE", "S3_ACCESS_KEY", "S3_SECRET_KEY"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Start = %v, want a word about %s", err, want)
		}
	}
}

func TestConfigCheck(t *testing.T) {
	err := media.Config{OrphanAge: time.Minute}.Check()
	for _, want := range []string{"MEDIA_MAX_BYTES", "MEDIA_MAX_UPLOADS", "MEDIA_UPLOAD_TIMEOUT", "MEDIA_ORPHAN_AGE"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Check = %v, want a word about %s", err, want)
		}
	}
}

// allRenditions is how many there are of picture: 4 widths, 2 wide, 2 classic and
// 2 square ones in three formats, and a social one.
const allRenditions = (4+2+2+2)*3 + 1

func picture(t *testing.T) []byte {
	t.Helper()
	var file bytes.Buffer
	must(t, jpeg.Encode(&file, image.NewGray(image.Rect(0, 0, 1100, 700)), nil))
	return file.Bytes()
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
