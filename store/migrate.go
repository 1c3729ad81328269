package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"concordat/migrations"
)

// Migrate brings the schema to this program's version; where there is nothing to do it does nothing. Several nodes may
// call it at once.
func (db *DB) Migrate(ctx context.Context) error {
	migrate := db.migrateSQLite
	if db.Postgres() {
		migrate = db.migratePostgres
	}
	if err := migrate(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := db.foldNeeds(ctx); err != nil {
		return fmt.Errorf("migrate: make the needs searchable: %w", err)
	}
	if err := db.growLog(ctx); err != nil {
		return fmt.Errorf("migrate: grow the log: %w", err)
	}
	return nil
}

// migratePostgres runs the files under an advisory lock, each in a transaction.
func (db *DB) migratePostgres(ctx context.Context) error {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	files, err := fs.Sub(migrations.Postgres, "postgres")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db.pool, files,
		goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	results, err := provider.Up(ctx)
	db.logMigrations(results)
	return err
}

// migrateSQLite runs the embedded files.
func (db *DB) migrateSQLite(ctx context.Context) error {
	files, err := sqliteMigrations()
	if err != nil {
		return err
	}
	return db.migrateFiles(ctx, files)
}

// migrateFiles runs SQLite migrations with foreign keys off, on a connection of its own: with them on, rebuilding a
// table that others refer to would fail or take their rows along. Each file commits only if every reference holds.
func (db *DB) migrateFiles(ctx context.Context, files []*goose.Migration, options ...goose.ProviderOption) error {
	own, err := sql.Open("sqlite", db.url+sqliteMigrating)
	if err != nil {
		return err
	}
	own.SetMaxOpenConns(1)
	options = append(options, goose.WithGoMigrations(files...), goose.WithDisableGlobalRegistry(true))
	provider, err := goose.NewProvider(goose.DialectSQLite3, own, nil, options...)
	if err != nil {
		return errors.Join(err, own.Close())
	}
	results, err := provider.Up(ctx)
	db.logMigrations(results)
	return errors.Join(err, own.Close())
}

// sqliteMigrations makes a migration of each embedded file: goose's own SQL migrations leave no room for a check before
// the commit. The files hold an Up section only, and goose's annotations are comments to SQLite.
func sqliteMigrations() ([]*goose.Migration, error) {
	names, err := fs.Glob(migrations.SQLite, "sqlite/*.sql")
	if err != nil {
		return nil, err
	}
	files := make([]*goose.Migration, 0, len(names))
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return nil, err
		}
		text, err := fs.ReadFile(migrations.SQLite, name)
		if err != nil {
			return nil, err
		}
		files = append(files, sqliteMigration(version, name, string(text)))
	}
	return files, nil
}

func sqliteMigration(version int64, name, text string) *goose.Migration {
	return goose.NewGoMigration(version, &goose.GoFunc{
		RunTx: func(ctx context.Context, tx *sql.Tx) error { return migrateOne(ctx, tx, name, text) },
	}, nil)
}

func migrateOne(ctx context.Context, tx *sql.Tx, name, text string) error {
	if _, err := tx.ExecContext(ctx, text); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	rows, err := tx.QueryContext(ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return fmt.Errorf("%s: check references: %w", name, err)
	}
	defer rows.Close()
	if rows.Next() {
		var table, parent string
		var row, key sql.NullInt64
		if err := rows.Scan(&table, &row, &parent, &key); err != nil {
			return fmt.Errorf("%s: check references: %w", name, err)
		}
		return fmt.Errorf("%s: row %d of %s refers to a row of %s that does not exist", name, row.Int64, table, parent)
	}
	return rows.Err()
}

func (db *DB) logMigrations(results []*goose.MigrationResult) {
	for _, result := range results {
		db.log.Info("migrated", "version", result.Source.Version, "took", result.Duration)
	}
}
