package server_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

const (
	cardArticle = testkit.Site + "/articles/naujiena"
	cardName    = testkit.Site + "/socialCards/naujiena"
)

// card stores a card as the keeper does, and its bytes.
func (s *suite) card(t *testing.T, data []byte, photos ...string) {
	t.Helper()
	_, err := s.store.SetCard(t.Context(), cardArticle, &recordv1.Card{Title: "Naujiena", LanguageCode: "lt"})
	must(t, err)
	must(t, s.objects.Put(t.Context(), blobs.Card(cardArticle, "g1"), bytes.NewReader(data), int64(len(data)), "image/jpeg"))
	sum := sha256.Sum256(data)
	must(t, s.store.FinishCard(t.Context(), store.CardJob{Article: cardArticle}, &recordv1.DrawnCard{
		Sha256: sum[:], Generation: "g1", SizeBytes: int64(len(data)), Alt: "Naujiena", Photos: photos, DrawTime: timestamppb.Now(),
	}))
}

func readCard(t *testing.T, client mediav1.MediaServiceClient, req *mediav1.ReadSocialCardRequest) (*mediav1.RenditionHead, []byte, error) {
	t.Helper()
	stream, err := client.ReadSocialCard(t.Context(), req)
	must(t, err)
	var head *mediav1.RenditionHead
	var data []byte
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return head, data, nil
		}
		if err != nil {
			return head, data, err
		}
		if message.GetHead() != nil {
			head = message.GetHead()
		}
		data = append(data, message.GetChunk()...)
	}
}

func TestSocialCard(t *testing.T) {
	s := newSuite(t)
	anyone := s.client(auth.Anonymous)
	data := drawn(t, 400, 210, 0)
	s.card(t, data)
	got, err := anyone.GetSocialCard(t.Context(), &mediav1.GetSocialCardRequest{Name: cardName})
	must(t, err)
	if got.GetUri() != "/media/"+testkit.Site[len("sites/"):]+"/-/naujiena/g1.jpg" || got.GetArticle() != cardArticle || got.GetName() != cardName {
		t.Errorf("card = %v", got)
	}
	if got.GetWidth() != 1200 || got.GetHeight() != 630 || got.GetMimeType() != "image/jpeg" || got.GetSizeBytes() != int64(len(data)) ||
		got.GetAlt() != "Naujiena" || got.GetGeneration() != "g1" || time.Since(got.GetUpdateTime().AsTime()) > time.Minute {
		t.Errorf("card = %v", got)
	}
	head, all, err := readCard(t, anyone, &mediav1.ReadSocialCardRequest{Name: cardName, Generation: "g1"})
	must(t, err)
	if !bytes.Equal(all, data) || head.GetMimeType() != "image/jpeg" || head.GetSizeBytes() != int64(len(data)) || head.GetEtag() == "" || !head.GetPublished() {
		t.Errorf("%d bytes of %d, head %v", len(all), len(data), head)
	}
	_, part, err := readCard(t, anyone, &mediav1.ReadSocialCardRequest{Name: cardName, ReadOffset: 10, ReadLimit: 20})
	must(t, err)
	if !bytes.Equal(part, data[10:30]) {
		t.Errorf("a part of %d bytes", len(part))
	}
}

func TestSocialCardThatIsNotThere(t *testing.T) {
	s := newSuite(t)
	anyone := s.client(auth.Anonymous)
	missing := func(what string, err error) {
		t.Helper()
		if err == nil {
			t.Errorf("%s is there", what)
			return
		}
		testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	}
	get := func() error {
		_, err := anyone.GetSocialCard(t.Context(), &mediav1.GetSocialCardRequest{Name: cardName})
		return err
	}
	missing("the card of no article", get())
	_, err := s.store.SetCard(t.Context(), cardArticle, &recordv1.Card{Title: "Naujiena"})
	must(t, err)
	missing("a card that is not drawn", get())
	s.card(t, drawn(t, 40, 21, 0))
	_, _, err = readCard(t, anyone, &mediav1.ReadSocialCardRequest{Name: cardName, Generation: "g0"})
	missing("an earlier card", err)
	_, err = s.store.SetCard(t.Context(), cardArticle, nil)
	must(t, err)
	missing("the card of an unpublished article", get())
}

// TestSocialCardOfWithdrawnPhoto asks for a card before it is drawn without its
// photo.
func TestSocialCardOfWithdrawnPhoto(t *testing.T) {
	s := newSuite(t)
	p := uploaded(t, s.client(auth.Author), describe(), drawn(t, 700, 500, 0))
	p = settled(t, s.client(auth.Author), p.GetName())
	s.card(t, drawn(t, 40, 21, 0), p.GetName())
	anyone := s.client(auth.Anonymous)
	_, err := anyone.GetSocialCard(t.Context(), &mediav1.GetSocialCardRequest{Name: cardName})
	must(t, err)
	_, err = s.client(auth.Editor).WithdrawPhoto(t.Context(), &mediav1.WithdrawPhotoRequest{
		Name: p.GetName(), Etag: p.GetEtag(), Reason: "paprašė",
	})
	must(t, err)
	_, err = anyone.GetSocialCard(t.Context(), &mediav1.GetSocialCardRequest{Name: cardName})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	_, _, err = readCard(t, anyone, &mediav1.ReadSocialCardRequest{Name: cardName, Generation: "g1"})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
}

// TestSocialCardWithoutBytes asks for a card whose object is gone: it is put
// into the queue to be drawn again.
func TestSocialCardWithoutBytes(t *testing.T) {
	s := newSuite(t)
	s.card(t, drawn(t, 40, 21, 0))
	jobs, err := s.store.CardQueue(t.Context(), "", 10)
	must(t, err)
	must(t, s.store.FinishCard(t.Context(), jobs[0], nil))
	must(t, s.objects.Remove(t.Context(), blobs.Card(cardArticle, "g1")))
	_, _, err = readCard(t, s.client(auth.Anonymous), &mediav1.ReadSocialCardRequest{Name: cardName})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	if jobs, err = s.store.CardQueue(t.Context(), "", 10); err != nil || len(jobs) != 1 {
		t.Errorf("the queue has %v (%v), want the card", jobs, err)
	}
}

// TestVerifySocialCards spoils a card and leaves one of no article.
func TestVerifySocialCards(t *testing.T) {
	s := newSuite(t)
	operator := s.client(auth.Operator)
	data := drawn(t, 40, 21, 0)
	s.card(t, data)
	if found := s.verify(t, operator, false); found.GetObjectCount() != 1 || len(found.GetProblems()) != 0 {
		t.Errorf("found %v, want one sound object", found)
	}
	key, orphan := blobs.Card(cardArticle, "g1"), blobs.Card(testkit.Site+"/articles/kita", "g1")
	for _, key := range []blobs.Key{key, orphan} {
		must(t, s.objects.Put(t.Context(), key, bytes.NewReader([]byte("spoiled")), 7, "image/jpeg"))
	}
	problems := []*mediav1.ObjectProblem{
		{Kind: mediav1.ObjectProblem_KIND_DAMAGED, ObjectKey: string(key), Repaired: true},
		{Kind: mediav1.ObjectProblem_KIND_ORPHAN, ObjectKey: string(orphan)},
	}
	wantProblems(t, s.verify(t, operator, true), problems...)
	if card, err := s.store.Card(t.Context(), cardArticle); err != nil || card.GetDrawn() != nil {
		t.Errorf("the card is not to be drawn again: %v, %v", card, err)
	}
}
