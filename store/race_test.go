//go:build race

package store_test

// crowded is how many steps twelve people take at once: fewer under the race detector, which makes each ten times as slow.
// `make crowd` takes all of them without it.
const crowded = 150
