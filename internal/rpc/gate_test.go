package rpc_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

func TestPrincipalReachesTheHandler(t *testing.T) {
	a := &articles{get: func(ctx context.Context, _ *articlev1.GetArticleRequest) (*articlev1.Article, error) {
		return &articlev1.Article{Title: auth.FromContext(ctx).ID + " " + auth.Grant(ctx, auth.ArticleUpdate, testkit.Site).String()}, nil
	}}
	server := testkit.Start(t, a.register)
	for role, want := range map[auth.Role]string{
		auth.Anonymous: " none", auth.Author: "author@example.lt own", auth.Editor: "editor@example.lt all",
		auth.Service: "service@example.lt none",
	} {
		got, err := get(t, articlev1.NewArticleServiceClient(server.As(role)))
		ok(t, err)
		if got.GetTitle() != want {
			t.Errorf("%s: got %q, want %q", role, got.GetTitle(), want)
		}
	}
}

func TestBadTokensFailEvenWhereNoneIsNeeded(t *testing.T) {
	kit := testkit.New(t)
	a := &articles{get: func(context.Context, *articlev1.GetArticleRequest) (*articlev1.Article, error) {
		return &articlev1.Article{}, nil
	}}
	client := articlev1.NewArticleServiceClient(kit.Serve(rpc.Config{}, a.register).As(auth.Anonymous))
	good := kit.Token(testkit.PrincipalOf(auth.Author))
	tests := []struct {
		name   string
		values []string
		want   codes.Code
	}{
		{"good", []string{"Bearer " + good}, codes.OK},
		{"scheme in small letters", []string{"bearer " + good}, codes.OK},
		{"basic", []string{"Basic " + good}, codes.Unauthenticated},
		{"no scheme", []string{good}, codes.Unauthenticated},
		{"empty", []string{""}, codes.Unauthenticated},
		{"two", []string{"Bearer " + good, "Bearer " + good}, codes.Unauthenticated},
		{"of another installation", []string{"Bearer " + testkit.New(t).Token(testkit.PrincipalOf(auth.Operator))}, codes.Unauthenticated},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ctx := metadata.NewOutgoingContext(t.Context(), metadata.MD{"authorization": test.values})
			_, err := client.GetArticle(ctx, &articlev1.GetArticleRequest{Name: articleName})
			reason := faultv1.Reason_REASON_TOKEN_INVALID
			if test.want == codes.OK {
				reason = 0
			}
			testkit.WantFault(t, err, test.want, reason)
		})
	}
}

func TestScopeCannotBeDodged(t *testing.T) {
	server := testkit.Start(t, (&photos{}).register)
	client := mediav1.NewMediaServiceClient(server.As(auth.Author))
	const other = "sites/kita/photos/skaitykla"
	working := mediav1.PhotoView_PHOTO_VIEW_WORKING
	tests := []struct {
		name string
		req  *mediav1.BatchGetPhotosRequest
		want codes.Code
	}{
		{"own site", &mediav1.BatchGetPhotosRequest{Parent: testkit.Site, Names: []string{photoName}, View: working}, codes.Unimplemented},
		{"names of another site", &mediav1.BatchGetPhotosRequest{Parent: testkit.Site, Names: []string{photoName, other}, View: working}, codes.PermissionDenied},
		{"parent of another site", &mediav1.BatchGetPhotosRequest{Parent: "sites/kita", Names: []string{photoName}, View: working}, codes.PermissionDenied},
		{"all sites", &mediav1.BatchGetPhotosRequest{Parent: "sites/-", Names: []string{photoName}, View: working}, codes.PermissionDenied},
		{"no site", &mediav1.BatchGetPhotosRequest{View: working}, codes.PermissionDenied},
		{"a name that is none", &mediav1.BatchGetPhotosRequest{Parent: testkit.Site, Names: []string{"photos/x"}, View: working}, codes.PermissionDenied},
		{"a star", &mediav1.BatchGetPhotosRequest{Parent: "sites/*", View: working}, codes.PermissionDenied},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := client.BatchGetPhotos(t.Context(), test.req)
			reason := faultv1.Reason_REASON_PERMISSION_DENIED
			if test.want == codes.Unimplemented {
				reason = faultv1.Reason_REASON_UNIMPLEMENTED
			}
			testkit.WantFault(t, err, test.want, reason)
		})
	}
}

func describe(parent string) *mediav1.UploadPhotoRequest {
	return &mediav1.UploadPhotoRequest{Data: &mediav1.UploadPhotoRequest_Description{
		Description: &mediav1.UploadDescription{Parent: parent},
	}}
}

func chunk(text string) *mediav1.UploadPhotoRequest {
	return &mediav1.UploadPhotoRequest{Data: &mediav1.UploadPhotoRequest_Chunk{Chunk: []byte(text)}}
}

func TestUploadIsPermittedByItsFirstMessage(t *testing.T) {
	received := ""
	p := &photos{upload: func(s grpc.ClientStreamingServer[mediav1.UploadPhotoRequest, mediav1.Photo]) error {
		received = ""
		for {
			m, err := s.Recv()
			if errors.Is(err, io.EOF) {
				return s.SendAndClose(&mediav1.Photo{Name: photoName})
			}
			if err != nil {
				return err
			}
			received += string(m.GetChunk())
		}
	}}
	server := testkit.Start(t, p.register)
	tests := []struct {
		name string
		role auth.Role
		send []*mediav1.UploadPhotoRequest
		want codes.Code
		got  string
	}{
		{"author", auth.Author, []*mediav1.UploadPhotoRequest{describe(testkit.Site), chunk("a"), chunk("b")}, codes.OK, "ab"},
		{"anonymous", auth.Anonymous, []*mediav1.UploadPhotoRequest{describe(testkit.Site), chunk("a")}, codes.Unauthenticated, ""},
		{"author elsewhere", auth.Author, []*mediav1.UploadPhotoRequest{describe("sites/kita"), chunk("a")}, codes.PermissionDenied, ""},
		{"bytes first", auth.Author, []*mediav1.UploadPhotoRequest{chunk("a"), describe(testkit.Site)}, codes.PermissionDenied, ""},
		{"another site later", auth.Author, []*mediav1.UploadPhotoRequest{describe(testkit.Site), chunk("a"), describe("sites/kita")}, codes.PermissionDenied, "a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			stream, err := mediav1.NewMediaServiceClient(server.As(test.role)).UploadPhoto(t.Context())
			ok(t, err)
			for _, m := range test.send {
				if stream.Send(m) != nil {
					break // refused already; CloseAndRecv says why
				}
			}
			_, err = stream.CloseAndRecv()
			reason := map[codes.Code]faultv1.Reason{
				codes.Unauthenticated: faultv1.Reason_REASON_TOKEN_REQUIRED, codes.PermissionDenied: faultv1.Reason_REASON_PERMISSION_DENIED,
			}[test.want]
			testkit.WantFault(t, err, test.want, reason)
			if received != test.got {
				t.Errorf("the handler received %q, want %q", received, test.got)
			}
		})
	}
}

// fromElsewhere is a listener whose connections seem to come from another
// machine.
type fromElsewhere struct{ net.Listener }

func (l fromElsewhere) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return remote{conn}, err
}

type remote struct{ net.Conn }

func (remote) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 7), Port: 4711} }

func TestTokenOverPlaintextFromElsewhereIsRefused(t *testing.T) {
	kit := testkit.New(t)
	a := &articles{get: func(context.Context, *articlev1.GetArticleRequest) (*articlev1.Article, error) {
		return &articlev1.Article{}, nil
	}}
	server, err := rpc.NewServer(rpc.Config{Log: testkit.Log(t), Verifier: kit.Verifier(), Insecure: true}, a.register)
	ok(t, err)
	address := serveTCP(t, server, func(l net.Listener) net.Listener { return fromElsewhere{l} })
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	ok(t, err)
	defer conn.Close()
	client := articlev1.NewArticleServiceClient(conn)
	_, err = get(t, client)
	ok(t, err)
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+kit.Token(testkit.PrincipalOf(auth.Author)))
	_, err = client.GetArticle(ctx, &articlev1.GetArticleRequest{Name: articleName})
	testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_INSECURE_TRANSPORT)
}

func TestServiceWithoutAPermissionIsRefused(t *testing.T) {
	_, err := rpc.NewServer(rpc.Config{Log: testkit.Log(t)}, func(r grpc.ServiceRegistrar) {
		// The health service stands for one whose methods lack the option.
		r.RegisterService(&grpc.ServiceDesc{ServiceName: "grpc.health.v1.Health"}, nil)
	})
	if err == nil || !strings.Contains(err.Error(), "grpc.health.v1.Health.Check names no permission") {
		t.Errorf("got error %v, want one that names the method", err)
	}
}
