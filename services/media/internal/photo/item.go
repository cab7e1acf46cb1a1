package photo

import mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"

// Item is a photo in a list.
type Item struct {
	// Position is where it stands in the order of the list.
	Position []byte
	// Photo is the record.
	Photo *mediav1.Photo
	// Duplicate tells that another photo of the site has the same bytes. It is
	// set only where the list was asked for it.
	Duplicate bool
}
