package photo

import (
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// Fields returns the names of the fields that are content, sorted. Each is
// edited as a whole: two editors who change the license conflict, whichever
// part of it they change.
func Fields() []string {
	return []string{
		"alts", "author", "capture_time", "captions", "copyright_notice", "credit", "filename", "focal_point",
		"license", "people_shown", "source", "tags",
	}
}

// MaxContent is how many bytes the content of a photo may have as it is stored.
// A merge of two edits reads and writes it four times in one transaction.
const MaxContent = 160 << 10

// fits fails with TOO_LARGE when the content of a photo is larger than
// MaxContent.
func fits(p *mediav1.Photo, field string) error {
	content := &mediav1.Photo{}
	Copy(content, p, Fields())
	if size := proto.Size(content); size > MaxContent {
		return fault.Invalid(field, faultv1.Reason_REASON_TOO_LARGE,
			"all texts of the photo take %d KB together, at most %d are kept; shorten some", size>>10, MaxContent>>10)
	}
	return nil
}

// Mask returns the names of the content fields that an update changes: those
// in the mask, all of them for "*", and those that p sets when the mask is
// empty. `name` and `etag`, which say what is changed, may be named too. It
// fails with INVALID_FIELD_MASK.
func Mask(mask *fieldmaskpb.FieldMask, p *mediav1.Photo) ([]string, error) {
	if len(mask.GetPaths()) == 0 {
		return Changed(&mediav1.Photo{}, p), nil
	}
	var fields []string
	for _, path := range mask.GetPaths() {
		switch {
		case path == "*" && len(mask.GetPaths()) == 1:
			return Fields(), nil
		case slices.Contains(Fields(), path):
			fields = append(fields, path)
		case path == "name" || path == "etag":
		default:
			return nil, fault.Invalid("update_mask", faultv1.Reason_REASON_INVALID_FIELD_MASK,
				"%.100q cannot be changed; name one of %s, each as a whole", path, Fields())
		}
	}
	slices.Sort(fields)
	return slices.Compact(fields), nil
}

// Changed returns the names of the content fields that differ, sorted.
func Changed(a, b *mediav1.Photo) []string {
	var fields []string
	for _, field := range Fields() {
		if !equal(a.ProtoReflect(), b.ProtoReflect(), descriptor(field)) {
			fields = append(fields, field)
		}
	}
	return fields
}

func equal(a, b protoreflect.Message, field protoreflect.FieldDescriptor) bool {
	return a.Has(field) == b.Has(field) && a.Get(field).Equal(b.Get(field))
}

// Copy sets the named content fields of to to those of from, which stays the
// owner of nothing in to.
func Copy(to, from *mediav1.Photo, fields []string) {
	source, target := proto.CloneOf(from).ProtoReflect(), to.ProtoReflect()
	for _, name := range fields {
		field := descriptor(name)
		if source.Has(field) {
			target.Set(field, source.Get(field))
		} else {
			target.Clear(field)
		}
	}
}

// descriptor returns that of a content field.
func descriptor(name string) protoreflect.FieldDescriptor {
	return (&mediav1.Photo{}).ProtoReflect().Descriptor().Fields().ByName(protoreflect.Name(name))
}
