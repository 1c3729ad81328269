//go:build !race

package graph_test

// slower is how much more a request may cost than in production.
const slower = 1
