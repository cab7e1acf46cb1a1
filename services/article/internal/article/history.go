package article

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/skaitykla/skaitykla/internal/fault"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// RevisionName returns the resource name of a revision.
func RevisionName(n Name, number int64) string { return fmt.Sprintf("%s/revisions/%d", n, number) }

// ParseRevision reads "sites/{site}/articles/{article}/revisions/{revision}". It
// fails with INVALID_FIELD on the field called field.
func ParseRevision(field, name string) (Name, int64, error) {
	of, id, _ := strings.Cut(name, "/revisions/")
	n, err := ParseName(field, of)
	number, ok := parseNumber(id)
	if err != nil || !ok {
		return Name{}, 0, fault.InvalidField(field, "%q is not a name like sites/my-library/articles/my-article/revisions/3", clip(name))
	}
	return n, number, nil
}

// ParseRevisionID reads the number of a revision; 0 for an empty one. It fails
// with INVALID_FIELD on the field called field.
func ParseRevisionID(field, id string) (int64, error) {
	number, ok := parseNumber(id)
	if id != "" && !ok {
		return 0, fault.InvalidField(field, "%q is not the number of a revision", clip(id))
	}
	return number, nil
}

func parseNumber(id string) (int64, bool) {
	number, err := strconv.ParseInt(id, 10, 64)
	return number, err == nil && number > 0 && strconv.FormatInt(number, 10) == id
}

// Event is an audit event in a list.
type Event struct {
	// Position is where it stands; no other event of the site has it.
	Position []byte
	Record   *recordv1.Event
}

// Recall brings a state back to what readers knew of it when the publication
// was the newest one.
func Recall(a *recordv1.State, p *recordv1.Publication) {
	a.State, a.PublishedRevision = Published, p.GetRevision()
	a.PublishTime, a.PublicSlug = p.GetPublishTime(), p.GetSlug()
	a.DeleteTime, a.PurgeTime = nil, nil
}

// History is an article with all that belongs to it, as of one moment.
type History struct {
	Name  Name
	State *recordv1.State
	// Newest is the newest revision.
	Newest *recordv1.Revision
	// Publications are what readers were ever shown, oldest first.
	Publications []*recordv1.Publication
	// Schedules are those of the article by id.
	Schedules []ScheduleItem
	// Revisions calls fn with every revision, the first one first, until it
	// fails. It can be called once. It fails with WRITE_CONTENTION when there
	// are too many to be read at a time and the article was written in between.
	Revisions func(ctx context.Context, fn func(*recordv1.Revision) error) error
}
