// Package store keeps everything Concordat knows, in SQLite or PostgreSQL, and holds the only SQL. A step is one
// transaction: lock the root, load, ask governance, write rows and act, commit, then tell.
package store
