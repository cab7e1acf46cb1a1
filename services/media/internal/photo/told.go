package photo

import mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"

// Told is one entry of the change log: that something happened to a photo.
type Told struct {
	Name Name
	// Kind is what happened.
	Kind mediav1.WatchPhotosResponse_Kind
	// Version is that of the write.
	Version uint64
}

// Batch is what a follower of the change log is given at a time: everything up
// to and including Through has been told, also when there is nothing.
type Batch struct {
	Told    []Told
	Through uint64
}
