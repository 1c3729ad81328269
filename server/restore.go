package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"concordat/notary"
	"concordat/store"
)

// Restored is what Restore came to.
type Restored struct {
	Epoch store.Epoch
	Begun bool // the epoch was begun, because more may have been signed than the backup holds
}

// Restore puts a backup in the place of the SQLite database that c names, which must not be there yet, and begins a new epoch
// of the log where the backup does not go on from the checkpoint that was published last, or where that is not known: empty.
// An empty backup means a database that was restored by its own tools, and is in its place already. What is restored is
// checked first, as store.Check does, and gets its name only when all is done.
func Restore(ctx context.Context, c Config, backup, checkpoint string, log *slog.Logger) (Restored, error) {
	if backup == "" {
		return beginEpoch(ctx, c, checkpoint, log)
	}
	address, isFile := strings.CutPrefix(c.withDefaults().database(), "file:")
	path, err := url.PathUnescape(address)
	if !isFile || err != nil || strings.Contains(address, "?") {
		return Restored{}, errors.New("a backup is restored to a file; PostgreSQL is restored with its own tools, and then this command without a backup")
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return Restored{}, errors.Join(fmt.Errorf("%s is there already: move it away, with what is called -wal and -shm beside it", path), err)
	}
	partial := path + ".partial"
	if err := copyBackup(backup, partial); err != nil {
		return Restored{}, err
	}
	c.Database = "file:" + address + ".partial"
	restored, err := beginEpoch(ctx, c, checkpoint, log)
	if err != nil {
		return Restored{}, errors.Join(err, os.Remove(partial))
	}
	return restored, errors.Join(os.Link(partial, path), os.Remove(partial))
}

// copyBackup copies a file that no other process has open, and has it on the disk when it answers.
func copyBackup(backup, path string) error {
	if info, err := os.Stat(backup + "-wal"); err == nil && info.Size() > 0 {
		return fmt.Errorf("%s is no backup but a database in use, or one that was not closed: its newest changes lie in %s-wal", backup, backup)
	}
	from, err := os.Open(backup)
	if err != nil {
		return err
	}
	defer from.Close()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	to, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return errors.Join(err, to.Sync(), to.Close())
}

// beginEpoch checks what was restored and begins a new epoch where one is needed.
func beginEpoch(ctx context.Context, c Config, checkpoint string, log *slog.Logger) (restored Restored, err error) {
	db, err := OpenStore(ctx, c, log)
	if err != nil {
		return Restored{}, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.Migrate(ctx); err != nil {
		return Restored{}, err
	}
	problems, err := db.Check(ctx)
	if err != nil {
		return Restored{}, err
	}
	for _, problem := range problems {
		err = errors.Join(err, errors.New(problem.String()))
	}
	if err != nil {
		return Restored{}, fmt.Errorf("what was restored is not as it should be: %w", err)
	}
	public, err := db.Setting(ctx, store.SettingPublicURL)
	if err != nil {
		return Restored{}, err
	}
	if public == "" {
		return Restored{}, errors.New("no server ever ran on what was restored")
	}
	epoch, err := db.LogEpoch(ctx)
	if err != nil {
		return Restored{}, err
	}
	name := epoch.LogName(public)
	published, err := openPublished(ctx, db, name, checkpoint)
	if err != nil {
		return Restored{}, err
	}
	restored.Epoch, restored.Begun, err = db.BeginEpoch(ctx, name, published)
	return restored, err
}

// openPublished verifies a checkpoint under the keys of the log; nil for none.
func openPublished(ctx context.Context, db *store.DB, name, signed string) (*notary.Checkpoint, error) {
	if signed == "" {
		return nil, nil
	}
	keys, err := db.PublishedKeys(ctx, "")
	if err != nil {
		return nil, err
	}
	refused := errors.New("the database holds no key of the log")
	for _, key := range keys {
		public, err := key.Ed25519()
		if err != nil {
			return nil, err
		}
		verifier, err := notary.LogVerifier(name, public)
		if err != nil {
			return nil, err
		}
		opened, err := notary.OpenCheckpoint([]byte(signed), verifier)
		if err == nil {
			return &opened, nil
		}
		refused = err
	}
	return nil, refused
}
