package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Config says where the data is and what the store takes from outside.
type Config struct {
	// URL is "file:/path/concordat.db" for SQLite (a "?" in the path stands as %3f), or a PostgreSQL connection string
	// "postgres://user@host1,host2/name?target_session_attrs=read-write".
	URL string
	// Clock tells the time; nil: the machine's.
	Clock func() time.Time
	// Random is where ids and salts come from; nil: crypto/rand. It is read under a lock.
	Random io.Reader
	// Log is told what an operator should know; nil: nobody.
	Log *slog.Logger
	// ReadTimeout bounds each read; zero: 10 s.
	ReadTimeout time.Duration
	// GroupLimit is how many steps share one commit on SQLite at most; zero: 256. One is for measuring what sharing brings.
	GroupLimit int
	// PublicCommentsPerHour is how often somebody who speaks for nobody comments or suggests in an hour; zero or less: no bound.
	PublicCommentsPerHour int
	// Statements is told the text of each statement that a read or a step runs, from any goroutine, but not of those that
	// follow the log's head by the clock: tests count them. Nil: nobody is told.
	Statements func(text string)
}

// DB is an open database. Its methods may be called from any goroutine.
type DB struct {
	url         string
	clock       func() time.Time
	log         *slog.Logger
	readTimeout time.Duration
	groupLimit  int
	statements  func(text string) // told each statement; nil: nobody

	publicCommentsPerHour int // of somebody who speaks for nobody; not positive: no bound

	drawing    sync.Mutex // guards the next three: held while a step's now, count and seed are drawn
	random     io.Reader
	drawnAt    time.Time // the last step's now
	drawnSteps uint32    // steps before it with the same now

	signing Signing // set before the first step

	watch  *watch
	memory memory
	steps  atomic.Uint64 // that this process committed

	closing sync.Once // guards closed
	closed  error

	// SQLite only.
	group   *group     // the one writer
	readers chan *link // the read pool: one place a core, nil in a place that is not connected yet
	files   *sql.DB    // opens the read pool's connections

	// PostgreSQL only.
	pool      *sql.DB
	sequencer *sequencer
	turns     turns        // of the steps of this process, so that they wait without a connection
	gate      sync.RWMutex // read-held by each step for its whole time; Close holds it, once no step is under way
	shut      bool         // guarded by gate
}

// Open opens the database and checks its settings; a database that could lose answered writes is refused. It does not
// migrate. The caller closes it.
func Open(ctx context.Context, c Config) (*DB, error) {
	db := &DB{
		url: c.URL, clock: c.Clock, log: c.Log, random: c.Random, readTimeout: c.ReadTimeout, groupLimit: c.GroupLimit,
		statements: c.Statements,
	}
	db.publicCommentsPerHour = c.PublicCommentsPerHour
	if db.clock == nil {
		db.clock = time.Now
	}
	if db.random == nil {
		db.random = rand.Reader
	}
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	if db.readTimeout == 0 {
		db.readTimeout = 10 * time.Second
	}
	if db.groupLimit == 0 {
		db.groupLimit = defaultGroup
	}
	db.memory.documents = newDocuments()
	db.watch = newWatch()
	if err := db.open(ctx); err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return db, nil
}

func (db *DB) open(ctx context.Context) error {
	switch {
	case strings.HasPrefix(db.url, "file:"):
		return db.openSQLite(ctx)
	case strings.HasPrefix(db.url, "postgres://"), strings.HasPrefix(db.url, "postgresql://"):
		return db.openPostgres(ctx)
	}
	return errors.New(`the address must begin with "file:" or "postgres://"`)
}

// Postgres says whether the database is PostgreSQL, and not SQLite.
func (db *DB) Postgres() bool { return db.pool != nil }

// Close takes no more steps, waits for those that were accepted and for the log, and closes every connection. A second
// Close answers what the first one did.
func (db *DB) Close() error {
	db.closing.Do(func() {
		if db.Postgres() {
			db.closed = db.closePostgres()
			return
		}
		db.closed = db.closeSQLite()
	})
	return db.closed
}

// errClosed is a step that came after Close.
var errClosed = errors.New("the database is closed")

// errBadLink makes database/sql throw a connection away.
var errBadLink = driver.ErrBadConn

// Measures are figures for an operator's dashboard.
type Measures struct {
	Head     int64 // number of the newest leaf, -1 where there is none
	WALBytes int64 // of SQLite's write-ahead log
	Groups   int64 // group commits so far
	Steps    int64 // steps that were in them
	Replays  int64 // groups that were stopped and replayed step by step
	Queued   int64 // acts without a leaf, on PostgreSQL
}

// Measures reads the figures.
func (db *DB) Measures(ctx context.Context) (Measures, error) {
	if db.Postgres() {
		m := Measures{Head: db.watch.head()}
		err := db.read(ctx, func(ctx context.Context, q *Query) error {
			return q.queryRow(ctx, `SELECT count(*) FROM act_queue`).Scan(&m.Queued)
		})
		return m, err
	}
	return db.measureSQLite()
}
