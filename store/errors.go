package store

import (
	"database/sql/driver"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// failure is what went wrong in a statement, the same word for both databases.
type failure int

const (
	failOther      failure = iota
	failUnique             // a UNIQUE constraint or primary key
	failForeignKey         // a row that is referred to is missing, or one that is still referred to goes
	failCheck              // CHECK or NOT NULL
	failImmutable          // a trigger that keeps rows from being changed
	failBusy               // another writer; the whole step may be tried again
	failMissing            // no such table: not migrated yet
	failLost               // the connection is gone
)

// failureOf names what err says, by the driver's code and never by its message.
func failureOf(err error) failure {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return sqliteFailure(e.Code())
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return postgresFailure(e.Code)
	}
	if errors.Is(err, driver.ErrBadConn) {
		return failLost
	}
	return failOther
}

func sqliteFailure(code int) failure {
	switch code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return failUnique
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return failForeignKey
	case sqlite3.SQLITE_CONSTRAINT_CHECK, sqlite3.SQLITE_CONSTRAINT_NOTNULL, sqlite3.SQLITE_CONSTRAINT_DATATYPE:
		return failCheck
	case sqlite3.SQLITE_CONSTRAINT_TRIGGER:
		return failImmutable
	}
	switch code & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return failBusy
	}
	return failOther
}

func postgresFailure(code string) failure {
	switch code {
	case "23505":
		return failUnique
	case "23503":
		return failForeignKey
	case "23514", "23502":
		return failCheck
	case "23001":
		return failImmutable
	case "40001", "40P01", "0A000": // the last: a statement that pgx keeps prepared has outlived a migration
		return failBusy
	case "42P01":
		return failMissing
	}
	return failOther
}

// isUnique says whether err is a UNIQUE constraint or a primary key that was already taken.
func isUnique(err error) bool { return failureOf(err) == failUnique }

// isImmutable says whether err is a row that refuses to be changed.
func isImmutable(err error) bool { return failureOf(err) == failImmutable }

// mayRetry says whether the whole step may be taken again: it lost a race, and nothing of it was kept.
func mayRetry(err error) bool { return failureOf(err) == failBusy || errors.Is(err, errRaced) }
