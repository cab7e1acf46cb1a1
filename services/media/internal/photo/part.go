package photo

import (
	"cmp"
	"slices"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// Part is the whole or the cut renditions of one format. It is made and shown
// as one.
type Part struct {
	Format mediav1.Rendition_Format
	Cut    bool
}

// PartOf returns the part that a rendition belongs to.
func PartOf(r *mediav1.Rendition) Part {
	return Part{Format: r.GetFormat(), Cut: r.GetCrop() != mediav1.Rendition_CROP_UNSPECIFIED}
}

// Formats returns the formats of renditions, in the order they are made.
func Formats() []mediav1.Rendition_Format {
	return []mediav1.Rendition_Format{
		mediav1.Rendition_FORMAT_JPEG, mediav1.Rendition_FORMAT_WEBP, mediav1.Rendition_FORMAT_AVIF,
	}
}

// Parts returns all parts that a photo has, in the order they are made.
func Parts() []Part {
	var parts []Part
	for _, f := range Formats() {
		parts = append(parts, Part{Format: f}, Part{Format: f, Cut: true})
	}
	return parts
}

// Generation returns the generation that this part of p should have.
func (part Part) Generation(p *mediav1.Photo) string {
	if part.Cut {
		return CutGeneration(p)
	}
	return p.GetGeneration()
}

// Missing returns the parts of p that are not there in the generation they
// should have.
func Missing(p *mediav1.Photo) []Part {
	return slices.DeleteFunc(Parts(), func(part Part) bool {
		return slices.ContainsFunc(p.GetRenditions(), func(r *mediav1.Rendition) bool {
			a, ok := AddressOf(r)
			return ok && PartOf(r) == part && a.Generation == part.Generation(p)
		})
	})
}

// Generations returns the generations of the renditions that p tells, each
// once.
func Generations(p *mediav1.Photo) []string {
	var generations []string
	for _, r := range p.GetRenditions() {
		if a, ok := AddressOf(r); ok && !slices.Contains(generations, a.Generation) {
			generations = append(generations, a.Generation)
		}
	}
	return generations
}

// Swap puts what was made in place of the renditions of the same parts and
// returns the generations that p tells no more.
func Swap(p *mediav1.Photo, made []*mediav1.Rendition) (retired []string) {
	before := Generations(p)
	parts := make(map[Part]bool)
	for _, r := range made {
		parts[PartOf(r)] = true
	}
	rest := slices.DeleteFunc(slices.Clone(p.GetRenditions()), func(r *mediav1.Rendition) bool { return parts[PartOf(r)] })
	p.Renditions = append(rest, made...)
	Sort(p.Renditions)
	now := Generations(p)
	return slices.DeleteFunc(before, func(g string) bool { return slices.Contains(now, g) })
}

// Sort brings renditions into the order of the contract.
func Sort(renditions []*mediav1.Rendition) {
	slices.SortFunc(renditions, func(a, b *mediav1.Rendition) int {
		return cmp.Or(
			cmp.Compare(a.GetCrop(), b.GetCrop()), cmp.Compare(a.GetWidth(), b.GetWidth()), cmp.Compare(a.GetFormat(), b.GetFormat()),
		)
	})
}
