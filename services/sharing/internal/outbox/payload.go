package outbox

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
	"github.com/skaitykla/skaitykla/services/sharing/internal/syndication"
)

// payload is the body of a message, as docs/webhooks.md tells receivers. Its
// names are those of the REST interface.
type payload struct {
	Type      string  `json:"type"`
	Timestamp string  `json:"timestamp"`
	Data      subject `json:"data"`
}

// subject says what an event is about. Of an article that was withdrawn there
// is only what a receiver needs to find its own copy.
type subject struct {
	Article          string   `json:"article"`
	UID              string   `json:"uid"`
	URI              string   `json:"uri"`
	LanguageCode     string   `json:"languageCode"`
	TranslationGroup string   `json:"translationGroup,omitempty"`
	Revision         int64    `json:"revision,omitempty,string"`
	Title            string   `json:"title,omitempty"`
	Summary          string   `json:"summary,omitempty"`
	Tags             []string `json:"tags,omitempty"`
	PublishTime      string   `json:"publishTime,omitempty"`
	UpdateTime       string   `json:"updateTime,omitempty"`
	Image            *image   `json:"image,omitempty"`
}

type image struct {
	URI    string `json:"uri"`
	Width  int32  `json:"width"`
	Height int32  `json:"height"`
	Alt    string `json:"alt,omitempty"`
}

// typeOf returns how receivers know an event.
func typeOf(kind sharingv1.ArticleEvent) string {
	return "article." + strings.ToLower(strings.TrimPrefix(kind.String(), "ARTICLE_EVENT_"))
}

// compose makes the message of an event, false when there is none to make: a
// hub knows feeds by absolute addresses only.
func compose(event *recordv1.OutboxEvent, site published.Site, protocol sharingv1.WebhookEndpoint_Protocol) (store.Message, bool, error) {
	message := store.Message{Delivery: &sharingv1.Delivery{
		Uid: uuid.NewString(), Event: event.GetKind(), MessageId: event.GetMessageId(), Article: event.GetArticle().GetName(),
	}}
	if protocol == sharingv1.WebhookEndpoint_PROTOCOL_WEBSUB {
		topics := topics(event, site)
		if len(topics) == 0 {
			return message, false, nil
		}
		body := url.Values{"hub.mode": {"publish"}, "hub.url": topics}.Encode()
		message.Delivery.Payload, message.ContentType = body, "application/x-www-form-urlencoded"
		sum := sha256.Sum256([]byte(body))
		// A later ping of the same feeds does for this one.
		message.Chain = "feeds-" + hex.EncodeToString(sum[:8])
		return message, true, nil
	}
	body, err := json.Marshal(payloadOf(event, site))
	if err != nil {
		return message, false, fmt.Errorf("write the message about %s: %w", event.GetArticle().GetName(), err)
	}
	message.Delivery.Payload, message.ContentType = string(body), "application/json"
	message.Chain = event.GetArticle().GetUid()
	return message, true, nil
}

func payloadOf(event *recordv1.OutboxEvent, site published.Site) payload {
	a := event.GetArticle()
	p := payload{Type: typeOf(event.GetKind()), Timestamp: timeText(event.GetTime()), Data: subject{
		Article: a.GetName(), UID: a.GetUid(), URI: site.Absolute(a.GetPath()),
		LanguageCode: a.GetLanguageCode(), TranslationGroup: a.GetTranslationGroup(),
	}}
	if event.GetKind() == sharingv1.ArticleEvent_ARTICLE_EVENT_WITHDRAWN {
		return p
	}
	p.Data.Revision, p.Data.Title, p.Data.Summary, p.Data.Tags = a.GetPublishedRevision(), a.GetTitle(), a.GetSummary(), a.GetTags()
	p.Data.PublishTime, p.Data.UpdateTime = timeText(a.GetPublishTime()), timeText(a.GetUpdateTime())
	if c := a.GetCover(); c != nil {
		p.Data.Image = &image{URI: site.Absolute(c.GetUri()), Width: c.GetWidth(), Height: c.GetHeight(), Alt: c.GetAlt()}
	}
	return p
}

// maxTags is how many tags of an article have their feeds pinged.
const maxTags = 10

// topics returns the addresses of the feeds that an article is or was in: those
// of its language and its tags in every format. Archives are not among them.
func topics(event *recordv1.OutboxEvent, site published.Site) []string {
	home := site.Absolute(site.Home(event.GetArticle().GetLanguageCode()))
	if !strings.HasPrefix(home, "http") {
		return nil
	}
	var all []string
	tags := event.GetTags()
	for _, tag := range append([]string{""}, tags[:min(maxTags, len(tags))]...) {
		for _, format := range []syndication.Format{syndication.FormatRSS, syndication.FormatAtom, syndication.FormatJSON} {
			topic := home + format.File()
			if tag != "" {
				topic += "?" + url.Values{syndication.ParameterTag: {tag}}.Encode()
			}
			all = append(all, topic)
		}
	}
	return all
}

func timeText(t *timestamppb.Timestamp) string {
	if t == nil {
		return ""
	}
	return t.AsTime().Format(time.RFC3339Nano)
}
