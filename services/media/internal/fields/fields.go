// Package fields says what photos can be filtered by.
package fields

import (
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/filter"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// Photos returns the fields that readers may filter by: only what readers are
// shown, so that no filter tells of more.
func Photos() filter.Fields[photo.Item] {
	return filter.Fields[photo.Item]{
		"sha256":       sha256(),
		"license":      text(license),
		"credit":       text((*mediav1.Photo).GetCredit),
		"author":       text((*mediav1.Photo).GetAuthor),
		"mime_type":    text((*mediav1.Photo).GetMimeType),
		"tags":         filter.List(func(i photo.Item) []string { return i.Photo.GetTags() }),
		"create_time":  time((*mediav1.Photo).GetCreateTime),
		"update_time":  time((*mediav1.Photo).GetUpdateTime),
		"capture_time": time((*mediav1.Photo).GetCaptureTime),
		"state": filter.Enum("STATE_", mediav1.Photo_State(0).Descriptor().Values(),
			func(i photo.Item) protoreflect.EnumNumber { return i.Photo.GetState().Number() }),
	}
}

// WorkingPhotos returns the fields that those may filter by who see the working
// copies. The photo's rights must be those of the moment.
func WorkingPhotos() filter.Fields[photo.Item] {
	fields := Photos()
	fields["creator"] = text((*mediav1.Photo).GetCreator)
	fields["usage"] = filter.Enum("USAGE_", mediav1.Photo_Usage(0).Descriptor().Values(),
		func(i photo.Item) protoreflect.EnumNumber { return i.Photo.GetUsage().Number() })
	fields["people_shown"] = filter.Enum("PRESENCE_", mediav1.PeopleShown_Presence(0).Descriptor().Values(),
		func(i photo.Item) protoreflect.EnumNumber { return i.Photo.GetPeopleShown().GetPresence().Number() })
	fields["expire_time"] = time(func(p *mediav1.Photo) *timestamppb.Timestamp { return p.GetRights().GetExpireTime() })
	fields["cleared"] = filter.Bool(func(i photo.Item) bool { return i.Photo.GetRights().GetCleared() })
	fields["duplicate"] = filter.Bool(func(i photo.Item) bool { return i.Duplicate })
	return fields
}

// license is the word for the terms of a photo.
func license(p *mediav1.Photo) string {
	switch l := p.GetLicense(); {
	case l.GetSpdxId() != "":
		return l.GetSpdxId()
	case l.GetTerms() != "" || l.GetUri() != "":
		return "other"
	}
	return "none"
}

// sha256 is a text that can be nothing but a hash.
func sha256() filter.Field[photo.Item] {
	field := text((*mediav1.Photo).GetSha256)
	return func(c filter.Comparison) (func(photo.Item) bool, error) {
		if !c.Any() && (len(c.Value) != 64 || strings.Trim(c.Value, "0123456789abcdef") != "") {
			return nil, fault.Invalid("filter", faultv1.Reason_REASON_INVALID_FILTER,
				"%.100q is no sha256; write 64 lower-case hexadecimal digits", c.Value)
		}
		return field(c)
	}
}

func text(read func(*mediav1.Photo) string) filter.Field[photo.Item] {
	return filter.Text(func(i photo.Item) string { return read(i.Photo) })
}

func time(read func(*mediav1.Photo) *timestamppb.Timestamp) filter.Field[photo.Item] {
	return filter.Time(func(i photo.Item) *timestamppb.Timestamp { return read(i.Photo) })
}
