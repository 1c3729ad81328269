// Package register is what the public sees without signing in: the list of what was published, each publication with how
// it was agreed, and the exact bytes of its text. It shows what package store says is public, and decides nothing.
package register
