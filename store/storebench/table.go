package storebench

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// batchRows is how many rows one INSERT takes.
const batchRows = 40

// table gathers rows and inserts them a batch at a time.
type table struct {
	name    string
	columns []string
	pending []any
	full    *sql.Stmt // a batch of batchRows
}

// newTable names the columns by their list: "id, slug, title".
func newTable(name, columns string) *table {
	return &table{name: name, columns: strings.Split(columns, ", ")}
}

// text is the statement that inserts so many rows.
func (t *table) text(rows int) string {
	var text strings.Builder
	text.WriteString("INSERT INTO " + t.name + " (" + strings.Join(t.columns, ", ") + ") VALUES ")
	for row := range rows {
		if row > 0 {
			text.WriteString(", ")
		}
		opening := "("
		for column := range t.columns {
			fmt.Fprintf(&text, "%s$%d", opening, row*len(t.columns)+column+1)
			opening = ", "
		}
		text.WriteString(")")
	}
	return text.String()
}

// add takes one row.
func (t *table) add(values ...any) {
	if len(values) != len(t.columns) {
		panic(fmt.Sprintf("%s has %d columns, not %d", t.name, len(t.columns), len(values)))
	}
	t.pending = append(t.pending, values...)
}

// write inserts the full batches, or everything where all is true.
func (t *table) write(ctx context.Context, tx *sql.Tx, all bool) error {
	size := batchRows * len(t.columns)
	for len(t.pending) >= size {
		if t.full == nil {
			var err error
			if t.full, err = tx.PrepareContext(ctx, t.text(batchRows)); err != nil {
				return fmt.Errorf("fill %s: %w", t.name, err)
			}
		}
		if _, err := t.full.ExecContext(ctx, t.pending[:size]...); err != nil {
			return fmt.Errorf("fill %s: %w", t.name, err)
		}
		t.pending = t.pending[size:]
	}
	if !all || len(t.pending) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, t.text(len(t.pending)/len(t.columns)), t.pending...)
	if err != nil {
		return fmt.Errorf("fill %s: %w", t.name, err)
	}
	t.pending = nil
	return nil
}
