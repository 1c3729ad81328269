package store

import (
	"context"

	"github.com/pressly/goose/v3"

	"concordat/governance"
)

// This file lets the conformance suite in package store_test, which opens its databases through store/storetest, take
// steps of its own.

// TestStep is a step of the suite, on rows of the table proofs.
type TestStep struct {
	Name   string
	Actor  governance.Actor
	Roots  []string // ids of proofs
	Repeat Repeat
	Do     func(ctx context.Context, tx *Tx) (string, error)
}

const rootProof rootTable = "proofs"

// Take takes the step.
func (db *DB) Take(ctx context.Context, s TestStep) (string, error) {
	roots := make([]root, len(s.Roots))
	for i, id := range s.Roots {
		roots[i] = root{rootProof, id}
	}
	return db.take(ctx, step{name: s.Name, actor: s.Actor, roots: roots, repeat: s.Repeat, do: s.Do})
}

// Write runs a transaction without an act.
func (db *DB) Write(ctx context.Context, do func(ctx context.Context, tx *Tx) error) error {
	return db.write(ctx, "suite", do)
}

// Read reads in one snapshot.
func (db *DB) Read(ctx context.Context, do func(ctx context.Context, q *Query) error) error {
	return db.read(ctx, do)
}

func (tx *Tx) Exec(ctx context.Context, text string, args ...any) (int64, error) {
	return tx.exec(ctx, text, args...)
}
func (tx *Tx) NewID() string           { return tx.newID() }
func (tx *Tx) AfterCommit(hook func()) { tx.afterCommit(hook) }
func (tx *Tx) Append(ctx context.Context, a Act, p string) (governance.ActID, error) {
	a.Root = root{rootProof, p}
	return tx.appendAct(ctx, a)
}

// Texts reads the first column of a statement.
func (q *Query) Texts(ctx context.Context, text string, args ...any) ([]string, error) {
	return collect(ctx, q, func(row scanner) (string, error) {
		var one string
		err := row.Scan(&one)
		return one, err
	}, text, args...)
}

// Number reads one number.
func (q *Query) Number(ctx context.Context, text string, args ...any) (int64, error) {
	var n int64
	err := q.queryRow(ctx, text, args...).Scan(&n)
	return n, err
}

// Queued says how many steps wait for SQLite's writer.
func (db *DB) Queued() int { return len(db.group.incoming) }

// Path is the SQLite file.
func (db *DB) Path() string { return db.sqlitePath() }

// MigrateFile runs one more SQLite migration, as Migrate does.
func (db *DB) MigrateFile(ctx context.Context, text string) error {
	return db.migrateFiles(ctx, []*goose.Migration{sqliteMigration(9999, "9999_try_it.sql", text)},
		goose.WithAllowOutofOrder(true), goose.WithDisableVersioning(true))
}

// What the suite checks by itself.
var (
	LeafHash            = leafHash
	FormatTime          = formatTime
	ParseTime           = parseTime
	IsImmutable         = isImmutable
	MakeID              = makeID
	SequencerLock int64 = sequencerLock
)

// WorkSteps are the steps that can wait for somebody.
func WorkSteps() []governance.Step {
	steps := make([]governance.Step, len(workKinds))
	for i, kind := range workKinds {
		steps[i] = kind.step
	}
	return steps
}

// Fold is how the register's words are made comparable.
var Fold = fold
