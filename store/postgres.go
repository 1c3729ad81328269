package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"concordat/governance"
)

const (
	postgresConnections = 32
	postgresTries       = 8
	// postgresTimeout bounds one attempt of a step, lock waits included.
	postgresTimeout = 30 * time.Second
)

// errNotReplicated is a commit that PostgreSQL took without its standby: it may be lost with the machine, so it is not
// answered as done.
var errNotReplicated = errors.New("the commit was not replicated")

// openPostgres opens the pool and starts the sequencer and the listener.
func (db *DB) openPostgres(ctx context.Context) error {
	config, err := pgx.ParseConfig(db.url)
	if err != nil {
		return err
	}
	config.OnNotice = noteWarning
	db.pool = stdlib.OpenDB(*config)
	db.pool.SetMaxOpenConns(postgresConnections)
	db.pool.SetMaxIdleConns(postgresConnections)
	db.pool.SetConnMaxIdleTime(5 * time.Minute)
	if err := db.checkPostgres(ctx); err != nil {
		db.pool.Close()
		return err
	}
	db.sequencer = newSequencer(db)
	go db.sequencer.loop()
	db.watch.start(db)
	db.watch.listen(config.Copy()) // wakes the sequencer
	return nil
}

// checkPostgres refuses a server that sorts or stores texts otherwise than SQLite, or answers before it has stored.
func (db *DB) checkPostgres(ctx context.Context) error {
	var version int64
	var encoding, collation, commit string
	err := db.pool.QueryRowContext(ctx, `
		SELECT
			CAST(current_setting('server_version_num') AS BIGINT),
			pg_encoding_to_char(encoding),
			datcollate,
			current_setting('synchronous_commit')
		FROM pg_database
		WHERE datname = current_database()`).Scan(&version, &encoding, &collation, &commit)
	if err != nil {
		return err
	}
	switch {
	case version < 150000:
		return fmt.Errorf("PostgreSQL 15 or later is needed, this is %d", version/10000)
	case encoding != "UTF8" || collation != "C" && collation != "POSIX":
		return fmt.Errorf("the database has encoding %s and collation %s; make it with "+
			"CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'", encoding, collation)
	case commit == "off":
		return errors.New("synchronous_commit is off: answered writes would be lost at a crash")
	}
	return nil
}

// closePostgres waits for the steps under way, for their leaves and for the listener.
func (db *DB) closePostgres() error {
	db.gate.Lock()
	db.shut = true
	db.gate.Unlock()
	db.sequencer.close()
	db.watch.stop()
	return db.pool.Close()
}

// warned is where a connection remembers that the server warned of a commit without its standby.
const warned = "concordat.not-replicated"

// noteWarning remembers the warning 01000 on the connection that received it.
func noteWarning(conn *pgconn.PgConn, notice *pgconn.Notice) {
	if notice.Code == "01000" {
		conn.CustomData()[warned] = true
	}
}

// commitPostgres runs the job in a transaction of its own, READ COMMITTED with its roots locked, and again where it
// lost a race. Steps of this process on the same root come one after another.
func (db *DB) commitPostgres(ctx context.Context, j *job) (*Tx, error) {
	db.gate.RLock()
	defer db.gate.RUnlock()
	if db.shut {
		return nil, errClosed
	}
	waiting, cancel := context.WithTimeout(ctx, postgresTimeout)
	defer cancel()
	end, err := db.turns.take(waiting, j.roots)
	if err != nil {
		return nil, err
	}
	defer end()
	for try := 0; ; try++ {
		tx, err := db.tryPostgres(ctx, j)
		if err == nil {
			if tx.acts > 0 {
				db.sequencer.poke()
			}
			return tx, nil
		}
		if !mayRetry(err) || try == postgresTries || ctx.Err() != nil {
			return nil, err
		}
		wait(ctx, backoff(try))
	}
}

// beginPostgres takes a connection and begins a transaction on it. A connection that cannot is thrown away: its server
// is gone, or is a standby by now, and the next one leads to the new primary.
func (db *DB) beginPostgres(ctx context.Context, begin string) (*link, error) {
	for try := 0; ; try++ {
		l, err := newLink(ctx, db.pool, false)
		if err == nil {
			if _, err = l.exec(ctx, begin, nil); err == nil {
				return l, nil
			}
			l.discard()
		}
		if try == postgresTries || ctx.Err() != nil {
			return nil, fmt.Errorf("begin: %w", err)
		}
		wait(ctx, backoff(try))
	}
}

// tryPostgres runs the job once. Waiting for a connection ends with the request; what follows does not, for a request
// that goes away would break the connection.
func (db *DB) tryPostgres(request context.Context, j *job) (*Tx, error) {
	l, err := db.beginPostgres(request, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
	if err != nil {
		return nil, err
	}
	defer l.close()
	ctx, cancel := context.WithTimeout(context.Background(), postgresTimeout)
	defer cancel()
	log := newActLog(true)
	tx, err := db.attempt(ctx, l, log, j)
	if err == nil {
		err = log.write(ctx, l)
	}
	if err != nil {
		l.rollback()
		return nil, err
	}
	if err := l.commit(ctx); err != nil {
		l.rollback()
		return nil, fmt.Errorf("commit: %w", err)
	}
	return tx, nil
}

// commit ends the transaction and believes nothing but COMMIT without a warning.
func (l *link) commit(ctx context.Context) error {
	return l.conn.Raw(func(raw any) error {
		conn := raw.(*stdlib.Conn).Conn()
		data := conn.PgConn().CustomData()
		delete(data, warned)
		tag, err := conn.Exec(ctx, "COMMIT")
		if err != nil {
			return err
		}
		if tag.String() != "COMMIT" {
			return fmt.Errorf("the server answered %s", tag)
		}
		if data[warned] == true {
			return errNotReplicated
		}
		return nil
	})
}

// rollback leaves no transaction behind; a connection that cannot do that is closed.
func (l *link) rollback() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if _, err := l.exec(ctx, "ROLLBACK", nil); err != nil {
		l.discard()
	}
}

// lockRoots locks the step's roots in id order. On SQLite BEGIN IMMEDIATE has locked everything already,
// and a root that an earlier step of the group has touched is known to be there. A root that
// is not there is NOT_FOUND: deciding under a lock that was not had would be no decision.
func (db *DB) lockRoots(ctx context.Context, tx *Tx) error {
	for _, r := range tx.roots {
		if tx.log.touched[r] {
			continue
		}
		text := `SELECT id FROM ` + string(r.table) + ` WHERE id = $1`
		if db.Postgres() {
			text += ` FOR UPDATE`
		}
		found := false
		err := tx.query(ctx, func(scanner) error {
			found = true
			return nil
		}, text, r.id)
		if err != nil {
			return fmt.Errorf("lock %s %s: %w", r.table, r.id, err)
		}
		if !found {
			return governance.NotFound(r.noun(), r.id)
		}
	}
	return nil
}

// readPostgres runs f in one snapshot.
func (db *DB) readPostgres(ctx context.Context, f func(ctx context.Context, q *Query) error) error {
	l, err := db.beginPostgres(ctx, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
	if err != nil {
		return err
	}
	defer l.close()
	defer l.rollback()
	return f(ctx, &Query{now: db.now(), link: l, memory: &db.memory, told: db.statements})
}

// readOnePostgres runs f without a transaction, and again where its connection is lost: then its server is gone, or is a
// standby by now, as in beginPostgres.
func (db *DB) readOnePostgres(ctx context.Context, f func(ctx context.Context, q *Query) error) error {
	ctx, cancel := context.WithTimeout(ctx, db.readTimeout)
	defer cancel()
	for try := 0; ; try++ {
		lost := true
		l, err := newLink(ctx, db.pool, false)
		if err == nil {
			err = f(ctx, &Query{now: db.now(), link: l, memory: &db.memory, told: db.statements})
			if lost = l.lost(); lost {
				l.discard()
			} else if closed := l.close(); err == nil {
				err = closed
			}
		}
		if err == nil || !lost || try == postgresTries || ctx.Err() != nil {
			return err
		}
		wait(ctx, backoff(try))
	}
}

// lost says whether the connection to PostgreSQL is closed.
func (l *link) lost() bool {
	lost := true
	err := l.conn.Raw(func(raw any) error {
		lost = raw.(*stdlib.Conn).Conn().IsClosed()
		return nil
	})
	return lost || err != nil
}

// backoff is how long to wait before the next try: 5 ms doubled each time, up to 320 ms, with full jitter.
func backoff(try int) time.Duration {
	return time.Millisecond + rand.N(5*time.Millisecond<<min(try, 6))
}

// postgresSearch is sqliteSearch.
const postgresSearch = `
	SELECT id
	FROM (
		SELECT p.id, p.published_at, p.search_words
		FROM publications p
		WHERE p.search_words @@ to_tsquery('simple', $1) AND %s
		ORDER BY p.published_at DESC, p.id DESC
		LIMIT %d
	) AS newest
	ORDER BY ts_rank(search_words, to_tsquery('simple', $1)) DESC, published_at DESC, id DESC`

// postgresMatch is sqliteMatch.
func postgresMatch(words []string) string {
	return strings.Join(words, ":* & ") + ":*"
}

// postgresNeedSearch is sqliteNeedSearch.
const postgresNeedSearch = `
	SELECT id
	FROM (
		SELECT n.id, n.search_words
		FROM needs n
		WHERE n.search_words @@ to_tsquery('simple', $1)
		ORDER BY n.created_at DESC, n.id DESC
		LIMIT %d
	) AS newest
	ORDER BY ts_rank(search_words, to_tsquery('simple', $1)) DESC, id DESC
	LIMIT %d`

// postgresAnyOf is sqliteAnyOf.
func postgresAnyOf(stems []string) string {
	return strings.Join(stems, ":* | ") + ":*"
}
