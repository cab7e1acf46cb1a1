package server_test

import (
	"sync"
	"testing"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/server"
)

// TestPiecesWhileObjectsAreAway stops the object store between any two steps:
// nothing is lost, and the upload goes on when it is back.
func TestPiecesWhileObjectsAreAway(t *testing.T) {
	s3 := miniotest.Start(t)
	s := newSuiteOn(t, s3.Server, nil)
	author := s.client(auth.Author)
	data := heavy(t, 60, 1<<20)
	half := len(data) / 2
	u := begin(t, author, data)
	finish := &mediav1.FinishUploadRequest{Name: u.GetName()}
	_, err := add(t.Context(), t, author, u.GetName(), 0, data[:half])
	must(t, err)

	s3.Stop(t.Context())
	_, err = add(t.Context(), t, author, u.GetName(), int64(half), data[half:])
	wantAway(t, err)
	if at := s.awaitOffset(t, author, u.GetName(), 0); at != int64(half) {
		t.Errorf("the upload is at %d, want %d", at, half)
	}
	s3.Restart(t)
	_, err = add(t.Context(), t, author, u.GetName(), int64(half), data[half:])
	must(t, err)

	s3.Stop(t.Context())
	_, err = author.FinishUpload(t.Context(), finish)
	wantAway(t, err)
	s3.Restart(t)
	checkFinish(t, s, author, u, data)
}

// TestPiecesOverReplicas sends the halves of a photo to two replicas and
// finishes it at both at once.
func TestPiecesOverReplicas(t *testing.T) {
	var shared server.Config
	s := newSuiteOn(t, objects.Server(t), func(c *serverConfig) { shared = *c })
	other := newSuiteOn(t, objects.Server(t), func(c *serverConfig) { *c = shared })
	replicas := []mediav1.MediaServiceClient{s.client(auth.Author), other.client(auth.Author)}
	data := heavy(t, 61, 1<<20)
	half := len(data) / 2
	u := begin(t, replicas[0], data)
	_, err := add(t.Context(), t, replicas[0], u.GetName(), 0, data[:half])
	must(t, err)
	_, err = add(t.Context(), t, replicas[1], u.GetName(), int64(half), data[half:])
	must(t, err)
	var finishing sync.WaitGroup
	names := make([]string, len(replicas))
	for i, client := range replicas {
		finishing.Go(func() {
			p, err := client.FinishUpload(t.Context(), &mediav1.FinishUploadRequest{Name: u.GetName()})
			if err != nil {
				t.Error(err)
			}
			names[i] = p.GetName()
		})
	}
	finishing.Wait()
	if names[0] != names[1] || len(s.partsLeft(t)) != 0 {
		t.Errorf("two replicas made %v and left %v", names, s.partsLeft(t))
	}
}
