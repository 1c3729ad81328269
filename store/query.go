package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"
)

// Query reads in one transaction. Load functions are its methods, so that they serve reads and steps alike: a Tx is a
// Query that may also write. It belongs to one goroutine.
type Query struct {
	now    time.Time // of the injected clock, in microseconds
	link   *link
	log    *actLog           // of the transaction; nil in a read
	memory *memory           // the store's; nil where nothing is parsed
	told   func(text string) // told each statement; nil: nobody
	wrote  bool              // whether a statement was more than a SELECT
	failed error             // the first statement that failed; after it the transaction cannot be trusted and takes no more
}

// scanner is a row that is ready to be read: the parameter of every scanX.
type scanner interface {
	Scan(dest ...any) error
}

// errFailed is what a statement after a failed one answers.
var errFailed = errors.New("a statement of this transaction has failed")

// collect runs a statement and reads every row with scan before it returns.
func collect[T any](ctx context.Context, q *Query, scan func(scanner) (T, error), text string, args ...any) ([]T, error) {
	var all []T
	err := q.query(ctx, func(row scanner) error {
		one, err := scan(row)
		if err != nil {
			return err
		}
		all = append(all, one)
		return nil
	}, text, args...)
	return all, err
}

// query runs a statement and hands each row to each. Rows are read to the end, or to the first error, before query
// returns; each must not run another statement.
func (q *Query) query(ctx context.Context, each func(row scanner) error, text string, args ...any) error {
	bound, err := q.bind(args)
	if err != nil {
		return err
	}
	if err := q.note(ctx, text); err != nil {
		return err
	}
	rows, err := q.link.query(ctx, text, bound)
	if err != nil {
		return q.fail(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	return q.fail(errors.Join(rows.Err(), rows.Close()))
}

// queryRow prepares to read the one row of a statement; Scan runs it. No row is sql.ErrNoRows.
func (q *Query) queryRow(ctx context.Context, text string, args ...any) row {
	return row{ctx: ctx, q: q, text: text, args: args}
}

// row is a statement that answers one row, run by Scan.
type row struct {
	ctx  context.Context
	q    *Query
	text string
	args []any
}

// Scan runs the statement and reads its first row into dest.
func (r row) Scan(dest ...any) error {
	found := false
	err := r.q.query(r.ctx, func(row scanner) error {
		if found {
			return nil
		}
		found = true
		return row.Scan(dest...)
	}, r.text, r.args...)
	if err == nil && !found {
		return sql.ErrNoRows
	}
	return err
}

// exec runs a statement that answers no rows and says how many it changed.
func (tx *Tx) exec(ctx context.Context, text string, args ...any) (int64, error) {
	bound, err := tx.bind(args)
	if err != nil {
		return 0, err
	}
	if err := tx.note(ctx, text); err != nil {
		return 0, err
	}
	result, err := tx.link.exec(ctx, text, bound)
	if err != nil {
		return 0, tx.fail(err)
	}
	return result.RowsAffected()
}

// note takes down that a statement is run, and writes the acts that wait before one that may read them.
func (q *Query) note(ctx context.Context, text string) error {
	q.wrote = q.wrote || !strings.HasPrefix(strings.TrimLeft(text, " \t\n"), "SELECT")
	if q.told != nil {
		q.told(text)
	}
	if q.log == nil || len(q.log.waiting) == 0 || !readsActs(text) {
		return nil
	}
	return q.fail(q.log.write(ctx, q.link))
}

// fail remembers the first error of the database.
func (q *Query) fail(err error) error {
	if err != nil && q.failed == nil {
		q.failed = err
	}
	return err
}

// bind makes parameters that both databases take: texts without NUL and in valid UTF-8, times as text, booleans as 0
// and 1.
func (q *Query) bind(args []any) ([]any, error) {
	if q.failed != nil {
		return nil, fmt.Errorf("%w: %w", errFailed, q.failed)
	}
	bound := make([]any, len(args))
	for i, arg := range args {
		value, err := bindOne(arg)
		if err != nil {
			return nil, fmt.Errorf("parameter %d: %w", i+1, err)
		}
		bound[i] = value
	}
	return bound, nil
}

func bindOne(arg any) (any, error) {
	switch v := arg.(type) {
	case nil, []byte, int64:
		return v, nil
	case string:
		return v, checkText(v)
	case int:
		return int64(v), nil
	case bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	case time.Time:
		if v.IsZero() {
			return nil, nil
		}
		return formatTime(v), nil
	}
	return bindByKind(reflect.ValueOf(arg))
}

// bindByKind binds named texts and integers, and pointers to what can be bound.
func bindByKind(v reflect.Value) (any, error) {
	switch v.Kind() {
	case reflect.String:
		return v.String(), checkText(v.String())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int(), nil
	case reflect.Pointer:
		if v.IsNil() {
			return nil, nil
		}
		return bindOne(v.Elem().Interface())
	}
	return nil, fmt.Errorf("a %s cannot be bound", v.Type())
}

// errText is a text that PostgreSQL would refuse and SQLite would cut or keep.
var errText = errors.New("a text holds NUL or is not valid UTF-8")

func checkText(text string) error {
	if strings.IndexByte(text, 0) >= 0 || !utf8.ValidString(text) {
		return errText
	}
	return nil
}

// placeholders writes "$from, $from+1, …" for n parameters, for lists of at most 500 in an IN.
func placeholders(from, n int) string {
	var list strings.Builder
	for i := range n {
		if i > 0 {
			list.WriteString(", ")
		}
		fmt.Fprintf(&list, "$%d", from+i)
	}
	return list.String()
}
