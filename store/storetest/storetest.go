// Package storetest opens real databases for tests: a SQLite file, and a PostgreSQL database of its own on the server
// that CONCORDAT_TEST_POSTGRES names. Every database is migrated, has a clock that stands still until it is moved, and
// draws its randomness from a seed that a failing test prints. It is for tests only.
package storetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"concordat/migrations"
	"concordat/store"
)

// The kinds of database.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Kinds lists every kind of database.
var Kinds = []string{SQLite, Postgres}

// Env names the variable that holds the address of a PostgreSQL 15+ server on which the tests may make and drop
// databases: postgres://postgres@127.0.0.1:5432/postgres.
const Env = "CONCORDAT_TEST_POSTGRES"

// SeedEnv names the variable that repeats a run with the seed it printed.
const SeedEnv = "CONCORDAT_TEST_SEED"

// Start is what a test's clock shows at first: a Monday morning in the middle of nothing.
var Start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// On runs f as a sub-test for every kind of database, all at once, and comes back when all have ended. The test that
// calls it runs beside the others that do: most of a test is waiting for a disk or for a server.
func On(t *testing.T, f func(t *testing.T, kind string)) {
	t.Helper()
	if _, before := beside.LoadOrStore(t, true); !before {
		t.Parallel()
		t.Cleanup(func() { beside.Delete(t) })
	}
	t.Run("on", func(t *testing.T) {
		for _, kind := range Kinds {
			t.Run(kind, func(t *testing.T) {
				t.Parallel()
				f(t, kind)
			})
		}
	})
}

// beside holds the tests that run beside others.
var beside sync.Map // of *testing.T

// Each is On with a database of that kind.
func Each(t *testing.T, f func(t *testing.T, db *store.DB)) {
	t.Helper()
	On(t, func(t *testing.T, kind string) { f(t, Open(t, kind)) })
}

// Open opens a fresh, migrated database with a clock that stands at Start. It is closed and dropped when the test ends.
// The test is skipped where kind is Postgres and no server is named.
func Open(t testing.TB, kind string) *store.DB {
	t.Helper()
	return OpenWith(t, store.Config{URL: URL(t, kind)})
}

// OpenAt is Open with a clock that the test moves.
func OpenAt(t testing.TB, kind string, clock *Clock) *store.DB {
	t.Helper()
	return OpenWith(t, store.Config{URL: URL(t, kind), Clock: clock.Now})
}

// OpenWith opens the database at c.URL, migrated. What c leaves out is a clock at Start, seeded randomness and a log
// that is shown with the test's output.
func OpenWith(t testing.TB, c store.Config) *store.DB {
	t.Helper()
	if c.Clock == nil {
		c.Clock = NewClock().Now
	}
	if c.Random == nil {
		c.Random = Random(t)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.NewTextHandler(testLog{t}, nil))
	}
	db, err := store.Open(t.Context(), c)
	require.NoError(t, err, "open the database")
	t.Cleanup(func() { require.NoError(t, db.Close(), "close the database") })
	require.NoError(t, db.Migrate(t.Context()))
	return db
}

// URL makes a fresh database and answers its address. A PostgreSQL database is a copy of a migrated template; a SQLite
// file is a copy of one as well.
func URL(t testing.TB, kind string) string {
	t.Helper()
	switch kind {
	case SQLite:
		path := filepath.Join(t.TempDir(), "concordat.db")
		require.NoError(t, os.WriteFile(path, sqliteTemplate(t), 0o600))
		return "file:" + path
	case Postgres:
		admin := os.Getenv(Env)
		if admin == "" {
			t.Skipf("%s is not set: no PostgreSQL server to test on", Env)
		}
		return postgresCopy(t, admin)
	}
	t.Fatalf("there is no kind of database called %q", kind)
	return ""
}

var template struct {
	sync.Once
	bytes []byte
	err   error
}

// sqliteTemplate is a migrated file, made once a process.
func sqliteTemplate(t testing.TB) []byte {
	t.Helper()
	template.Do(func() { template.bytes, template.err = makeSQLiteTemplate() })
	require.NoError(t, template.err, "make the migrated file")
	return template.bytes
}

func makeSQLiteTemplate() ([]byte, error) {
	dir, err := os.MkdirTemp("", "concordat-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	if err := migrateAt("file:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // the last connection has folded the write-ahead log into it
}

func migrateAt(address string) error {
	ctx := context.Background()
	db, err := store.Open(ctx, store.Config{URL: address})
	if err != nil {
		return err
	}
	if err := db.Migrate(ctx); err != nil {
		db.Close()
		return err
	}
	return db.Close()
}

var postgresTemplate struct {
	sync.Once
	name string
	err  error
}

// postgresCopy copies the migrated template and drops the copy when the test ends.
func postgresCopy(t testing.TB, admin string) string {
	t.Helper()
	postgresTemplate.Do(func() { postgresTemplate.name, postgresTemplate.err = makePostgresTemplate(admin) })
	require.NoError(t, postgresTemplate.err, "make the migrated template")
	name := "concordat_test_" + fresh()
	require.NoError(t, command(admin, `CREATE DATABASE `+name+` TEMPLATE `+postgresTemplate.name))
	t.Cleanup(func() {
		if err := command(admin, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`); err != nil {
			t.Errorf("drop the database %s: %v", name, err)
		}
	})
	return WithDatabase(admin, name)
}

// makePostgresTemplate finds or makes the migrated database that stands for these migrations. It stays on the server,
// so that only the first of many test processes waits for it.
func makePostgresTemplate(admin string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return "", fmt.Errorf("connect to %s: %w", Env, err)
	}
	defer conn.Close(ctx) // gives the lock back
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, templateLock); err != nil {
		return "", err
	}
	name, err := templateName()
	if err != nil {
		return "", err
	}
	var there bool
	err = conn.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)`, name).Scan(&there)
	if err != nil || there {
		return name, err
	}
	building := "concordat_building_" + fresh()
	_, err = conn.Exec(ctx, `CREATE DATABASE `+building+
		` TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`)
	if err != nil {
		return "", err
	}
	if err := migrateAt(WithDatabase(admin, building)); err != nil {
		_, dropped := conn.Exec(ctx, `DROP DATABASE `+building+` WITH (FORCE)`)
		return "", errors.Join(err, dropped)
	}
	_, err = conn.Exec(ctx, `ALTER DATABASE `+building+` RENAME TO `+name)
	return name, err
}

// templateLock is the advisory lock under which a template is made.
const templateLock = 0x74656d706c617465

// templateName says which migrations a template holds.
func templateName() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(migrations.Postgres, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(migrations.Postgres, path)
		fmt.Fprintf(sum, "%s %d\n%s", path, len(text), text)
		return err
	})
	return "concordat_template_" + hex.EncodeToString(sum.Sum(nil)[:8]), err
}

// fresh is a name that no other process draws.
func fresh() string { return strconv.FormatUint(rand.Uint64(), 36) }

// WithDatabase is the address of another database on the same server.
func WithDatabase(admin, name string) string {
	address, err := url.Parse(admin)
	if err != nil {
		return admin // store.Open says what is wrong with it
	}
	address.Path = "/" + name
	return address.String()
}

// command runs one statement on the server. Copying a template waits while another copy is being made of it.
func command(admin, text string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return fmt.Errorf("connect to %s: %w", Env, err)
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, text)
	return err
}

// Clock is a clock that stands still until it is moved. It may be read and moved from any goroutine.
type Clock struct {
	mu  sync.Mutex // guards now
	now time.Time
}

// NewClock makes a clock that shows Start.
func NewClock() *Clock { return &Clock{now: Start} }

// Now reads the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock on by d.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Set moves the clock to t.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// Random is a stream of random bytes whose seed is printed if the test fails; CONCORDAT_TEST_SEED repeats it.
func Random(t testing.TB) io.Reader {
	t.Helper()
	seed := rand.Uint64()
	if text := os.Getenv(SeedEnv); text != "" {
		given, err := strconv.ParseUint(text, 16, 64)
		require.NoError(t, err, SeedEnv)
		seed = given
	}
	var key [32]byte
	binary.BigEndian.PutUint64(key[:], seed)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("repeat this with %s=%s", SeedEnv, hex.EncodeToString(key[:8]))
		}
	})
	return rand.NewChaCha8(key)
}

// testLog writes the store's log into the test's output.
type testLog struct{ t testing.TB }

func (l testLog) Write(line []byte) (int, error) {
	l.t.Logf("store: %s", bytes.TrimRight(line, "\n"))
	return len(line), nil
}
