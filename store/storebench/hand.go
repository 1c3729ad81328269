package storebench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"

	"concordat/governance"
)

// Hand answers by hand from a filled database: each statement prepared once a connection, its rows written as JSON as
// they come.
type Hand struct {
	db        *sql.DB
	postgres  bool
	readers   chan *connection
	writing   sync.Mutex  // held for a whole write: SQLite has one writer, and here everybody has a commit of its own
	writer    *connection // guarded by writing
	documents sync.Map    // governance.Digest to governance.Document, as the store keeps them
}

// handSettings are SQLite's, the same as the store's writer's.
const handSettings = "?_txlock=immediate&_busy_timeout=10000&_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on" +
	"&_pragma=temp_store(memory)&_pragma=cache_size(-32000)&_pragma=wal_autocheckpoint(4000)"

// connection is a connection with its statements.
type connection struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
}

// NewHand opens the database at a store's address. The caller closes it.
func NewHand(ctx context.Context, address string) (*Hand, error) {
	db, err := open(ctx, address, handSettings)
	if err != nil {
		return nil, err
	}
	h := &Hand{db: db, postgres: !strings.HasPrefix(address, "file:")}
	places := max(2, runtime.NumCPU())
	if h.postgres {
		places = 32
	}
	h.readers = make(chan *connection, places)
	for range places {
		c, err := newConnection(ctx, db)
		if err != nil {
			return nil, errors.Join(err, db.Close())
		}
		h.readers <- c
	}
	h.writer, err = newConnection(ctx, db)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return h, nil
}

// Close closes every connection.
func (h *Hand) Close() error {
	connections := []*connection{h.writer}
	for range cap(h.readers) {
		connections = append(connections, <-h.readers)
	}
	var errs []error
	for _, c := range connections {
		for _, statement := range c.prepared {
			errs = append(errs, statement.Close())
		}
		errs = append(errs, c.conn.Close())
	}
	return errors.Join(append(errs, h.db.Close())...)
}

func newConnection(ctx context.Context, db *sql.DB) (*connection, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return &connection{conn: conn, prepared: map[string]*sql.Stmt{}}, nil
}

func (c *connection) statement(ctx context.Context, text string) (*sql.Stmt, error) {
	if statement, ok := c.prepared[text]; ok {
		return statement, nil
	}
	statement, err := c.conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	c.prepared[text] = statement
	return statement, nil
}

// each runs a statement and hands each row to scan.
func (c *connection) each(ctx context.Context, scan func(*sql.Rows) error, text string, args ...any) error {
	statement, err := c.statement(ctx, text)
	if err != nil {
		return err
	}
	rows, err := statement.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (c *connection) exec(ctx context.Context, text string, args ...any) error {
	statement, err := c.statement(ctx, text)
	if err != nil {
		return err
	}
	_, err = statement.ExecContext(ctx, args...)
	return err
}

// Specification appends to out what the viewer sees of a complete specification, as the API answers it. Errors are the
// database's, and sql.ErrNoRows where there is no such specification.
func (h *Hand) Specification(ctx context.Context, viewer governance.Actor, slug string, out []byte) ([]byte, error) {
	var c *connection
	select {
	case c = <-h.readers:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { h.readers <- c }()
	begin := "BEGIN"
	if h.postgres {
		begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
	}
	if _, err := c.conn.ExecContext(ctx, begin); err != nil {
		return nil, err
	}
	r := reading{connection: c, documents: &h.documents, viewer: viewer}
	err := r.specification(ctx, slug)
	if _, ended := c.conn.ExecContext(ctx, "ROLLBACK"); ended != nil {
		return nil, errors.Join(err, ended)
	}
	if err != nil {
		return nil, err
	}
	return r.append(out), nil
}
