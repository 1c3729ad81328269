package store

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"concordat/governance"
	"concordat/notary"
)

// growTree writes the nodes of the tree that the leaves of a log of so many have fixed and that are not there yet. Where
// no tile has been filled there are none, so that a step pays for a 256th of one.
func (tx *Tx) growTree(ctx context.Context, size int64) error {
	for level := 1; size >= notary.TileWidth; level++ {
		size /= notary.TileWidth
		var next int64
		err := tx.queryRow(ctx, `SELECT COALESCE(MAX(number) + 1, 0) FROM log_nodes WHERE level = $1`, level).Scan(&next)
		if err != nil {
			return fmt.Errorf("find the end of level %d of the log: %w", level, err)
		}
		for ; next < size; next++ {
			hashes, err := tx.tile(ctx, notary.Tile{Level: level - 1, Number: next, Width: notary.TileWidth})
			if err != nil {
				return err
			}
			node, err := notary.NodeOf(hashes)
			if err != nil {
				return fmt.Errorf("grow the log: %w", err)
			}
			_, err = tx.exec(ctx, `INSERT INTO log_nodes (level, number, hash) VALUES ($1, $2, $3)`,
				level, next, hex.EncodeToString(node[:]))
			if err != nil {
				return fmt.Errorf("grow the log: %w", err)
			}
		}
	}
	return nil
}

// fillsTile says whether the log has filled a tile on its way from one size to another.
func fillsTile(from, to int64) bool { return from/notary.TileWidth != to/notary.TileWidth }

// growLog brings the tree up to the leaves that were there before the tree was kept.
func (db *DB) growLog(ctx context.Context) error {
	return db.write(ctx, "growLog", func(ctx context.Context, tx *Tx) error {
		size, err := tx.logSize(ctx)
		if err != nil {
			return err
		}
		return tx.growTree(ctx, size)
	})
}

// logSize is how many leaves there are.
func (q *Query) logSize(ctx context.Context) (int64, error) {
	var head int64
	err := q.queryRow(ctx, `SELECT COALESCE(MAX(number), -1) FROM leaves`).Scan(&head)
	if err != nil {
		return 0, fmt.Errorf("read the log's size: %w", err)
	}
	return head + 1, nil
}

// tile reads the hashes of one tile, all of them.
func (q *Query) tile(ctx context.Context, t notary.Tile) ([]tlog.Hash, error) {
	from := t.Number * notary.TileWidth
	text, args := `
		SELECT hash
		FROM leaves
		WHERE number >= $1 AND number < $2
		ORDER BY number`, []any{from, from + int64(t.Width)}
	if t.Level > 0 {
		text, args = `
			SELECT hash
			FROM log_nodes
			WHERE level = $3 AND number >= $1 AND number < $2
			ORDER BY number`, append(args, t.Level)
	}
	hashes, err := collect(ctx, q, scanHash, text, args...)
	if err != nil {
		return nil, fmt.Errorf("read tile %s: %w", t.Path(), err)
	}
	if len(hashes) != t.Width {
		return nil, fmt.Errorf("read tile %s: %w", t.Path(), errStored{fmt.Errorf("%d of %d hashes are there", len(hashes), t.Width)})
	}
	return hashes, nil
}

func scanHash(row scanner) (tlog.Hash, error) {
	var text string
	if err := row.Scan(&text); err != nil {
		return tlog.Hash{}, err
	}
	return hashOf(text)
}

// hashOf reads a hash as the tables keep it.
func hashOf(text string) (tlog.Hash, error) {
	sum, err := hex.DecodeString(text)
	if err != nil || len(sum) != tlog.HashSize {
		return tlog.Hash{}, errStored{fmt.Errorf("%q is no hash", text)}
	}
	return tlog.Hash(sum), nil
}

// tiles reads the tiles that a proof needs.
func (q *Query) tiles(ctx context.Context) notary.TileReader {
	return func(tiles []notary.Tile) ([][]tlog.Hash, error) {
		rows := make([][]tlog.Hash, len(tiles))
		for i, t := range tiles {
			var err error
			if rows[i], err = q.tile(ctx, t); err != nil {
				return nil, err
			}
		}
		return rows, nil
	}
}

// LogTile reads what the file of a tile holds. NOT_FOUND where the log is not that long.
func (db *DB) LogTile(ctx context.Context, t notary.Tile) ([]byte, error) {
	var data []byte
	err := db.readLog(ctx, func(ctx context.Context, q *Query, size int64) error {
		if !t.Within(size) {
			return governance.NotFound("tile", t.Path())
		}
		hashes, err := q.tile(ctx, t)
		if err == nil {
			data = t.Bytes(hashes)
		}
		return err
	})
	return data, err
}

// ProveInclusion shows that an act stands in the log of so many leaves; zero: of all there are now. NOT_FOUND where there
// is no such act or it has no leaf yet; INVALID where the log is not that long, or was not yet that long as it came.
func (db *DB) ProveInclusion(ctx context.Context, act governance.ActID, size int64) (notary.Inclusion, error) {
	var proof notary.Inclusion
	err := db.readLog(ctx, func(ctx context.Context, q *Query, all int64) error {
		found, err := collect(ctx, q, func(row scanner) (int64, error) {
			var number int64
			return number, row.Scan(&number)
		}, `SELECT number FROM leaves WHERE act_id = $1`, act)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return governance.NotFound("act", string(act))
		}
		if size == 0 {
			size = all
		}
		if err := checkSize("size", size, all); err != nil {
			return err
		}
		proof, err = notary.ProveInclusion(q.tiles(ctx), found[0], size)
		return err
	})
	return proof, err
}

// ProveConsistency shows that the log of from leaves is the beginning of the log of to leaves. INVALID where the log is
// not that long.
func (db *DB) ProveConsistency(ctx context.Context, from, to int64) (notary.Consistency, error) {
	var proof notary.Consistency
	err := db.readLog(ctx, func(ctx context.Context, q *Query, all int64) error {
		if err := checkSize("to", to, all); err != nil {
			return err
		}
		var err error
		proof, err = notary.ProveConsistency(q.tiles(ctx), from, to)
		return err
	})
	return proof, err
}

func checkSize(field string, size, all int64) error {
	if size < 0 || size > all {
		return governance.Invalid(field, "log-shorter", "The log has {all} leaves, not {size}.",
			"all", fmt.Sprint(all), "size", fmt.Sprint(size))
	}
	return nil
}

// readLog reads in one snapshot, which is told how many leaves it holds.
func (db *DB) readLog(ctx context.Context, f func(ctx context.Context, q *Query, size int64) error) error {
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		size, err := q.logSize(ctx)
		if err != nil {
			return err
		}
		return f(ctx, q, size)
	})
	if err != nil && governance.CodeOf(err) == "" {
		return fmt.Errorf("read the log: %w", err)
	}
	return err
}

// Signed is a checkpoint as it was signed.
type Signed struct {
	Size     int64
	Root     tlog.Hash
	Note     string // C2SP tlog-checkpoint
	SignedAt time.Time
}

func scanSigned(row scanner) (Signed, error) {
	var s Signed
	var root string
	err := row.Scan(&s.Size, &root, &s.Note, at(&s.SignedAt))
	if err == nil {
		s.Root, err = hashOf(root)
	}
	return s, err
}

// errForked is a log that does not go on from what was signed of it.
var errForked = errors.New("the log does not go on from its last checkpoint: somebody has changed what was logged")

// Checkpoint answers the newest checkpoint of the log, signed by key where anything came since the last one. It refuses
// to sign a log that does not go on from the last checkpoint of its epoch. The key signs outside any transaction.
func (db *DB) Checkpoint(ctx context.Context, epoch Epoch, key *notary.LogKey) (Signed, error) {
	last, next, err := db.unsigned(ctx, epoch.Number, key.Name())
	if err != nil {
		return Signed{}, fmt.Errorf("sign the log: %w", err)
	}
	if last != nil && last.Size == next.Size {
		return *last, nil
	}
	next.Extensions = epoch.extensions()
	note, err := notary.SignCheckpoint(next, key)
	if err != nil {
		return Signed{}, fmt.Errorf("sign the log: %w", err)
	}
	signed := Signed{Size: next.Size, Root: next.Root, Note: string(note), SignedAt: db.now()}
	err = db.write(ctx, "signLog", func(ctx context.Context, tx *Tx) error {
		_, err := tx.exec(ctx, `
			INSERT INTO checkpoints (epoch, size, root, note, signed_at)
			VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (epoch, size) DO NOTHING`,
			epoch.Number, signed.Size, hex.EncodeToString(signed.Root[:]), signed.Note, signed.SignedAt)
		return err
	})
	if err != nil {
		return Signed{}, fmt.Errorf("keep the checkpoint: %w", err)
	}
	return signed, nil
}

// unsigned is the last checkpoint of the epoch, nil where there is none, and what the log is now.
func (db *DB) unsigned(ctx context.Context, epoch int64, origin string) (*Signed, notary.Checkpoint, error) {
	var last *Signed
	next := notary.Checkpoint{Origin: origin}
	err := db.readLog(ctx, func(ctx context.Context, q *Query, size int64) error {
		found, err := collect(ctx, q, scanSigned, `
			SELECT size, root, note, signed_at
			FROM checkpoints
			WHERE epoch = $1
			ORDER BY size DESC
			LIMIT 1`, epoch)
		if err != nil {
			return err
		}
		if next.Root, err = notary.RootOf(q.tiles(ctx), size); err != nil {
			return err
		}
		next.Size = size
		if len(found) == 0 {
			return nil
		}
		last = &found[0]
		return q.goesOn(ctx, notary.Checkpoint{Origin: origin, Size: last.Size, Root: last.Root}, next)
	})
	return last, next, err
}

// goesOn proves that the log goes on from an older checkpoint of it.
func (q *Query) goesOn(ctx context.Context, older, newer notary.Checkpoint) error {
	if older.Size > newer.Size {
		return errForked
	}
	proof, err := notary.ProveConsistency(q.tiles(ctx), older.Size, newer.Size)
	if err != nil {
		return err
	}
	if proof.Check(older, newer) != nil {
		return errForked
	}
	return nil
}
