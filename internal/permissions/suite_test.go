package permissions_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"net"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/host"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/run"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/article"
	"github.com/skaitykla/skaitykla/services/media"
	"github.com/skaitykla/skaitykla/services/sharing"
)

// The test binary is also the worker that decodes photos.
func TestMain(m *testing.M) {
	if exit, handled := media.WorkerMain(os.Args, os.Stdin, os.Stdout, os.Stderr); handled {
		os.Exit(exit)
	}
	os.Exit(m.Run())
}

// suite is the three services with the tokens of an installation.
type suite struct {
	t         *testing.T
	issuer    *auth.Issuer
	foreign   *auth.Issuer // of another installation
	revoked   string       // the text of a token
	verifier  auth.Verifier
	addresses [3]string // of article, media and sharing

	photo string // of the site, uploaded by its author and used by no article
}

// caller calls the suite as somebody.
type caller struct {
	articlev1.ArticleServiceClient
	media   mediav1.MediaServiceClient
	sharing sharingv1.SharingServiceClient
}

func newSuite(t *testing.T) *suite {
	t.Helper()
	s := &suite{t: t}
	s.keys()
	s.serve()
	operator := s.as(person(auth.Operator, auth.EverySite))
	for _, id := range []string{"biblioteka", "kita"} {
		_, err := operator.CreateSite(t.Context(), &articlev1.CreateSiteRequest{SiteId: id, Site: newSite()})
		must(t, err)
	}
	photo, err := s.as(ona).upload(t.Context(), "langas")
	must(t, err)
	s.photo = photo.GetName()
	return s
}

// keys makes the issuers, and a verifier that knows of the revoked token.
func (s *suite) keys() {
	dir := s.t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	issuer := func(name string) *auth.Issuer {
		must(s.t, auth.GenerateKey(file(name)))
		i, err := auth.LoadIssuer(file(name), "skaitykla", "test")
		must(s.t, err)
		return i
	}
	s.issuer, s.foreign = issuer("ours.pem"), issuer("foreign.pem")
	must(s.t, auth.PublishKey(file("keys.json"), s.issuer))
	token, err := s.issuer.Issue(person(auth.Operator, auth.EverySite), time.Hour)
	must(s.t, err)
	must(s.t, auth.Revoke(file("revoked.json"), token.ID, token.Expires))
	s.revoked = token.Text
	s.verifier, err = auth.OpenTokens(s.t.Context(), auth.TokensConfig{
		Issuer: "skaitykla", Audience: "test", Keys: file("keys.json"), Revocations: file("revoked.json"), Log: testkit.Log(s.t),
	})
	must(s.t, err)
}

// serve starts the services as their binaries do.
func (s *suite) serve() {
	objects := miniotest.Start(s.t)
	dir := s.t.TempDir()
	var listeners [3]net.Listener
	for i := range listeners {
		l, err := run.Listen(s.t.Context(), "127.0.0.1:0")
		must(s.t, err)
		listeners[i], s.addresses[i] = l, l.Addr().String()
	}
	env := map[string]string{
		"SKAITYKLA_PUBLIC_URI":   "https://biblioteka.example", // without an address nothing can be scanned
		"SKAITYKLA_ARTICLE_ADDR": s.addresses[0], "SKAITYKLA_MEDIA_ADDR": s.addresses[1],
		"SKAITYKLA_ARTICLE_STORE": "bolt://" + filepath.Join(dir, "article.db"),
		"SKAITYKLA_MEDIA_STORE":   "bolt://" + filepath.Join(dir, "media.db"), "SKAITYKLA_MEDIA_SPOOL_DIR": dir,
		"SKAITYKLA_SHARING_STORE": "bolt://" + filepath.Join(dir, "sharing.db"),
		"SKAITYKLA_S3_ENDPOINT":   objects.Endpoint, "SKAITYKLA_S3_ACCESS_KEY": objects.AccessKey, "SKAITYKLA_S3_SECRET_KEY": objects.SecretKey,
	}
	articles, err := run.Load[article.Config](func(name string) string { return env[name] })
	must(s.t, err)
	photos, err := run.Load[media.Config](func(name string) string { return env[name] })
	must(s.t, err)
	shares, err := run.Load[sharing.Config](func(name string) string { return env[name] })
	must(s.t, err)
	articles.Tokens = fixed(s.token(person(auth.Service, auth.EverySite)))
	photos.Tokens = articles.Tokens
	for i, config := range []*host.Config{&articles.Config, &photos.Config, &shares.Config} {
		config.Log, config.Verifier, config.Listener = testkit.Log(s.t), s.verifier, listeners[i]
	}
	s.run(func(ctx context.Context) error { return article.Run(ctx, articles) })
	s.run(func(ctx context.Context) error { return media.Run(ctx, photos) })
	s.run(func(ctx context.Context) error { return sharing.Run(ctx, shares) })
}

func (s *suite) run(serve func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx) }()
	s.t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			s.t.Errorf("a service ended with: %v", err)
		}
	})
}

func (s *suite) token(p auth.Principal) string {
	s.t.Helper()
	token, err := s.issuer.Issue(p, time.Hour)
	must(s.t, err)
	return token.Text
}

// as returns a caller with a token of the principal; with none for the zero
// principal.
func (s *suite) as(p auth.Principal) caller {
	s.t.Helper()
	if p.Anonymous() {
		return s.with("")
	}
	return s.with(s.token(p))
}

// with returns a caller with the text of a token.
func (s *suite) with(token string) caller {
	s.t.Helper()
	var conns [3]*grpc.ClientConn
	for i, address := range s.addresses {
		target := rpc.Target{Address: address}
		if token != "" {
			target.Tokens = fixed(token)
		}
		conn, err := rpc.Dial(target)
		must(s.t, err)
		s.t.Cleanup(func() { must(s.t, conn.Close()) })
		conns[i] = conn
	}
	return caller{
		articlev1.NewArticleServiceClient(conns[0]), mediav1.NewMediaServiceClient(conns[1]), sharingv1.NewSharingServiceClient(conns[2]),
	}
}

// expired returns a token of ours whose time is over: in a bubble the clock
// stands at the year 2000.
func (s *suite) expired() (text string) {
	s.t.Helper()
	synctest.Test(s.t, func(*testing.T) { text = s.token(person(auth.Operator, auth.EverySite)) })
	return text
}

// upload sends a small picture.
func (c caller) upload(ctx context.Context, id string) (*mediav1.Photo, error) {
	stream, err := c.media.UploadPhoto(ctx)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, image.NewGray(image.Rect(0, 0, 400, 300)), nil); err != nil {
		return nil, err
	}
	description := &mediav1.UploadDescription{
		Parent: library, PhotoId: id, Photo: &mediav1.Photo{Filename: id + ".jpg"},
		DuplicatePolicy: mediav1.DuplicatePolicy_DUPLICATE_POLICY_ALLOW, // all photos of the table are the same
	}
	for _, m := range []*mediav1.UploadPhotoRequest{
		{Data: &mediav1.UploadPhotoRequest_Description{Description: description}},
		{Data: &mediav1.UploadPhotoRequest_Chunk{Chunk: file.Bytes()}},
	} {
		if err := stream.Send(m); err != nil {
			break // the answer, which CloseAndRecv returns, says why
		}
	}
	return stream.CloseAndRecv()
}

// fixed is a token source of one token.
type fixed string

// Token implements rpc.TokenSource.
func (f fixed) Token(context.Context) (string, error) { return string(f), nil }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
