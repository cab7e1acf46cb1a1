package importer

import (
	"context"
	"errors"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/manuscript"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// pages answers lists as a site with many articles does: the first pages have
// looked at enough and found nothing yet.
type pages struct {
	articlev1.ArticleServiceClient
	empty int
}

func (p *pages) ListArticles(context.Context, *articlev1.ListArticlesRequest, ...grpc.CallOption) (*articlev1.ListArticlesResponse, error) {
	if p.empty > 0 {
		p.empty--
		return &articlev1.ListArticlesResponse{NextPageToken: "more"}, nil
	}
	return &articlev1.ListArticlesResponse{Articles: []*articlev1.Article{{Name: "sites/kaunas/articles/senas"}}}, nil
}

func TestWithSlugLooksAtEveryPage(t *testing.T) {
	got, err := withSlug(t.Context(), Suite{Articles: &pages{empty: 2}}, "sites/kaunas", "lt", "muge")
	if err != nil || got != "sites/kaunas/articles/senas" {
		t.Errorf("withSlug = %q, %v; want the article on the third page", got, err)
	}
}

func TestPublishTime(t *testing.T) {
	site := &articlev1.Site{TimeZone: "Europe/Vilnius"}
	morning := time.Date(2024, 6, 7, 6, 30, 0, 0, time.UTC) // half past nine in Vilnius
	evening := morning.Add(10 * time.Hour)
	for _, tt := range []struct {
		name, date  string
		known, now  time.Time
		want        time.Time // zero: nothing to change
		wantRefusal bool
	}{
		{name: "a past day", date: "2024-06-05", now: morning, want: time.Date(2024, 6, 5, 9, 0, 0, 0, time.UTC)},
		{name: "today, before noon", date: "2024-06-07", now: morning, want: morning},
		{name: "today, again before noon", date: "2024-06-07", known: morning, now: morning.Add(time.Hour)},
		{name: "today, again after noon", date: "2024-06-07", known: morning, now: evening},
		{name: "another day than readers know", date: "2024-06-05", known: morning, now: evening, want: time.Date(2024, 6, 5, 9, 0, 0, 0, time.UTC)},
		{name: "tomorrow", date: "2024-06-08", now: evening, wantRefusal: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := manuscript.Parse([]byte("---\ntitle: T\ndate: "+tt.date+"\n---\nTekstas.\n"), "lt")
			if err != nil {
				t.Fatal(err)
			}
			var known *timestamppb.Timestamp
			if !tt.known.IsZero() {
				known = timestamppb.New(tt.known)
			}
			got, err := publishTime(m, site, known, tt.now)
			if _, refused := errors.AsType[*manuscript.MatterError](err); refused != tt.wantRefusal || err != nil && !refused {
				t.Fatalf("error %v, want a refusal: %t", err, tt.wantRefusal)
			}
			if tt.want.IsZero() != (got == nil) || got != nil && !got.AsTime().Equal(tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}
