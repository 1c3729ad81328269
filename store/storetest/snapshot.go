package storetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Snapshot is a database at rest, of which copies are made: the bytes of a SQLite file, or the name of a database on
// the PostgreSQL server. It may be copied from any goroutine.
type Snapshot struct {
	kind  string
	bytes []byte
	name  string
	admin string
}

// Freeze makes a Snapshot of the database at address, which nobody may have open. On PostgreSQL it is that database
// itself: it is not to be opened again.
func Freeze(t testing.TB, address string) Snapshot {
	t.Helper()
	if path, ok := strings.CutPrefix(address, "file:"); ok {
		file, err := os.ReadFile(path)
		require.NoError(t, err)
		return Snapshot{kind: SQLite, bytes: file}
	}
	return Snapshot{kind: Postgres, name: databaseOf(address), admin: os.Getenv(Env)}
}

// Copy makes a fresh copy and answers its address and what removes it again.
func (s Snapshot) Copy(t testing.TB) (address string, remove func()) {
	t.Helper()
	if s.kind == SQLite {
		path := filepath.Join(t.TempDir(), "copy.db")
		require.NoError(t, os.WriteFile(path, s.bytes, 0o600))
		return "file:" + path, func() {
			for _, suffix := range []string{"", "-wal", "-shm"} {
				_ = os.Remove(path + suffix) // what is left goes with the test's directory
			}
		}
	}
	name := "concordat_test_" + fresh()
	require.NoError(t, command(s.admin, `CREATE DATABASE `+name+` TEMPLATE `+s.name))
	drop := func() {
		if err := command(s.admin, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`); err != nil {
			t.Errorf("drop the database %s: %v", name, err)
		}
	}
	t.Cleanup(drop)
	return WithDatabase(s.admin, name), drop
}

func databaseOf(address string) string {
	_, name, _ := strings.Cut(strings.TrimPrefix(address, "postgres://"), "/")
	name, _, _ = strings.Cut(name, "?")
	return name
}

// Exec changes the database at address beside the store: for states that no step of the process reaches yet, and for
// rows that no step would write.
func Exec(t testing.TB, address, text string, args ...any) {
	t.Helper()
	db := plain(t, address)
	defer db.Close()
	_, err := db.ExecContext(context.Background(), text, args...)
	require.NoError(t, err, text)
}

// Changed names the tables that differ between the snapshot and a copy of it, which nobody has open: none means that
// nothing was left behind.
func (s Snapshot) Changed(t testing.TB, address string) []string {
	t.Helper()
	if path, ok := strings.CutPrefix(address, "file:"); ok {
		now, err := os.ReadFile(path)
		require.NoError(t, err)
		if bytes.Equal(now, s.bytes) {
			return nil
		}
	}
	original, remove := s.Copy(t)
	defer remove()
	before, after := contents(t, original), contents(t, address)
	var changed []string
	for _, table := range slices.Sorted(maps.Keys(after)) {
		if before[table] != after[table] {
			changed = append(changed, table+": "+before[table]+" became "+after[table])
		}
	}
	return changed
}

// contents names the tables of the database at address, with a digest of all their rows.
func contents(t testing.TB, address string) map[string]string {
	t.Helper()
	db := plain(t, address)
	defer db.Close()
	contents := map[string]string{}
	for _, table := range tablesOf(t, db) {
		contents[table] = digestOf(t, db, table)
	}
	return contents
}

// plain opens the database without the store.
func plain(t testing.TB, address string) *sql.DB {
	t.Helper()
	driver, source := "pgx", address
	if strings.HasPrefix(address, "file:") {
		driver, source = "sqlite", address+"?_busy_timeout=10000&_foreign_keys=on"
	}
	db, err := sql.Open(driver, source)
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	return db
}

func tablesOf(t testing.TB, db *sql.DB) []string {
	t.Helper()
	text := `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name`
	rows, err := db.QueryContext(context.Background(), text)
	if err != nil {
		rows, err = db.QueryContext(context.Background(),
			`SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name`)
	}
	require.NoError(t, err)
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var table string
		require.NoError(t, rows.Scan(&table))
		tables = append(tables, table)
	}
	require.NoError(t, rows.Err())
	return tables
}

// digestOf digests a table's rows, each as it is printed, in an order that their content gives.
func digestOf(t testing.TB, db *sql.DB, table string) string {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), `SELECT * FROM `+table)
	require.NoError(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	require.NoError(t, err)
	var sum [sha256.Size]byte
	count := 0
	for rows.Next() {
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		require.NoError(t, rows.Scan(targets...))
		row := sha256.Sum256(fmt.Appendf(nil, "%v", values))
		for i := range sum { // the sum of the rows' digests does not depend on their order
			sum[i] += row[i]
		}
		count++
	}
	require.NoError(t, rows.Err())
	return fmt.Sprintf("%d rows %s", count, hex.EncodeToString(sum[:8]))
}
