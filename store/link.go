package store

import (
	"context"
	"database/sql"
	"fmt"
)

// preparedLimit is how many statements a connection keeps prepared. Lists of different lengths make texts of their
// own; past the limit all are dropped and prepared again as they come.
const preparedLimit = 1000

// link is one connection with the statements prepared on it. It belongs to one goroutine at a time.
type link struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt // nil on PostgreSQL, where pgx prepares and keeps statements by itself
	broken   bool                 // what state it is in is not known
}

// newLink takes a connection of the pool.
func newLink(ctx context.Context, pool *sql.DB, prepare bool) (*link, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	l := &link{conn: conn}
	if prepare {
		l.prepared = make(map[string]*sql.Stmt)
	}
	return l, nil
}

func (l *link) exec(ctx context.Context, text string, args []any) (sql.Result, error) {
	if l.prepared == nil {
		return l.conn.ExecContext(ctx, text, args...)
	}
	statement, err := l.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	return statement.ExecContext(ctx, args...)
}

func (l *link) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if l.prepared == nil {
		return l.conn.QueryContext(ctx, text, args...)
	}
	statement, err := l.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	return statement.QueryContext(ctx, args...)
}

// prepare answers the statement prepared for text on this connection.
func (l *link) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if statement, known := l.prepared[text]; known {
		return statement, nil
	}
	if len(l.prepared) >= preparedLimit {
		l.forget()
	}
	statement, err := l.conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	l.prepared[text] = statement
	return statement, nil
}

// forget drops the prepared statements.
func (l *link) forget() {
	for _, statement := range l.prepared {
		statement.Close()
	}
	clear(l.prepared)
}

// close hands the connection back to its pool.
func (l *link) close() error {
	l.forget()
	return l.conn.Close()
}

// discard closes the connection for good: what state it is in is not known.
func (l *link) discard() {
	l.forget()
	l.conn.Raw(func(any) error { return errBadLink })
	l.conn.Close()
}
