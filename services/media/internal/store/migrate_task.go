package store

import (
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/kv"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// firstTaskOf wants what a photo of format 1 does not have: crops and AVIF, and
// WebP where it was not finished. It keeps the renditions and the generation
// that are there. Unfinished uploads come before the archive.
func firstTaskOf(m kv.Migrator, name photo.Name, p *mediav1.Photo) error {
	for _, generation := range photo.Generations(p) {
		p.Generation = generation
	}
	if p.GetGeneration() == "" {
		p.Generation = photo.WantedGeneration(p)
	}
	task := &recordv1.Task{
		Priority: recordv1.Task_PRIORITY_BACKGROUND, Parts: recordsOf(photo.Missing(p)), NextAttemptTime: p.GetCreateTime(),
	}
	if p.GetState() == mediav1.Photo_STATE_PROCESSING {
		task.Priority = recordv1.Task_PRIORITY_UPLOAD
	}
	photo.Progress{Wanted: photo.Missing(p)}.Show(p)
	data, err := proto.Marshal(task)
	if err != nil {
		return fmt.Errorf("encode the task of %s: %w", name, err)
	}
	if err := m.Put(turnKey(name, task), nil); err != nil {
		return err
	}
	return m.Put(taskKey(name), data)
}
