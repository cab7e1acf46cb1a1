package webhook

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strconv"
	"time"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// Event is what a message is about.
type Event struct {
	// Kind is what happened.
	Kind sharingv1.ArticleEvent
	// Site and UID say to which article.
	Site, UID string
	// Revision is the one that readers see from now on; 0 for none.
	Revision int64
	// Time is when the suite learned of it.
	Time time.Time
}

// MessageID returns the id of the message about an event, always the same for
// the same event. Ids sort by the time of their events.
func MessageID(e Event) string {
	// The alphabet keeps the order of what it encodes.
	encoding := base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)
	at := binary.BigEndian.AppendUint64(nil, uint64(max(0, e.Time.UnixMicro())))
	sum := sha256.New()
	for _, part := range []string{e.Kind.String(), e.Site, e.UID, strconv.FormatInt(e.Revision, 10)} {
		sum.Write([]byte(part + "/"))
	}
	return encoding.EncodeToString(at) + "-" + encoding.EncodeToString(sum.Sum(nil)[:10])
}
