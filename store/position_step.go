package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// longestRemark is how many characters a reason, a remedy or a comment has at most.
const longestRemark = 10_000

// TakePosition takes the acting organization's position in a ballot. Errors: NOT_FOUND; FORBIDDEN but for a
// representative of an elector who spoke for no other in this ballot; CONFLICT after the deadline, for another digest
// than the ballot's and where a position was taken; INVALID for an objection without reason or remedy.
func (db *DB) TakePosition(ctx context.Context, actor governance.Actor, in TakePositionInput) (governance.PositionID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	if err := in.check(); err != nil {
		return "", err
	}
	return db.cast(ctx, actor, repeat, cast{mutation: "takePosition", step: governance.TakePosition, act: actPositionTaken, in: in})
}

// ChangePosition changes the acting organization's position; what it took before is kept. Errors are TakePosition's,
// with CONFLICT where no position was taken.
func (db *DB) ChangePosition(ctx context.Context, actor governance.Actor, in ChangePositionInput) (governance.PositionID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	changed := TakePositionInput(in)
	if err := changed.check(); err != nil {
		return "", err
	}
	return db.cast(ctx, actor, repeat, cast{
		mutation: "changePosition", step: governance.ChangePosition, act: actPositionChanged, in: changed,
	})
}

// cast is a position on its way into a ballot, the first or a later one of its organization.
type cast struct {
	mutation string
	step     governance.Step
	act      string
	in       TakePositionInput

	reconfirms governance.PositionID // the earlier position that it takes again; empty: none
	above      root                  // under which the act of it is listed
}

// checkIDs looks at the ids.
func (in TakePositionInput) checkIDs() error {
	if in.ID != "" {
		if err := CheckID("input.id", string(in.ID)); err != nil {
			return err
		}
	}
	return CheckID("input.ballot", string(in.Ballot))
}

// check looks at what needs no database.
func (in TakePositionInput) check() error {
	if err := in.checkIDs(); err != nil {
		return err
	}
	if !in.Position.Valid() {
		return governance.Invalid("input.position", "unknown-position", "There is no position {position}.", "position", string(in.Position))
	}
	for _, remark := range []struct{ field, text string }{
		{"input.reason", in.Reason}, {"input.remedy", in.Remedy}, {"input.comment", in.Comment},
	} {
		if err := checkLength(remark.field, remark.text, 0, longestRemark); err != nil {
			return err
		}
	}
	return nil
}

// checkObjection asks an objection for its reason and for what would remove it.
func (in TakePositionInput) checkObjection() error {
	if in.Position != governance.PositionObject {
		return nil
	}
	if err := checkLength("input.reason", in.Reason, 1, longestRemark); err != nil {
		return err
	}
	return checkLength("input.remedy", in.Remedy, 1, longestRemark)
}

// closingRoots are what a step on a ballot locks: the specification of its edition, or the council where it is on a charter;
// after it the needs that the publication answers, where its close may withdraw one. NOT_FOUND where there is no such ballot.
func (db *DB) closingRoots(ctx context.Context, ballot governance.BallotID) ([]root, error) {
	var roots []root
	err := db.readOne(ctx, func(ctx context.Context, q *Query) error {
		roots = nil
		return q.query(ctx, func(row scanner) error {
			above, need := root{}, root{table: rootNeed}
			err := row.Scan(&above.table, &above.id, orEmpty(&need.id))
			if roots == nil {
				roots = append(roots, above)
			}
			if need.id != "" {
				roots = append(roots, need)
			}
			return err
		}, `
			SELECT
				CASE WHEN e.id IS NULL THEN 'organizations' ELSE 'specifications' END,
				COALESCE(e.specification_id, b.council_id),
				n.need_id
			FROM ballots b
			LEFT JOIN editions e ON e.id = b.edition_id
			LEFT JOIN matters m ON m.id = b.matter_id AND m.kind IN ('WITHDRAWAL', 'REVIEW')
			LEFT JOIN specification_needs n ON n.specification_id = e.specification_id AND m.id IS NOT NULL
			WHERE b.id = $1
			ORDER BY n.need_id`, ballot)
	})
	if err != nil {
		return nil, fmt.Errorf("find the roots of ballot %s: %w", ballot, err)
	}
	if len(roots) == 0 {
		return nil, governance.NotFound("ballot", string(ballot))
	}
	return roots, nil
}

func (db *DB) cast(ctx context.Context, actor governance.Actor, repeat Repeat, c cast) (governance.PositionID, error) {
	roots, err := db.closingRoots(ctx, c.in.Ballot)
	if err != nil {
		return "", err
	}
	c.above = roots[0]
	id, err := db.take(ctx, step{name: c.mutation, actor: actor, roots: roots, repeat: repeat,
		do: func(ctx context.Context, tx *Tx) (string, error) {
			b, err := tx.ballot(ctx, c.in.Ballot)
			if err != nil {
				return "", err
			}
			s, e, err := tx.ballotSubject(ctx, actor, b)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, c.step); err != nil {
				return "", err
			}
			if c.in.Digest != b.Digest {
				return "", governance.Refuse(governance.CodeConflict, "another-digest",
					"The ballot is on {ballot}, not on {digest}.", "ballot", string(b.Digest), "digest", string(c.in.Digest))
			}
			c := c // a step that runs again completes it again
			if c.step == governance.ReconfirmPosition {
				if err := tx.again(ctx, s.standing, b, &c); err != nil {
					return "", err
				}
			}
			if err := c.in.checkObjection(); err != nil {
				return "", err
			}
			id, err := tx.cast(ctx, s, b, c)
			if err != nil {
				return "", err
			}
			return id, tx.closeIfAllActed(ctx, b, e)
		}})
	return governance.PositionID(id), err
}

// cast writes the position, its number and its act. The ballot's count goes up with an organization's first one.
func (tx *Tx) cast(ctx context.Context, s subject, b *Ballot, c cast) (string, error) {
	if c.in.ID == "" {
		c.in.ID = governance.PositionID(tx.newID())
	} else if err := tx.requireFree(ctx, "positions", string(c.in.ID)); err != nil {
		return "", err
	}
	before, err := tx.positionCountOf(ctx, b.ID, s.standing.organization)
	if err != nil {
		return "", err
	}
	if err := tx.insertPosition(ctx, s.standing.organization, c.in, before+1); err != nil {
		return "", err
	}
	if err := tx.speak(ctx, s, b); err != nil {
		return "", err
	}
	if before == 0 {
		if err := tx.countPosition(ctx, b); err != nil {
			return "", err
		}
	}
	_, err = tx.appendAct(ctx, Act{
		Type: c.act, Object: Object{"POSITION", string(c.in.ID)}, Role: s.actingRole(c.step), Root: c.above,
		Digests: map[string]governance.Digest{b.subject(): b.Digest},
		Words:   said(map[string]string{"ballot": string(b.ID), "position": string(c.in.Position), "reconfirms": string(c.reconfirms)}),
		Texts:   said(map[string]string{"reason": c.in.Reason, "remedy": c.in.Remedy, "comment": c.in.Comment}),
	})
	return string(c.in.ID), err
}

// said is the texts without those that say nothing.
func said(texts map[string]string) map[string]string {
	kept := make(map[string]string, len(texts))
	for name, text := range texts {
		if text != "" {
			kept[name] = text
		}
	}
	return kept
}

func (tx *Tx) insertPosition(ctx context.Context, organization governance.OrganizationID, in TakePositionInput, number int) error {
	if number > 1 {
		_, err := tx.exec(ctx, `
			UPDATE positions
			SET is_latest = 0
			WHERE ballot_id = $1 AND organization_id = $2 AND is_latest = 1`, in.Ballot, organization)
		if err != nil {
			return fmt.Errorf("set the earlier position aside: %w", err)
		}
	}
	_, err := tx.exec(ctx, `
		INSERT INTO positions (
			id, ballot_id, organization_id, number, position, reason, remedy, comment, person_id, taken_at, is_latest
		) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)`,
		in.ID, in.Ballot, organization, number, in.Position, in.Reason, in.Remedy, in.Comment, tx.actor.Person, tx.now)
	if err != nil {
		return fmt.Errorf("insert position: %w", err)
	}
	return nil
}

// speak remembers for whom the person speaks in the ballot.
func (tx *Tx) speak(ctx context.Context, s subject, b *Ballot) error {
	_, err := tx.exec(ctx, `
		INSERT INTO ballot_speakers (ballot_id, person_id, organization_id) VALUES ($1, $2, $3)
		ON CONFLICT (ballot_id, person_id) DO NOTHING`, b.ID, tx.actor.Person, s.standing.organization)
	if err != nil {
		return fmt.Errorf("remember the speaker: %w", err)
	}
	return nil
}

func (tx *Tx) countPosition(ctx context.Context, b *Ballot) error {
	_, err := tx.exec(ctx, `UPDATE ballots SET position_count = position_count + 1 WHERE id = $1`, b.ID)
	if err != nil {
		return fmt.Errorf("count the position: %w", err)
	}
	b.PositionCount++
	return nil
}
