package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// errBackupPostgres says what to use instead.
var errBackupPostgres = errors.New("a PostgreSQL database is backed up with its own tools: pg_dump, or pg_basebackup " +
	"with archived WAL")

// Backup writes a copy of the SQLite database to path while steps go on, proves that it is whole, and only then gives it
// its name. A file that is already there is never overwritten. The copy is of one moment, between the call and the
// answer.
func (db *DB) Backup(ctx context.Context, path string) error {
	if err := db.backup(ctx, path); err != nil {
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	return nil
}

func (db *DB) backup(ctx context.Context, path string) error {
	if db.Postgres() {
		return errBackupPostgres
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(fs.ErrExist, err)
	}
	partial := path + ".partial"
	if err := os.Remove(partial); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := db.copyTo(ctx, partial); err != nil {
		return errors.Join(err, os.Remove(partial))
	}
	if err := syncFile(partial); err != nil {
		return err
	}
	if err := os.Rename(partial, path); err != nil {
		return err
	}
	return syncFile(filepath.Dir(path))
}

// copyTo copies and compares. VACUUM INTO reads one snapshot on a connection of its own, which must not be query_only;
// a copy by small steps starts again at every write, and one that was cut off passes the integrity check.
func (db *DB) copyTo(ctx context.Context, path string) error {
	before, err := db.tally(ctx)
	if err != nil {
		return err
	}
	own, err := sql.Open("sqlite", db.url+sqliteSettings)
	if err != nil {
		return err
	}
	_, err = own.ExecContext(ctx, `VACUUM INTO $1`, path)
	if err = errors.Join(err, own.Close()); err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	after, err := db.tally(ctx)
	if err != nil {
		return err
	}
	return compareCopy(ctx, path, before, after)
}

// compareCopy opens the copy, checks it as Check does, and finds in each table as many rows as the original had before
// or after the copy was made, or a number in between.
func compareCopy(ctx context.Context, path string, before, after map[string]int64) error {
	copied, err := Open(ctx, Config{URL: "file:" + escapePath(path)})
	if err != nil {
		return fmt.Errorf("open the copy: %w", err)
	}
	problems, err := copied.Check(ctx)
	counts, countErr := copied.tally(ctx)
	if err := errors.Join(err, countErr, copied.Close()); err != nil {
		return fmt.Errorf("check the copy: %w", err)
	}
	for _, problem := range problems {
		err = errors.Join(err, errors.New(problem.String()))
	}
	for _, table := range sortedKeys(before) {
		low, high := min(before[table], after[table]), max(before[table], after[table])
		if n, there := counts[table]; !there || n < low || n > high {
			err = errors.Join(err, fmt.Errorf("%s has %d rows in the copy, %d before it and %d after", table, n, before[table],
				after[table]))
		}
	}
	return err
}

// logHead stands among the tables' counts for the number of the newest leaf.
const logHead = "the log's head"

// tally counts the rows of every table, and the log's head, in one snapshot. Tables that full-text search keeps for
// itself are left out.
func (db *DB) tally(ctx context.Context) (map[string]int64, error) {
	counts := make(map[string]int64)
	err := db.readLong(ctx, func(ctx context.Context, q *Query) error {
		tables, err := collect(ctx, q, scanText, `
			SELECT name
			FROM pragma_table_list
			WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'`)
		if err != nil {
			return err
		}
		for _, table := range tables {
			var n int64
			if err := q.queryRow(ctx, `SELECT count(*) FROM "`+strings.ReplaceAll(table, `"`, `""`)+`"`).Scan(&n); err != nil {
				return err
			}
			counts[table] = n
		}
		var head int64
		err = q.queryRow(ctx, `SELECT COALESCE(MAX(number), -1) FROM leaves`).Scan(&head)
		counts[logHead] = head
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count the rows: %w", err)
	}
	return counts, nil
}

func scanText(row scanner) (string, error) {
	var text string
	err := row.Scan(&text)
	return text, err
}

// escapePath writes a path so that SQLite's address means it and nothing else.
func escapePath(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

// syncFile asks the disk to keep a file or a folder.
func syncFile(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
