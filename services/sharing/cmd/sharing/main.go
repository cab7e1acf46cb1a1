// Command sharing runs the sharing service alone; its configuration is
// documented at sharing.Config.
package main

import (
	_ "time/tzdata" // time zones of sites, on machines without them

	"github.com/skaitykla/skaitykla/internal/run"
	"github.com/skaitykla/skaitykla/services/sharing"
)

func main() { run.Main(sharing.Start) }
