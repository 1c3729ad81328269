package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// What follows the file's name in each connection's address. The settings stand there and not in statements, because a
// PRAGMA by Exec reaches one pooled connection only. FULL, because NORMAL loses answered writes at a power cut.
const (
	sqliteSettings = "?_txlock=immediate&_busy_timeout=10000&_journal_mode=WAL&_synchronous=FULL" +
		"&_foreign_keys=on&_dqs=0&_defensive=1"
	sqliteReadOnly = "&_pragma=query_only(1)"
	// What a savepoint would need to roll back stays in memory: a temporary file for it costs a fifth of each step. The
	// writer keeps 32 MB of pages, and the write-ahead log 16 MB before it is copied into the file: a page that changes in
	// every group is then copied for a whole lot of them once.
	sqliteWriting   = "&_pragma=temp_store(memory)&_pragma=cache_size(-32000)&_pragma=wal_autocheckpoint(4000)"
	sqliteMigrating = "?_txlock=immediate&_busy_timeout=10000&_journal_mode=WAL&_synchronous=FULL" +
		"&_foreign_keys=off&_dqs=0&_defensive=1"
)

// openSQLite opens the writer and the read pool.
func (db *DB) openSQLite(ctx context.Context) error {
	if strings.Contains(db.url, "?") || db.url == "file:" || strings.Contains(db.url, ":memory:") {
		return errors.New(`a SQLite address is "file:" and the path of a file, without parameters`)
	}
	writer, err := sql.Open("sqlite", db.url+sqliteSettings+sqliteWriting)
	if err != nil {
		return err
	}
	writer.SetMaxOpenConns(1)
	group := newGroup(db, writer)
	if err := group.open(ctx); err != nil {
		writer.Close()
		return err
	}
	if err := db.checkSQLite(ctx, group.link); err != nil {
		return errors.Join(err, group.link.close(), writer.Close())
	}
	db.files, err = sql.Open("sqlite", db.url+sqliteSettings+sqliteReadOnly)
	if err != nil {
		return errors.Join(err, group.link.close(), writer.Close())
	}
	places := max(2, runtime.NumCPU())
	db.files.SetMaxOpenConns(places)
	db.readers = make(chan *link, places)
	for range places {
		db.readers <- nil
	}
	db.group = group
	go group.loop()
	db.watch.start(db)
	return nil
}

// checkSQLite refuses a connection that did not take its settings: a file system without locks or shared memory gives
// no WAL.
func (db *DB) checkSQLite(ctx context.Context, l *link) error {
	wanted := []struct{ pragma, value string }{
		{"journal_mode", "wal"},
		{"synchronous", "2"},
		{"foreign_keys", "1"},
		{"busy_timeout", "10000"},
		{"encoding", "UTF-8"},
	}
	for _, w := range wanted {
		var value string
		if err := l.conn.QueryRowContext(ctx, "PRAGMA "+w.pragma).Scan(&value); err != nil {
			return fmt.Errorf("read %s: %w", w.pragma, err)
		}
		if value != w.value {
			return fmt.Errorf("%s is %s where %s is needed", w.pragma, value, w.value)
		}
	}
	return nil
}

// closeSQLite waits for the steps that were accepted and for the reads.
func (db *DB) closeSQLite() error {
	db.watch.stop()
	errs := []error{db.group.close()}
	for range cap(db.readers) {
		if reader := <-db.readers; reader != nil {
			errs = append(errs, reader.close())
		}
	}
	close(db.readers)
	return errors.Join(append(errs, db.files.Close())...)
}

// readSQLite runs f in one deferred transaction of a connection of the read pool; afresh of one that was never read on.
func (db *DB) readSQLite(ctx context.Context, afresh bool, f func(ctx context.Context, q *Query) error) error {
	return db.withReader(ctx, afresh, func(q *Query) error {
		// Only the statements of f end with ctx: BEGIN and ROLLBACK are instant, and must not be left half done.
		if _, err := q.link.exec(context.Background(), "BEGIN", nil); err != nil {
			q.link.broken = true
			return err
		}
		defer func() {
			if _, err := q.link.exec(context.Background(), "ROLLBACK", nil); err != nil {
				q.link.broken = true
			}
		}()
		return f(ctx, q)
	})
}

// withReader runs f with a connection of the read pool, once one is free; afresh with a new one in its place. One that is
// broken after it is thrown away.
func (db *DB) withReader(ctx context.Context, afresh bool, f func(q *Query) error) error {
	var reader *link
	select {
	case taken, open := <-db.readers:
		if !open {
			return errClosed
		}
		reader = taken
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { db.readers <- reader }()
	if afresh && reader != nil {
		reader.discard()
		reader = nil
	}
	if reader == nil {
		fresh, err := newLink(ctx, db.files, true)
		if err != nil {
			return err
		}
		reader = fresh
	}
	defer func() {
		if reader.broken {
			reader.discard()
			reader = nil
		}
	}()
	return f(&Query{now: db.now(), link: reader, memory: &db.memory, told: db.statements})
}

// sqlitePath is the file that the address names.
func (db *DB) sqlitePath() string { return strings.TrimPrefix(db.url, "file:") }

func (db *DB) measureSQLite() (Measures, error) {
	m := Measures{
		Head: db.watch.head(), Groups: db.group.groups.Load(), Steps: db.group.steps.Load(),
		Replays: db.group.replays.Load(),
	}
	info, err := os.Stat(db.sqlitePath() + "-wal")
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return m, fmt.Errorf("measure the write-ahead log: %w", err)
	}
	m.WALBytes = info.Size()
	return m, nil
}

// sqliteSearch ranks the newest publications that match $1; a condition on "p" and a limit are written in. A word in the
// title counts ten times.
const sqliteSearch = `
	SELECT id
	FROM (
		SELECT p.id, p.published_at, bm25(publications_search, 0.0, 10.0, 1.0) AS score
		FROM publications_search
		JOIN publications p ON p.id = publications_search.publication_id
		WHERE publications_search MATCH $1 AND %s
		ORDER BY publications_search.rowid DESC
		LIMIT %d
	)
	ORDER BY score, published_at DESC, id DESC`

// sqliteMatch looks for publications with every word, each also as the beginning of a longer one.
func sqliteMatch(words []string) string {
	return `"` + strings.Join(words, `"* AND "`) + `"*`
}

// sqliteNeedSearch ranks the newest needs that match $1 and answers the best; two limits are written in.
const sqliteNeedSearch = `
	SELECT need_id
	FROM (
		SELECT need_id, rowid AS place, bm25(needs_search, 0.0, 4.0, 1.0) AS score
		FROM needs_search
		WHERE needs_search MATCH $1
		ORDER BY rowid DESC
		LIMIT %d
	)
	ORDER BY score, place DESC
	LIMIT %d`

// sqliteAnyOf looks for needs with any word that begins in one of these ways.
func sqliteAnyOf(stems []string) string {
	return `{title body} : ("` + strings.Join(stems, `"* OR "`) + `"*)`
}

// overwrite says whether what is erased from here on is overwritten in the file, too: SQLite else leaves it where it stood
// until the space is used again. PostgreSQL has no such setting; there a vacuum clears it.
func (tx *Tx) overwrite(ctx context.Context, really bool) error {
	if tx.db.Postgres() {
		return nil
	}
	text := `PRAGMA secure_delete = OFF`
	if really {
		text = `PRAGMA secure_delete = ON`
	}
	return tx.query(ctx, func(scanner) error { return nil }, text)
}
