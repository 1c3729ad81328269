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
func (db *DB) PositionReceipt(
	ctx context.Context, actor governance.Actor, act governance.ActID,
) (receipt *PositionReceipt, err error) {
	if err := CheckID("act", string(act)); err != nil {
		return nil, err
	}
	missing := governance.NotFound("act", string(act))
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		if receipt, err = q.receipt(ctx, `a.id = $1`, string(act)); err != nil {
			return err
		}
		if receipt == nil {
			return missing
		}
		_, _, err := q.visiblePosition(ctx, actor, receipt.PositionID)
		if governance.CodeOf(err) == governance.CodeNotFound {
			return missing
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return receipt, nil
}

// receiptOfPosition finds the act of a position.
const receiptOfPosition = `a.object_id = $1`

// receipt reads a receipt, whoever may see it; nil where there is none.
func (q *Query) receipt(ctx context.Context, where, id string) (*PositionReceipt, error) {
	found, err := collect(ctx, q, scanReceipt, `
		SELECT a.id, a.type, a.created_at, p.id, p.ballot_id, b.digest, a.digest, COALESCE(l.number, -1)
		FROM acts a
		JOIN positions p ON p.id = a.object_id
		JOIN ballots b ON b.id = p.ballot_id
		LEFT JOIN leaves l ON l.act_id = a.id
		WHERE `+where+` AND a.object_kind = 'POSITION'`, id)
	if err != nil {
		return nil, fmt.Errorf("read the receipt of %s: %w", id, err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	found[0].LeafHash, err = leafHash(found[0].ActDigest)
	return found[0], err
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
