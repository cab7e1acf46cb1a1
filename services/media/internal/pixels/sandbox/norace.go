//go:build !race

package sandbox

// RaceEnabled says that the address space is not limited in this build.
const RaceEnabled = false
