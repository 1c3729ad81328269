//go:build !race

package store_test

// crowded is how many steps twelve people take at once.
const crowded = 1000
