//go:build race

package graph_test

// slower is how much more a request may cost than in production: the race detector multiplies every memory access.
const slower = 12
