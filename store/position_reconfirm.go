package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// LastPosition is what an organization took last in an earlier ballot on the same edition, and what has changed in the
// text since.
type LastPosition struct {
	Position     *Position
	Ballot       *Ballot
	Digest       governance.Digest    // that it was taken on
	ChangesSince []*governance.Change // read only where they are wanted
}

// ReconfirmPosition takes the position that the acting organization took last in an earlier ballot on the same edition,
// with its reason, remedy and comment: no vote is carried over by itself. Errors are TakePosition's, with CONFLICT where
// it took none.
func (db *DB) ReconfirmPosition(ctx context.Context, actor governance.Actor, in ReconfirmPositionInput) (governance.PositionID, error) {
	again := TakePositionInput{ID: in.ID, Ballot: in.Ballot, Digest: in.Digest}
	if err := again.checkIDs(); err != nil {
		return "", err
	}
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	return db.cast(ctx, actor, repeat, cast{
		mutation: "reconfirmPosition", step: governance.ReconfirmPosition, act: actPositionReconfirmed, in: again,
	})
}

// again completes a cast that reconfirms with what the organization took last.
func (tx *Tx) again(ctx context.Context, s standing, b *Ballot, c *cast) error {
	last, _, err := tx.lastPosition(ctx, s.organization, b)
	if err != nil {
		return err
	}
	c.in.Position, c.in.Reason, c.in.Remedy, c.in.Comment = last.Position, last.Reason, last.Remedy, last.Comment
	c.reconfirms = last.ID
	return nil
}

// LastPosition reads what the acting organization took last in an earlier ballot on the edition of a ballot that the actor
// was shown: its own, also where that ballot was secret. Nil where it took none, and for a ballot on something else.
func (db *DB) LastPosition(ctx context.Context, actor governance.Actor, b *Ballot, fields Fields) (last *LastPosition, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil || s.organization == "" {
			return err
		}
		position, earlier, err := q.lastPosition(ctx, s.organization, b)
		if err != nil || position == nil {
			return err
		}
		last = &LastPosition{Position: position, Ballot: earlier, Digest: earlier.Digest}
		if fields.Has("changesSince") {
			if last.ChangesSince, err = q.changesBetween(ctx, earlier, b); err != nil {
				return err
			}
		}
		if err := q.fillOrganizations(ctx, position.Organization); err != nil {
			return err
		}
		return q.fillBallots(ctx, fields.Of("ballot"), earlier)
	})
	if err != nil {
		return nil, fmt.Errorf("read the last position before ballot %s: %w", b.ID, err)
	}
	return last, nil
}

// lastPosition reads what an organization took last in an earlier ballot on the text of the ballot's edition, and that
// ballot; nil where it took none, and for a ballot on something else.
func (q *Query) lastPosition(ctx context.Context, organization governance.OrganizationID, b *Ballot) (*Position, *Ballot, error) {
	if b.Kind != governance.BallotEdition {
		return nil, nil, nil
	}
	found, err := collect(ctx, q, scanPosition, `SELECT `+positionColumns+`
		FROM positions
		WHERE organization_id = $1 AND is_latest = 1 AND ballot_id = (
			SELECT e.id
			FROM ballots e
			JOIN positions p ON p.ballot_id = e.id
			WHERE p.organization_id = $1 AND e.edition_id = $2 AND e.kind = 'EDITION' AND (e.opened_at, e.id) < ($3, $4)
			ORDER BY e.opened_at DESC, e.id DESC
			LIMIT 1
		)`, organization, b.EditionID, b.OpenedAt, b.ID)
	if err != nil || len(found) == 0 {
		return nil, nil, err
	}
	earlier, err := q.ballot(ctx, found[0].BallotID)
	return found[0], earlier, err
}

// changesBetween compares the texts of two ballots on one edition; none where it is the same one.
func (q *Query) changesBetween(ctx context.Context, earlier, later *Ballot) ([]*governance.Change, error) {
	if earlier.Digest == later.Digest {
		return []*governance.Change{}, nil
	}
	from, err := q.revision(ctx, *earlier.Revision)
	if err != nil {
		return nil, err
	}
	to, err := q.revision(ctx, *later.Revision)
	if err != nil {
		return nil, err
	}
	changes, err := q.difference(ctx, from, to)
	return pointersTo(changes), err
}

// unmetEarlierPosition refuses to reconfirm where the organization has taken no position in an earlier ballot.
func (q *Query) unmetEarlierPosition(ctx context.Context, s standing, b *Ballot) (*governance.Error, error) {
	last, _, err := q.lastPosition(ctx, s.organization, b)
	if err != nil || last != nil {
		return nil, err
	}
	return governance.Refuse(governance.CodeConflict, "no-earlier-position",
		"Your organization has taken no position in an earlier ballot on this edition; it may take one now."), nil
}
