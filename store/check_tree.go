package store

import (
	"context"
	"encoding/hex"
	"fmt"

	"concordat/notary"
)

// checkTree recomputes the nodes above the leaves, and every checkpoint's root from them.
func (q *Query) checkTree(ctx context.Context) ([]Problem, error) {
	size, err := q.logSize(ctx)
	if err != nil {
		return nil, err
	}
	problems, err := q.checkNodes(ctx, size)
	if err != nil || len(problems) > 0 {
		return problems, err // no root made of them would say anything
	}
	signed, err := collect(ctx, q, scanSigned, `SELECT size, root, note, signed_at FROM checkpoints ORDER BY epoch, size`)
	if err != nil {
		return nil, fmt.Errorf("read the checkpoints: %w", err)
	}
	for _, s := range signed {
		found, err := q.checkSigned(ctx, s, size)
		if err != nil {
			return nil, err
		}
		problems = append(problems, found...)
	}
	return problems, nil
}

// checkNodes compares each node with the tile under it, and their numbers with the log's size.
func (q *Query) checkNodes(ctx context.Context, size int64) ([]Problem, error) {
	var problems []Problem
	for level := 1; size > 0; level++ {
		size /= notary.TileWidth
		stored, err := collect(ctx, q, func(row scanner) (string, error) {
			var hash string
			return hash, row.Scan(&hash)
		}, `SELECT hash FROM log_nodes WHERE level = $1 ORDER BY number`, level)
		if err != nil {
			return nil, fmt.Errorf("read level %d of the log: %w", level, err)
		}
		if int64(len(stored)) != size {
			problems = append(problems, Problem{fmt.Sprintf("level %d of the log", level),
				fmt.Sprintf("holds %d nodes, not %d", len(stored), size)})
		}
		for number, hash := range stored {
			hashes, err := q.tile(ctx, notary.Tile{Level: level - 1, Number: int64(number), Width: notary.TileWidth})
			if err != nil {
				problems = append(problems, Problem{fmt.Sprintf("node %d on level %d of the log", number, level), err.Error()})
				continue
			}
			node, err := notary.NodeOf(hashes)
			if err != nil {
				return nil, err
			}
			if hex.EncodeToString(node[:]) != hash {
				problems = append(problems, Problem{fmt.Sprintf("node %d on level %d of the log", number, level),
					"is not the hash over the tile under it"})
			}
		}
	}
	return problems, nil
}

// checkSigned compares a checkpoint with the log as it is, and what is said of it with what was signed.
func (q *Query) checkSigned(ctx context.Context, s Signed, size int64) ([]Problem, error) {
	where := fmt.Sprintf("checkpoint of %d leaves", s.Size)
	if s.Size > size {
		return []Problem{{where, fmt.Sprintf("is ahead of the log, which has %d", size)}}, nil
	}
	root, err := notary.RootOf(q.tiles(ctx), s.Size)
	if err != nil {
		return nil, err
	}
	var problems []Problem
	if root != s.Root {
		problems = append(problems, Problem{where, "is not of this log: a leaf before it has changed since it was signed"})
	}
	said, err := notary.CheckpointOf([]byte(s.Note))
	if err != nil || said.Size != s.Size || said.Root != s.Root {
		problems = append(problems, Problem{where, "is not what was signed"})
	}
	return problems, nil
}
