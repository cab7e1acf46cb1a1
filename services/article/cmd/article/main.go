// Command article runs the article service. It is configured by environment
// variables; see article.Config.
package main

import (
	"github.com/skaitykla/skaitykla/internal/run"
	"github.com/skaitykla/skaitykla/services/article"
)

func main() { run.Main(article.Start) }
