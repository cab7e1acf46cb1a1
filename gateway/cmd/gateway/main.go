// Command gateway runs the gateway alone; its configuration is documented at
// gateway.Config.
package main

import (
	_ "time/tzdata" // time zones of sites, on machines without them

	"github.com/skaitykla/skaitykla/gateway"
	"github.com/skaitykla/skaitykla/internal/run"
)

func main() { run.Main(gateway.Start) }
