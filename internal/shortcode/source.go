package shortcode

import "iter"

// sourceRow pairs the suffix of an address with the place it was shared at.
type sourceRow struct {
	suffix byte
	id     string
}

// sources is the table. A letter that was ever printed keeps its meaning.
func sources() [19]sourceRow {
	return [...]sourceRow{
		{'f', "facebook"},
		{'x', "x"},
		{'m', "email"},
		{'n', "linkedin"},
		{'w', "whatsapp"},
		{'g', "messenger"},
		{'v', "viber"},
		{'t', "telegram"},
		{'b', "bluesky"},
		{'a', "mastodon"},
		{'s', "sms"},
		{'c', "copy"},
		{'p', "print"},
		{'q', "qr"},
		{'d', "device"},
		{'h', "threads"},
		{'r', "reddit"},
		{'e', "pinterest"},
		{'o', OwnSource},
	}
}

// OwnSource is the source of every target that a site has added itself.
const OwnSource = "own"

// Sources returns the ids of the sources with their suffixes, the dot
// included, in the order of the table.
func Sources() iter.Seq2[string, string] {
	return func(yield func(id, suffix string) bool) {
		for _, row := range sources() {
			if !yield(row.id, "."+string(row.suffix)) {
				return
			}
		}
	}
}

// Suffix returns what to put behind a code so that the source of a click is
// known, such as ".f" for "facebook". A target that is not in the table has the
// suffix of OwnSource; an empty source has none.
func Suffix(source string) string {
	if source == "" {
		return ""
	}
	for _, row := range sources() {
		if row.id == source {
			return "." + string(row.suffix)
		}
	}
	return Suffix(OwnSource)
}

// source returns the id of the source of a suffix without its dot, in any case,
// empty when there is none.
func source(suffix string) string {
	if len(suffix) != 1 {
		return ""
	}
	for _, row := range sources() {
		if row.suffix == suffix[0]|0x20 {
			return row.id
		}
	}
	return ""
}
