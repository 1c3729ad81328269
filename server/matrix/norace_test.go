//go:build !race

package matrix_test

// raced says whether the race detector watches.
const raced = false
