package webhook

import (
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/filter"
	"github.com/skaitykla/skaitykla/internal/richtext"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// Addresses knows where may be sent to. ParseURI returns an address as it is
// called; its error says what to do.
type Addresses interface {
	ParseURI(text string) (string, error)
}

// Edit is a wish to change an endpoint.
type Edit struct {
	// Content has the new values.
	Content *sharingv1.WebhookEndpoint
	// Fields are those to change.
	Fields []string
}

// Fields returns the names of the fields that can be changed.
func Fields() []string { return []string{"uri", "events", "note", "disabled"} }

// NewEdit returns the edit that an update asks for: of the fields in the mask,
// all for "*", those that are set when it is empty. It fails with
// INVALID_FIELD_MASK.
func NewEdit(mask *fieldmaskpb.FieldMask, content *sharingv1.WebhookEndpoint) (Edit, error) {
	edit := Edit{Content: content}
	paths := mask.GetPaths()
	if len(paths) == 1 && paths[0] == "*" {
		edit.Fields = Fields()
		return edit, nil
	}
	for _, path := range paths {
		switch {
		case slices.Contains(Fields(), path):
			edit.Fields = append(edit.Fields, path)
		case path == "name" || path == "etag":
		default:
			return edit, fault.Invalid("update_mask", faultv1.Reason_REASON_INVALID_FIELD_MASK,
				"%.100q cannot be changed; name some of %s", path, Fields())
		}
	}
	if len(paths) == 0 {
		m := content.ProtoReflect()
		edit.Fields = slices.DeleteFunc(Fields(), func(name string) bool {
			return !m.Has(m.Descriptor().Fields().ByName(protoreflect.Name(name)))
		})
	}
	return edit, nil
}

// Apply makes the edit in an endpoint. To say whether it is disabled also
// settles what its receiver had done. It fails with INVALID_FIELD.
func (e Edit) Apply(to *sharingv1.WebhookEndpoint, addresses Addresses) error {
	for _, field := range e.Fields {
		switch field {
		case "uri":
			uri, err := addresses.ParseURI(e.Content.GetUri())
			if err != nil {
				return fault.InvalidField("webhook_endpoint.uri", "%s", err.Error())
			}
			to.Uri = uri
		case "events":
			events := slices.Clone(e.Content.GetEvents())
			if slices.Contains(events, sharingv1.ArticleEvent_ARTICLE_EVENT_UNSPECIFIED) {
				return fault.InvalidField("webhook_endpoint.events", "name events, or none for all")
			}
			slices.Sort(events)
			to.Events = events
		case "note":
			to.Note = richtext.Line(e.Content.GetNote())
		case "disabled":
			to.Disabled = e.Content.GetDisabled()
			to.State = sharingv1.WebhookEndpoint_STATE_ACTIVE
			if to.GetDisabled() {
				to.State = sharingv1.WebhookEndpoint_STATE_DISABLED
			}
		}
	}
	return nil
}

// DeliveryFields are what deliveries can be filtered by.
func DeliveryFields() filter.Fields[*sharingv1.Delivery] {
	return filter.Fields[*sharingv1.Delivery]{
		"article":     filter.Text((*sharingv1.Delivery).GetArticle),
		"create_time": filter.Time((*sharingv1.Delivery).GetCreateTime),
		"event": filter.Enum("ARTICLE_EVENT_", sharingv1.ArticleEvent(0).Descriptor().Values(),
			func(d *sharingv1.Delivery) protoreflect.EnumNumber { return d.GetEvent().Number() }),
		"state": filter.Enum("STATE_", sharingv1.Delivery_State(0).Descriptor().Values(),
			func(d *sharingv1.Delivery) protoreflect.EnumNumber { return d.GetState().Number() }),
	}
}
