package store_test

import (
	"context"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/migrations"
	"concordat/store"
	"concordat/store/storetest"
)

// Each answers "table column type null|not-null" in order; types are told in PostgreSQL's words. Tables that a
// full-text index keeps for itself, and goose's own, are left out.
const (
	sqliteSchema = `
		SELECT t.name || ' ' || lower(c.name) || ' ' ||
			CASE c.type WHEN 'INTEGER' THEN 'bigint' WHEN 'BLOB' THEN 'bytea' ELSE lower(c.type) END ||
			CASE WHEN c."notnull" = 1 THEN ' not-null' ELSE ' null' END
		FROM pragma_table_list t
		JOIN pragma_table_info(t.name) c
		WHERE t.schema = 'main' AND t.type = 'table' AND t.name <> 'goose_db_version' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!'
		ORDER BY 1`
	postgresSchema = `
		SELECT c.table_name || ' ' || c.column_name || ' ' || c.data_type ||
			CASE WHEN c.is_nullable = 'NO' THEN ' not-null' ELSE ' null' END
		FROM information_schema.columns c
		WHERE c.table_schema = 'public' AND c.table_name <> 'goose_db_version' AND c.data_type <> 'tsvector'
		ORDER BY 1`
)

func TestBothDatabasesHaveTheSameTablesAndColumns(t *testing.T) {
	lite, big := storetest.Open(t, storetest.SQLite), storetest.Open(t, storetest.Postgres)
	onSQLite, onPostgres := texts(t, lite, sqliteSchema), texts(t, big, postgresSchema)
	require.NotEmpty(t, onSQLite)
	assert.Equal(t, onSQLite, onPostgres)
}

// Each answers every object of the schema with its text, in order: what a reviewer looks at beside a migration.
const (
	sqliteObjects = `
		SELECT sql
		FROM sqlite_schema
		WHERE sql IS NOT NULL AND tbl_name <> 'goose_db_version' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
		ORDER BY tbl_name, type DESC, name`
	postgresObjects = `
		SELECT text
		FROM (
			SELECT table_name AS owner, 1 AS kind, lpad(CAST(ordinal_position AS TEXT), 3) || column_name AS name,
				table_name || '.' || column_name || ' ' || data_type || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END
					|| COALESCE(' DEFAULT ' || column_default, '') AS text
			FROM information_schema.columns
			WHERE table_schema = 'public'
			UNION ALL
			SELECT CAST(CAST(conrelid AS regclass) AS TEXT), 2, conname,
				CAST(CAST(conrelid AS regclass) AS TEXT) || ' ' || pg_get_constraintdef(oid)
			FROM pg_constraint
			WHERE connamespace = CAST('public' AS regnamespace)
			UNION ALL
			SELECT tablename, 3, indexname, indexdef
			FROM pg_indexes
			WHERE schemaname = 'public'
			UNION ALL
			SELECT CAST(CAST(tgrelid AS regclass) AS TEXT), 4, tgname, pg_get_triggerdef(oid)
			FROM pg_trigger
			WHERE NOT tgisinternal
			UNION ALL
			SELECT '~functions', 5, proname, pg_get_functiondef(oid)
			FROM pg_proc
			WHERE pronamespace = CAST('public' AS regnamespace)
		) objects
		WHERE owner <> 'goose_db_version'
		ORDER BY owner, kind, name`
)

// updateEnv makes the test write the snapshots instead of comparing them.
const updateEnv = "CONCORDAT_UPDATE_SCHEMA"

func TestTheSchemaIsTheOneThatWasReviewed(t *testing.T) {
	for kind, objects := range map[string]string{storetest.SQLite: sqliteObjects, storetest.Postgres: postgresObjects} {
		t.Run(kind, func(t *testing.T) {
			got := strings.Join(texts(t, storetest.Open(t, kind), objects), "\n") + "\n"
			file := filepath.Join("testdata", "schema", kind+".txt")
			if os.Getenv(updateEnv) != "" {
				require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
				require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Equal(t, string(want), got, "after a migration: %s=1 go test ./store -run TheSchemaIs, and review %s",
				updateEnv, file)
		})
	}
}

func TestEveryTableOfSQLiteIsStrict(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite)
	assert.Empty(t, texts(t, db, `
		SELECT name
		FROM pragma_table_list
		WHERE schema = 'main' AND type = 'table' AND strict = 0
			AND name <> 'goose_db_version' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'`))
}

func TestNothingIsDeletedByCascadeAndNoConstraintIsDeferred(t *testing.T) {
	for kind, files := range map[string]fs.FS{"sqlite": migrations.SQLite, "postgres": migrations.Postgres} {
		names, err := fs.Glob(files, kind+"/*.sql")
		require.NoError(t, err)
		require.NotEmpty(t, names)
		for _, name := range names {
			text, err := fs.ReadFile(files, name)
			require.NoError(t, err)
			upper := strings.ToUpper(string(text))
			for _, word := range []string{"CASCADE", "DEFERRED", "DEFERRABLE", "-- +GOOSE DOWN", "NO TRANSACTION"} {
				assert.NotContains(t, upper, word, name)
			}
		}
	}
}

func TestMigrationsHaveTheSameNumbersAndNames(t *testing.T) {
	list := func(files fs.FS, kind string) []string {
		names, err := fs.Glob(files, kind+"/*.sql")
		require.NoError(t, err)
		for i, name := range names {
			names[i] = path.Base(name)
			assert.Regexp(t, `^[0-9]{4}_[a-z]+(_[a-z]+)+\.sql$`, names[i])
		}
		return names
	}
	assert.Equal(t, list(migrations.SQLite, "sqlite"), list(migrations.Postgres, "postgres"))
}

func TestMigratingAgainDoesNothing(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		_, err := db.Take(t.Context(), note("kept"))
		require.NoError(t, err)
		require.NoError(t, db.Migrate(t.Context()))
		require.NoError(t, db.Migrate(t.Context()))
		requireLog(t, db, 1)
	})
}

func TestAMigrationThatBreaksAReferenceIsNotCommitted(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite)
	makeProofs(t, db)
	require.NoError(t, db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO notes (id, proof_id) VALUES ('n', 'p1')`)
		return err
	}))
	require.ErrorContains(t, db.MigrateFile(t.Context(), `
		CREATE TABLE made (id TEXT NOT NULL) STRICT;
		DELETE FROM proofs WHERE id = 'p1';`), "refers to a row of proofs that does not exist")
	assert.EqualValues(t, 2, number(t, db, `SELECT count(*) FROM proofs`))
	assert.Zero(t, number(t, db, `SELECT count(*) FROM sqlite_schema WHERE name = 'made'`))

	require.NoError(t, db.MigrateFile(t.Context(), `
		CREATE TABLE new_proofs (id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL) STRICT;
		INSERT INTO new_proofs SELECT id, version FROM proofs;
		DROP TABLE proofs;
		ALTER TABLE new_proofs RENAME TO proofs;`), "a parent table can be rebuilt")
	assert.EqualValues(t, 1, number(t, db, `SELECT count(*) FROM notes`), "and takes no child along")
	_, err := db.Take(t.Context(), note("after"))
	require.NoError(t, err)
}
