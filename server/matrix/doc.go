// Package matrix holds the table of steps against the real API: every step that a mutation takes, by every role, of
// every chamber, in every stage and every relation. It is nothing but tests: see TestEveryCell.
package matrix
