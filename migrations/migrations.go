package migrations

import "embed"

// SQLite holds sqlite/NNNN_verb_noun.sql, in the form goose reads: one Up section each, no Down.
//
//go:embed sqlite/*.sql
var SQLite embed.FS

// Postgres holds postgres/NNNN_verb_noun.sql: the same numbers, names, tables and columns as SQLite.
//
//go:embed postgres/*.sql
var Postgres embed.FS
