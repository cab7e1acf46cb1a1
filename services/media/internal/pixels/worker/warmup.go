package worker

import (
	_ "embed"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/vips"
)

func warmUp() error { return nil }

var _ = vips.Start
