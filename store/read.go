package store

import (
	"context"
	"fmt"
)

// read runs f in one read transaction: everything that f sees is of one moment. It ends with the caller's context and
// with the store's read timeout.
func (db *DB) read(ctx context.Context, f func(ctx context.Context, q *Query) error) error {
	ctx, cancel := context.WithTimeout(ctx, db.readTimeout)
	defer cancel()
	return db.readLong(ctx, f)
}

// readLong is read without the timeout, for an operator's commands. On SQLite the write-ahead log grows meanwhile.
func (db *DB) readLong(ctx context.Context, f func(ctx context.Context, q *Query) error) error {
	if db.Postgres() {
		return db.readPostgres(ctx, f)
	}
	return db.readSQLite(ctx, false, f)
}

// readAfresh is readLong on a connection that was never read on. SQLite's full-text index, checked on a connection that has
// searched it before somebody else's commit, takes what it remembers for what there is, and reports a damage that is none.
func (db *DB) readAfresh(ctx context.Context, f func(ctx context.Context, q *Query) error) error {
	if db.Postgres() {
		return db.readPostgres(ctx, f)
	}
	return db.readSQLite(ctx, true, f)
}

// readOne runs f, which takes one statement that an index answers: such a one sees one moment by itself, outside a
// transaction, which is most of what so small a read costs. On SQLite it is not interrupted; on PostgreSQL f may run again,
// and then begins anew.
func (db *DB) readOne(ctx context.Context, f func(ctx context.Context, q *Query) error) error {
	if db.Postgres() {
		return db.readOnePostgres(ctx, f)
	}
	return db.withReader(ctx, false, func(q *Query) error { return f(context.WithoutCancel(ctx), q) })
}

// Ping answers an error where the database cannot be read.
func (db *DB) Ping(ctx context.Context) error {
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		var one int64
		return q.queryRow(ctx, `SELECT 1`).Scan(&one)
	})
	if err != nil {
		return fmt.Errorf("ping the database: %w", err)
	}
	return nil
}
