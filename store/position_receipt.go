package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// PositionReceipt is what whoever spoke takes home: the act of the position, its place in the log, and the digest that was
// voted on.
type PositionReceipt struct {
	Act        governance.ActID
	Type       string
	At         time.Time
	PositionID governance.PositionID
	BallotID   governance.BallotID
	Digest     governance.Digest // that was voted on
	ActDigest  governance.Digest // of the act's bytes
	LeafHash   string            // RFC 6962, of the act's digest, in hexadecimal
	LeafNumber *int              // nil until the log has numbered it: on PostgreSQL about 100 ms
}

// PositionReceipt reads the receipt of an act by which a position was taken, changed or reconfirmed. NOT_FOUND where there
// is no such act, and where the actor may not see the position: while positions are secret, to all but its organization.
func (db *DB) PositionReceipt(ctx context.Context, actor governance.Actor, act governance.ActID) (*PositionReceipt, error) {
	if err := CheckID("act", string(act)); err != nil {
		return nil, err
	}
	return db.receipt(ctx, actor, governance.NotFound("act", string(act)), `a.id = $1`, string(act))
}

// ReceiptOf reads the receipt of a position. NOT_FOUND where the actor may not see it.
func (db *DB) ReceiptOf(ctx context.Context, actor governance.Actor, position governance.PositionID) (*PositionReceipt, error) {
	return db.receipt(ctx, actor, governance.NotFound("position", string(position)), `a.object_id = $1`, string(position))
}

func (db *DB) receipt(
	ctx context.Context, actor governance.Actor, missing *governance.Error, where, id string,
) (receipt *PositionReceipt, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		found, err := collect(ctx, q, scanReceipt, `
			SELECT a.id, a.type, a.created_at, p.id, p.ballot_id, b.digest, a.digest, COALESCE(l.number, -1)
			FROM acts a
			JOIN positions p ON p.id = a.object_id
			JOIN ballots b ON b.id = p.ballot_id
			LEFT JOIN leaves l ON l.act_id = a.id
			WHERE `+where+` AND a.object_kind = 'POSITION'`, id)
		if err != nil {
			return fmt.Errorf("read the receipt of %s: %w", id, err)
		}
		if len(found) == 0 {
			return missing
		}
		receipt = found[0]
		if _, err := q.visiblePosition(ctx, actor, receipt.PositionID); governance.CodeOf(err) == governance.CodeNotFound {
			return missing
		} else if err != nil {
			return err
		}
		receipt.LeafHash, err = leafHash(receipt.ActDigest)
		return err
	})
	if err != nil {
		return nil, err
	}
	return receipt, nil
}

func scanReceipt(row scanner) (*PositionReceipt, error) {
	var r PositionReceipt
	var leaf int
	err := row.Scan(&r.Act, &r.Type, at(&r.At), &r.PositionID, &r.BallotID, &r.Digest, &r.ActDigest, &leaf)
	if leaf >= 0 {
		r.LeafNumber = &leaf
	}
	return &r, err
}
