package server

import (
	"os"
	"runtime/debug"
)

const (
	// gcPercent lets the heap grow to five times what lives in it before it is collected: a fifth to a third less
	// processor time a request, for some tens of megabytes.
	gcPercent = 400
	// memoryLimit is from where on the collector spares memory again instead.
	memoryLimit = 1 << 30
)

// TuneMemory sets the collector for a process that serves. What GOGC and GOMEMLIMIT say in the environment stands.
func TuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}
